"""What the tests of deployments need: values files in a few words, and what comes of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from airwarden.deployment.precedence import Deployed
from airwarden.deployment.settings import Setting

VALUES = "executor: CeleryExecutor\n"
NAME = "AIRFLOW__CORE__PARALLELISM"
Deploy: TypeAlias = Callable[[dict[str, str]], tuple[Deployed, ...]]


def listed(value: str, key: str = "env", variable: str = NAME) -> str:
    return f"{key}:\n  - name: {variable}\n    value: '{value}'\n"


def below(key: str, text: str) -> str:
    return f"{key}:\n" + "".join(f"  {line}\n" for line in text.splitlines())


def config(value: str) -> str:
    return f"config:\n  core:\n    parallelism: {value}\n"


def text_of(setting: Setting | None) -> str | None:
    return setting.text if setting else "absent"


def compose(environment: str, more: str = "") -> str:
    return f"services:\n  airflow:\n    image: apache/airflow:3.1.5\n{more}    environment:\n{environment}"
