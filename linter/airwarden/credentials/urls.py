"""Passwords and tokens in URLs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from airwarden.credentials.literals import is_literal_secret
from airwarden.credentials.names import is_secret_name, names_a_secret
from airwarden.credentials.tokens import has_token
from airwarden.patterns import regex

_UNIT = r"\{\{[^{}]*\}\}|\{[^{}]*\}|<[^<>\s]*>"
_USERINFO = regex(
    rf"""
    (?<![\w+.-])(?P<scheme>[a-z][a-z0-9+.-]{{1,30}})://
    (?P<user>(?:{_UNIT}|[^\s/?\#"'`<>{{}}\\:])*)
    (?::(?P<password>(?:{_UNIT}|[^\s/?\#"'`<>{{}}\\])*))?
    @(?=[\w\[{{$<%*/.-]|$)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_QUERY = regex(r"""://(?:(?!://)[^\s"'`<>?&;])*[?&;]((?:(?!://)[^\s"'`<>])*)""")
_PARAMETER = regex(r"(?<![\w.-])(?P<name>[\w.-]+)=(?P<value>[^&;#\s]{6,})")
_NO_PASSWORD = frozenset(["", "x", "x-oauth-basic", "x-token-auth"])
_PATTERN = regex(r"\{[^{}]*\}|\\|\[\^|[.)\]][*+]|\(\?")
_SENTRY_KEY = regex(r"[0-9a-f]{32}")
"""The user part of a Sentry DSN, which is public by design."""
MACHINE_MADE = regex(r"(?=.*[A-Za-z])(?=.*\d)[\w.~+/=-]{20,}")


def url_passwords(text: str) -> Iterator[tuple[int, int]]:
    """The spans of all literal passwords, tokens and secret query parameters in the URLs of a text."""
    if "://" not in text:
        return
    for match in _USERINFO.finditer(text):
        password = match["password"] or ""
        if password not in _NO_PASSWORD:
            if _is_url_secret(password):
                yield match.span("password")
        elif _is_url_token(match["scheme"], match["user"]):
            yield match.span("user")
    for query in _QUERY.finditer(text):
        for match in _PARAMETER.finditer(text, *query.span(1)):
            if names_a_secret(match["name"]) and _is_url_secret(match["value"]):
                yield match.span("value")


def url_password(text: str) -> tuple[int, int] | None:
    """The span of the first literal password, token or secret query parameter in the URLs of a text."""
    return next(url_passwords(text), None)


def _is_url_secret(text: str) -> bool:
    plain = unquote(text)
    return is_literal_secret(plain) and not is_secret_name(plain) and not _PATTERN.search(plain)


def _is_url_token(scheme: str, user: str) -> bool:
    if scheme.lower() not in {"http", "https", "git+https"} or _SENTRY_KEY.fullmatch(user):
        return False
    return has_token(user) or bool(MACHINE_MADE.fullmatch(user))
