"""`<OPTION>_CMD` and `<OPTION>_SECRET`: what gives the value of an option, and where Airflow heeds it."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

from airwarden.credentials.sensitive import env_name
from airwarden.deployment.option_types import type_of

_TABLES = Path(__file__).parent.parent / "tables"
_ENDINGS = ("_CMD", "_SECRET")


def base_of(variable: str) -> str | None:
    """The variable of the option that a command or the path of a secret is given for; None for any other.

    Only of options: what ends so and is an option of its own is none.
    """
    ending = next((each for each in _ENDINGS if variable.endswith(each)), None)
    if ending is None or not variable.startswith("AIRFLOW__") or is_known(variable):
        return None
    return variable.removesuffix(ending)


def is_heeded(variable: str) -> bool:
    """Whether Airflow takes the value of an option from a command or a secrets backend: it is sensitive."""
    return _sensitive().get(variable) == "yes"


def is_known(variable: str) -> bool:
    """Whether a variable sets an option of Airflow or of a provider that the tables know."""
    return variable in _sensitive() or variable in _plain() or type_of(variable) is not None


@lru_cache(maxsize=1)
def _sensitive() -> dict[str, str]:
    with (_TABLES / "sensitive_config.csv").open(encoding="utf-8", newline="") as table:
        return {row["env"]: row["flagged"] for row in csv.DictReader(table)}


@lru_cache(maxsize=1)
def _plain() -> frozenset[str]:
    """Options that take a text and are not sensitive. Source: config.yml of Airflow 2.11 to 3.3."""
    with (_TABLES / "plain_options.csv").open(encoding="utf-8", newline="") as table:
        return frozenset(env_name(row["section"], row["key"]) for row in csv.DictReader(table))
