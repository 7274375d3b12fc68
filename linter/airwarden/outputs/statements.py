"""Statements: whether a text of SQL gives rows without an end."""

from __future__ import annotations

import re

from airwarden.bulk.queries import is_bounded
from airwarden.patterns import regex

_PIECES = regex(
    r"""
    (?P<comment> --[^\r\n]* | /\*.*?\*/ | \{\#.*?\#\} )
    | (?P<block> \{%.*?%\} )
    | (?P<template> \{\{.*?\}\} )
    | (?P<text> '(?:[^']|'')*' | \$\w*\$.*?\$\w*\$ )
    | (?P<name> "[^"]*" | `[^`]*` )
    | (?P<end> ; )
    """,
    re.VERBOSE | re.DOTALL,
)
_BLOCK = "{%%}"
_STARTS = regex(r"[\s(]*(?:select|with)\b", re.IGNORECASE)
_INNER = regex(r"\([^()]*\)")
_VERB = regex(r"\b(?:select|insert|update|delete|merge|create|replace|upsert)\b", re.IGNORECASE)
_INTO = regex(r"\binto\b", re.IGNORECASE)
_OPEN_END = regex(r"\{\}\s*\Z")
_OPERAND_END = regex(
    r"(?:[^\s}]|(?:\b(?:and|between|by|from|in|join|like|or|where)|[=<>,(+*/-])\s+)\{\}\s*\Z", re.IGNORECASE
)
_CALLED = regex(r"\b(?:from|join)\s+(?:lateral\s+)?(?!select\b)[\w.\"]+\s*\(", re.IGNORECASE)
_FILLED_KEY = regex(r"\bwhere\b.*\{\}\s*=", re.IGNORECASE | re.DOTALL)
_SYSTEM = regex(r"\bfrom\s+(?:pg_\w+|st[lv]_\w+|svv?_\w+|v\$\w+|dual\b|system\.)", re.IGNORECASE)


def statements(text: str) -> list[str]:
    """The statements of a text without comments; `{}` stands for what a template fills in."""
    found = [""]
    end = 0
    for piece in _PIECES.finditer(text):
        found[-1] += text[end : piece.start()]
        end = piece.end()
        match piece.lastgroup:
            case "end":
                found.append("")
            case "comment":
                found[-1] += " "
            case "block":
                found[-1] += _BLOCK
            case "template":
                found[-1] += "{}"
            case _:
                found[-1] += _shown(piece[0])
    found[-1] += text[end:]
    return [each.strip() for each in found if each.strip()]


def _shown(quoted: str) -> str:
    """A quoted text with nothing in it that a statement may be made of."""
    return quoted[0] + re.sub(r"[();]|\{\{.*?\}\}", "_", quoted[1:-1], flags=re.DOTALL) + quoted[-1]


def gives_all_rows(statement: str) -> bool:
    """Whether one of `statements` is a query that nothing in its text bounds.

    A function that is called for its rows may do anything, and give one; a column that is filled in may be a
    key.
    """
    if not _STARTS.match(statement) or _BLOCK in statement:
        return False
    outer = _outermost(statement)
    verb = _VERB.search(outer)
    if verb is None or verb[0].lower() != "select" or _INTO.search(outer):
        return False
    if any(pattern.search(statement) for pattern in (_CALLED, _FILLED_KEY, _SYSTEM)):
        return False
    return not (_may_end_in_limit(statement) or is_bounded(statement))


def _outermost(statement: str) -> str:
    """A statement without what stands in parentheses; without those around the whole of it."""
    text = statement.strip()
    while text.startswith("(") and text.endswith(")"):
        text = text[1:-1].strip()
    text = re.sub(r"'(?:[^']|'')*'|\"[^\"]*\"|`[^`]*`", "_", text)
    while True:
        shorter = _INNER.sub(" ", text)
        if shorter == text:
            return text
        text = shorter


def _may_end_in_limit(statement: str) -> bool:
    """Whether it ends in something filled in that is no operand, so that it may be a whole clause."""
    return bool(_OPEN_END.search(statement)) and not _OPERAND_END.search(statement)
