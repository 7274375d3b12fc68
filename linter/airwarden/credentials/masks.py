"""What may be shown of a secret, and of a line that may hold one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from airwarden.credentials.literals import is_literal_secret
from airwarden.credentials.names import names_a_secret
from airwarden.credentials.statements import address_secrets, command_secrets, statement_secrets
from airwarden.credentials.texts import header_credential, written_secrets
from airwarden.credentials.tokens import forms, tokens
from airwarden.credentials.urls import url_passwords
from airwarden.patterns import regex

_ASSIGNED = regex(
    r"""
    (?<![\w.-])(?P<name>[A-Za-z_][\w.-]*)["']?\]?\s*
    (?:(?::\s*(?:[\w\[\],|][\w\[\], |]*)?)?=(?!=)|:|,)\s*
    (?:
      [bru]{0,2}(?P<quote>["'])(?P<quoted>(?:\\.|(?!(?P=quote)).)+)
      | (?P<plain>[^\s"'\#,;(){}\[\]]+)(?=\s*(?:$|[\#,;}]))
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_KEY_MATERIAL = regex(r"[\s\"'+#]*([A-Za-z0-9/=_-][A-Za-z0-9+/=_-]{39,})(?:\\n)?(?:[\s\"',)][\s\"'+,)]*)?")


_WORD = regex(r"[\w+~!-]{10,}")
_TURNS = regex(r"(?<=\d)(?=[A-Za-z])|(?<=[A-Za-z])(?=\d)|(?<=[a-z])(?=[A-Z])")
_LEAST_TURNS = 4
_IMPORT = regex(r"\s*(?:from\s+[\w.]+\s+)?import\s[\w.,()*\s]+")


_GIVEN_BY_COMMAND = regex(r"""\w_cmd["']?\s*[:=]\s*(?P<command>\S.*)""", re.IGNORECASE)
_FALLBACKS = frozenset({"default", "default_var", "fallback"})
"""Arguments that may give a secret in the absence of a value, whatever that is called."""


def masked(text: str) -> str:
    """What may be shown of a secret: how it starts where all of its kind do, and its length."""
    prefix = max((form.prefix for form in forms() if text.startswith(form.prefix)), key=len, default="")
    return f"{prefix[:4]}*** ({len(text)} characters)"


def mask_line(line: str) -> str:
    """A line of source with whatever may be a secret in it replaced by `***`."""
    spans = [(token.start, token.end) for token in tokens(line)]
    spans.extend(url_passwords(line))
    spans.extend(filter(None, [header_credential(line)]))
    spans.extend(_assigned_secrets(line))
    spans.extend((start, end) for _, start, end in written_secrets(line))
    spans.extend((start, end) for _, start, end in (*statement_secrets(line), *command_secrets(line)))
    spans.extend((start, end) for _, start, end in address_secrets(line))
    spans.extend(match.span(1) for match in [_KEY_MATERIAL.fullmatch(line)] if match)
    spans.extend(match.span("command") for match in _GIVEN_BY_COMMAND.finditer(line))
    if not _IMPORT.fullmatch(line):
        spans.extend(match.span() for match in _WORD.finditer(line) if _is_made(match[0]))
    return _covered(line, spans)


def _assigned_secrets(line: str) -> Iterator[tuple[int, int]]:
    for match in _ASSIGNED.finditer(line):
        group = "quoted" if match["quoted"] else "plain"
        is_telling = match["name"] in _FALLBACKS or names_a_secret(match["name"])
        if is_telling and is_literal_secret(match[group]):
            yield match.span(group)


def _covered(line: str, spans: list[tuple[int, int]]) -> str:
    parts, place = [], 0
    for start, end in sorted(spans):
        if end > place:
            parts += [line[place:start], "***"] if start >= place else []
            place = end
    return "".join([*parts, line[place:]])


def _is_made(word: str) -> bool:
    """Whether a word changes between letters and digits, or small and large, so often that it may be a secret
    which nobody knows of.
    """
    return any(map(str.isdigit, word)) and len(_TURNS.findall(word)) >= _LEAST_TURNS
