"""Python inside of values: what is read, and what can't be any."""

from __future__ import annotations

import pytest
from airwarden.credentials.python_texts import python_texts
from airwarden.source import Source
from airwarden.values import ValuesFile

HEAD = (
    "executor: CeleryExecutor\ncreateUserJob: {}\nwebserverSecretKeySecretName: a\nairflowLocalSettings: |\n"
)
SECRET = "PASSWORD = 'not-a-real-secret-1'\n"


def secrets(code: str) -> list[str]:
    text = HEAD + "".join(f"  {line}\n" for line in code.splitlines())
    values = ValuesFile.read(Source("airflow/values.yaml", text))
    assert values is not None
    return [each.name for each in python_texts(values).secrets]


def test_a_literal_is_found() -> None:
    assert secrets(f"import os\n{SECRET}") == ["PASSWORD"]


def test_a_condition_of_a_template_makes_it_no_python() -> None:
    assert secrets("{{- if .Values.x }}\n" + SECRET + "{{- end }}\n") == []


@pytest.mark.parametrize(
    "before",
    [
        'TEXT = """\n{{- if .Values.x }}\n"""\n',
        "TEXT = '''\n{{ if x }}\n'''\n",
        "TEXT = 'a \\\n{{ if x }}'\n",
        "# {{- if x }}\n",
    ],
)
def test_a_condition_inside_of_a_text_does_not(before: str) -> None:
    assert secrets(before + SECRET) == ["PASSWORD"]
