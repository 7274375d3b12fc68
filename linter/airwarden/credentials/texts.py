"""Credentials in headers, commands and connection strings."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from airwarden.credentials.literals import is_literal_secret, is_placeholder
from airwarden.credentials.names import names_a_secret
from airwarden.credentials.tokens import is_example
from airwarden.credentials.urls import MACHINE_MADE
from airwarden.patterns import regex

_HEADER = regex(
    r"\b(?P<scheme>Basic|Bearer|GenieKey|ApiKey|SSWS|Splunk|Token)\s+(?P<value>[\w.~+/=-]{8,})",
    re.IGNORECASE,
)


def header_credential(text: str) -> tuple[int, int] | None:
    """The span of the literal credential of an Authorization header: after `Basic`, `Bearer` and the like."""
    for match in _HEADER.finditer(text):
        is_credential = _is_basic if match["scheme"].lower() == "basic" else _is_bearer
        if is_credential(match["value"]):
            return match.span("value")
    return None


def _is_basic(value: str) -> bool:
    """Whether this is base64 of `user:password` with either in full."""
    try:
        user, colon, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return False
    return bool(colon) and (user + password).isprintable() and is_literal_secret(password or user, "password")


def _is_bearer(value: str) -> bool:
    return bool(MACHINE_MADE.fullmatch(value)) and not is_placeholder(value) and not is_example(value)


_COMMAND = regex(
    r"""
    (?:(?<![\w$.-])(?P<variable>[A-Z][A-Z0-9_]*)= | (?<![\w-])--(?P<option>[a-z][a-z-]*)[ =])
    (?P<quote>["']?)(?P<value>[^\s"'`;&|<>(){}$\\]+)(?P=quote)(?=[\s"';&|)]|$)
    """,
    re.VERBOSE,
)
_MEMBER = regex(
    r"""
    (?P<quote>""|\\{1,3}")(?P<member>[A-Za-z][\w.-]{1,60})(?P=quote)
    \s*:\s*(?P=quote)(?P<value>[^"\\\s]{3,400})(?P=quote)
    """,
    re.VERBOSE,
)
"""A member of JSON whose quotes are doubled or escaped, as in the argument of a command."""
_CONNECTION_STRING = regex(r"\b(?:host|server|uid|user(?: id)?|dbname|data source)\s*=", re.IGNORECASE)
_CONNECTION_PASSWORD = regex(
    r"(?:^|[\s;])(?P<name>password|pwd)\s*=\s*(?P<value>[^\s;\"'{}$]+)", re.IGNORECASE
)
_SQL = regex(r"\b(?:select|where|update|insert|create|alter)\b", re.IGNORECASE)


def written_secrets(text: str) -> Iterator[tuple[str, int, int]]:
    """The names and spans of values that commands and connection strings in a text give to secret names.

    Such as `PGPASSWORD=...`, `--api-token ...`, `""api_key"":""...""` and `host=... password=...`.
    """
    has_equals = "=" in text
    found = list(_COMMAND.finditer(text)) if has_equals or "--" in text else []
    if '""' in text or '\\"' in text:
        found.extend(_MEMBER.finditer(text))
    if has_equals and _CONNECTION_STRING.search(text) and not _SQL.search(text):
        found.extend(_CONNECTION_PASSWORD.finditer(text))
    for match in found:
        groups = match.groupdict()
        name = next(filter(None, map(groups.get, ("name", "variable", "option", "member"))), None) or ""
        if names_a_secret(name) and is_literal_secret(match["value"], name):
            yield name, *match.span("value")
