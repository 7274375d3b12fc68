"""The secrets backends that Airflow and its providers have, and which of their arguments are credentials."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from airwarden.bounded import json_of
from airwarden.credentials.literals import is_literal_secret
from airwarden.credentials.names import names_a_secret
from airwarden.patterns import regex

_TABLE = Path(__file__).parents[1] / "tables" / "secrets_backends.csv"

_KWARGS = regex(r"AIRFLOW__(?:SECRETS__|WORKERS__SECRETS_)BACKEND_KWARGS")
_KWARG = regex(r"AIRFLOW__(?:SECRETS__|WORKERS__SECRETS_)BACKEND_KWARG__(?P<argument>\w+)")
_PUBLIC = frozenset({"aws_access_key_id", "key_id"})


def is_for_backend(variable: str) -> bool:
    """Whether a variable gives a secrets backend its arguments, all or one of them."""
    return bool(_KWARGS.fullmatch(variable) or _KWARG.fullmatch(variable))


def argument_of(variable: str) -> str | None:
    """The argument that a variable of the form `..._BACKEND_KWARG__<KEY>` gives; None for any other one."""
    match = _KWARG.fullmatch(variable)
    return match["argument"].lower() if match else None


def backend_classes() -> frozenset[str]:
    """The paths of all known classes of secrets backends."""
    return frozenset(_backends())


def arguments_of(backend: str) -> frozenset[str]:
    """The arguments that a known class takes; empty for any other one."""
    return frozenset(_backends().get(backend, {}))


def is_credential(argument: str) -> bool:
    """Whether an argument is a credential to some backend, or says so by its name."""
    known = [arguments[argument] for arguments in _backends().values() if argument in arguments]
    if known:
        return any(known)
    return argument not in _PUBLIC and names_a_secret(argument)


def backend_credentials(variable: str, text: str) -> Iterator[tuple[str, str]]:
    """The arguments that a variable gives a backend in plain text though they are credentials, with the text
    of each.
    """
    argument = argument_of(variable)
    arguments = {argument: text} if argument else kwargs_of(text) or {}
    for name, value in arguments.items():
        for inner in _values(value) if is_credential(name) else ():
            yield name, inner
            break


def kwargs_of(text: str) -> dict[str, object] | None:
    """The arguments in the JSON of `backend_kwargs`; None where it is no JSON object."""
    try:
        found = json_of(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _values(value: object) -> Iterator[str]:
    """The literal secrets in an argument: its text, or those that the names in a keyfile tell."""
    if isinstance(value, dict):
        named = ((name, each) for name, each in value.items() if names_a_secret(str(name)))
        yield from (str(each) for name, each in named if is_literal_secret(each, str(name)))
    elif isinstance(value, str) and value.lstrip().startswith("{") and kwargs_of(value) is not None:
        yield from _values(kwargs_of(value))
    elif is_literal_secret(value):
        yield str(value)


@lru_cache(maxsize=1)
def _backends() -> dict[str, dict[str, bool]]:
    found: dict[str, dict[str, bool]] = {}
    with _TABLE.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            found.setdefault(row["class"], {})[row["argument"]] = row["credential"] == "yes"
    return found
