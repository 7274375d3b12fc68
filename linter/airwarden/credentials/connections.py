"""The credentials of Airflow's connections, written as URI or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import parse_qsl

from airwarden.credentials.literals import is_literal_secret
from airwarden.credentials.names import names_a_secret
from airwarden.credentials.tokens import has_token
from airwarden.credentials.urls import url_password


def connection_credentials(text: str) -> tuple[str, ...]:
    """The fields of an `AIRFLOW_CONN_*` value, a URI or JSON, that hold a literal credential.

    A login alone is none. Fields of the extra are named `extra.<key>`.
    """
    stripped = text.strip()
    is_json = stripped.startswith("{") and not stripped.startswith("{{")
    return tuple(_credentials_of_json(stripped) if is_json else _credentials_of_uri(stripped))


def _credentials_of_json(text: str) -> Iterator[str]:
    fields = _mapping(text)
    if is_literal_secret(fields.get("password"), "password"):
        yield "password"
    yield from (name for name in ("host", "uri") if url_password(str(fields.get(name, ""))))
    yield from _credentials_of_extra(fields.get("extra"), "extra")


def _credentials_of_uri(text: str) -> Iterator[str]:
    main, _, query = text.partition("?")
    if url_password(main):
        yield "password"
    fields = dict(parse_qsl(query))
    yield from _credentials_of_extra(fields.pop("__extra__", None), "extra")
    yield from _credentials_of_extra(fields, "extra")


def _credentials_of_extra(extra: object, path: str) -> Iterator[str]:
    for name, value in _mapping(extra).items():
        if _mapping(value):
            yield from _credentials_of_extra(value, f"{path}.{name}")
        elif _holds_credential(str(name), value):
            yield f"{path}.{name}"


def _mapping(value: object) -> dict[str, object]:
    """A mapping given as such or as JSON; empty for anything else."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return value if isinstance(value, dict) else {}


def _holds_credential(name: str, value: object) -> bool:
    if names_a_secret(name):
        return is_literal_secret(value, name)
    return isinstance(value, str) and (has_token(value) or url_password(value) is not None)
