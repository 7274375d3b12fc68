"""The credentials of Airflow's connections, written as URI or JSON."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import field
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qsl, unquote

from airwarden.bounded import json_of
from airwarden.credentials.literals import is_literal_secret
from airwarden.credentials.names import names_a_secret
from airwarden.credentials.texts import written_secrets
from airwarden.credentials.tokens import has_token
from airwarden.credentials.urls import url_password
from airwarden.patterns import regex
from airwarden.records import dataclass

_TABLE = Path(__file__).parents[1] / "tables" / "connection_fields.csv"
_DEEPEST = 6

_URI = regex(
    r"""
    (?P<type>[a-z][a-z0-9+._-]*)://
    (?:(?P<protocol>[a-z][a-z0-9+.-]*)(?::|%3A)(?:/|%2F){2})?
    (?:(?P<login>[^/:@?\s]*)(?::(?P<password>(?!\d+/)[^?@\s]*))?@)?
    (?P<host>[^/?\s@]*)
    (?P<path>/[^?]*)?
    (?:\?(?P<query>.*))?
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_OLD_EXTRA = regex(r"extra__(?=\w+\Z)[a-z0-9_]+?__(?P<name>\w+)")
_WEBHOOK = regex(
    r"""
    (?:^/?|/services/)T\w{6,}/B\w{6,}/\w{20,} | (?:/api/)?webhooks/\d+/[\w-]{20,} | /webhookb2/[\w@-]{20,}/
    """,
    re.VERBOSE,
)
_ACCOUNT_KEY = regex(r"(?:AccountKey|SharedAccessKey|SharedAccessSignature)=(?P<value>[^;\s]+)")
_CLUSTER_SECRET = regex(
    r"""(?:token|client-key-data|password|client-secret)["']?\s*:\s*["']?(?P<value>[^\s"',}]+)"""
)


@dataclass(frozen=True)
class Credential:
    """A literal credential of a connection: the field that holds it, `extra.<key>` for one of the extra."""

    place: str
    value: str = field(repr=False)


@dataclass(frozen=True)
class ConnectionText:
    """What the text of a connection tells: its type and host as written, and its literal credentials."""

    kind: str
    host: str
    credentials: tuple[Credential, ...]


def connection_credentials(text: str) -> tuple[str, ...]:
    """The fields of an `AIRFLOW_CONN_*` value, a URI or JSON, that hold a literal credential.

    A login alone is none. Fields of the extra are named `extra.<key>`.
    """
    return tuple(each.place for each in connection_of(text).credentials)


def connection_of(text: str) -> ConnectionText:
    """The connection that the text of an `AIRFLOW_CONN_*` value, a URI or JSON, describes."""
    stripped = text.strip()
    is_json = stripped.startswith("{") and not stripped.startswith("{{")
    fields = _fields_of_json(stripped) if is_json else _fields_of_uri(stripped)
    kind = _text(fields.get("conn_type")).replace("-", "_").lower()
    found = {each.place: each for each in _credentials(kind, fields)}
    return ConnectionText(kind, _text(fields.get("host")), tuple(found.values()))


def _credentials(kind: str, fields: dict[str, object]) -> Iterator[Credential]:
    for name in ("login", "password", "host", "schema", "uri"):
        text = _text(fields.get(name))
        if text and _is_credential(kind, name, text, is_named=name == "password"):
            yield Credential(name, text)
    yield from _credentials_of_extra(kind, fields.get("extra"), "extra", 0)


def _fields_of_json(text: str) -> dict[str, object]:
    fields = _mapping(text)
    if "://" in _text(fields.get("uri")):
        return {**_fields_of_uri(_text(fields["uri"])), "uri": fields["uri"]}
    return fields


def _fields_of_uri(text: str) -> dict[str, object]:
    match = _URI.fullmatch(text)
    if match is None:
        return {"uri": text}
    query = dict(parse_qsl(match["query"] or "", keep_blank_values=True))
    extra = _mapping(query.pop("__extra__", ""))
    return {
        "conn_type": match["type"],
        "login": unquote(match["login"] or ""),
        "password": unquote(match["password"] or ""),
        "host": unquote(match["host"]),
        "schema": unquote(match["path"] or "").removeprefix("/"),
        "extra": {**query, **extra},
    }


def _credentials_of_extra(kind: str, extra: object, path: str, depth: int) -> Iterator[Credential]:
    for name, value in _mapping(extra).items():
        old = _OLD_EXTRA.fullmatch(str(name))
        place, said = f"{path}.{name}", f"{path}.{old['name'] if old else name}"
        if _form(kind, said) is None and depth < _DEEPEST and _mapping(value):
            yield from _credentials_of_extra(kind, value, place, depth + 1)
        elif _is_credential(kind, said, value, is_named=names_a_secret(str(name))):
            yield Credential(place, _text(value))


def _is_credential(kind: str, place: str, value: object, *, is_named: bool) -> bool:
    """Whether a field holds a literal credential, as the table says, else as its name or its text tells."""
    name = place.rpartition(".")[2]
    form = _form(kind, place)
    if form is not None:
        return _GIVES_AWAY[form](value, name)
    if is_named:
        return not isinstance(value, (dict, list)) and is_literal_secret(value, name)
    return isinstance(value, str) and (has_token(value) or url_password(value) is not None)


def _form(kind: str, place: str) -> str | None:
    return _fields().get((kind, place))


def _mapping(value: object) -> dict[str, object]:
    """A mapping given as such or as JSON; empty for anything else."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json_of(value)
        except ValueError:
            return {}
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    if isinstance(value, (dict, list)):
        return json.dumps(value)
    return "" if value is None else str(value)


def _is_webhook(value: object, _: str) -> bool:
    text = _text(value)
    is_hook = _WEBHOOK.search(text) is not None
    return (is_hook and is_literal_secret(text)) or has_token(text) or url_password(text) is not None


def _holds_text_secret(value: object, _: str) -> bool:
    text = _text(value)
    return has_token(text) or url_password(text) is not None or _has_key(text)


def _has_key(text: str) -> bool:
    match = _ACCOUNT_KEY.search(text)
    return bool(match and is_literal_secret(match["value"])) or any(True for _ in written_secrets(text))


def _holds_config_secret(value: object, _: str) -> bool:
    text = _text(value)
    return has_token(text) or any(is_literal_secret(each["value"]) for each in _CLUSTER_SECRET.finditer(text))


_GIVES_AWAY: dict[str, Callable[[object, str], bool]] = {
    "yes": is_literal_secret,
    "no": lambda _value, _name: False,
    "text": _holds_text_secret,
    "config": _holds_config_secret,
    "webhook": _is_webhook,
}
"""What the words of the table mean, by which a field is judged."""


@lru_cache(maxsize=1)
def _fields() -> dict[tuple[str, str], str]:
    with _TABLE.open(encoding="utf-8", newline="") as rows:
        return {(row["conn_type"], row["field"]): row["credential"] for row in csv.DictReader(rows)}
