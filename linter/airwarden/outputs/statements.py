"""Statements: whether a text of SQL gives rows without an end."""

from __future__ import annotations

import re
import string

from airwarden.bulk.queries import flat, is_bounded
from airwarden.patterns import regex

_PIECES = regex(
    r"""
    (?P<comment> --[^\r\n]* | /\*.*?(?:\*/|\Z) | \{\#.*?(?:\#\}|\Z) )
    | (?P<block> \{%.*?(?:%\}|\Z) )
    | (?P<template> \{\{.*?(?:\}\}|\Z) )
    | (?P<text> '(?:[^']|'')*' | \$\w*\$.*?\$\w*\$ )
    | (?P<name> "[^"]*" | `[^`]*` )
    | (?P<end> ; )
    """,
    re.VERBOSE | re.DOTALL,
)
_BLOCK = "{%%}"
_STARTS = regex(r"[\s(]*(?:select|with)\b", re.IGNORECASE)
_QUOTED = regex(r"'(?:[^']|'')*'|\"[^\"]*\"|`[^`]*`")
_VERB = regex(r"\b(?:select|insert|update|delete|merge|create|replace|upsert)\b", re.IGNORECASE)
_INTO = regex(r"\binto\b", re.IGNORECASE)
_OPEN_END = regex(r"\{\}\s*\Z")
_OPERAND_END = regex(
    r"(?:[^\s}]|(?:\b(?:and|between|by|from|in|join|like|or|where)|[=<>,(+*/-])\s+)\{\}\s*\Z", re.IGNORECASE
)
_CALLED = regex(r"\b(?:from|join)\s+(?:lateral\s+)?(?!select\b)[\w.\"]+\s*\(", re.IGNORECASE)
_WHERE = regex(r"\bwhere\b", re.IGNORECASE)
_FILLED_KEY = regex(r"\{\}\s*=")
_SYSTEM = regex(r"\bfrom\s+(?:pg_\w+|st[lv]_\w+|svv?_\w+|v\$\w+|dual\b|system\.)", re.IGNORECASE)


def statements(text: str) -> list[str]:
    """The statements of a text without comments; `{}` stands for what a template fills in."""
    found: list[list[str]] = [[]]
    end = 0
    for piece in _PIECES.finditer(text):
        found[-1].append(text[end : piece.start()])
        end = piece.end()
        match piece.lastgroup:
            case "end":
                found.append([])
            case "comment":
                found[-1].append(" ")
            case "block":
                found[-1].append(_BLOCK)
            case "template":
                found[-1].append("{}")
            case _:
                found[-1].append(_shown(piece[0]))
    found[-1].append(text[end:])
    return [each for each in ("".join(parts).strip() for parts in found) if each]


def _shown(quoted: str) -> str:
    """A quoted text with nothing in it that a statement may be made of."""
    return quoted[0] + re.sub(r"[();]|\{\{.*?(?:\}\}|\Z)", "_", quoted[1:-1], flags=re.DOTALL) + quoted[-1]


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
    if any(pattern.search(statement) for pattern in (_CALLED, _SYSTEM)):
        return False
    where = _WHERE.search(statement)
    if where is not None and _FILLED_KEY.search(statement, where.end()):
        return False
    return not (_may_end_in_limit(statement) or is_bounded(statement))


def _outermost(statement: str) -> str:
    """A statement without what stands in parentheses; without those around the whole of it."""
    return flat(_QUOTED.sub("_", _without_parentheses(statement.strip())))


def _without_parentheses(text: str) -> str:
    """A text without the parentheses around the whole of it, as its first and last letters tell."""
    opening = text[: len(text) - len(text.lstrip(f"({string.whitespace}"))]
    closing = text[len(text.rstrip(f"){string.whitespace}")) :]
    count = min(opening.count("("), closing.count(")"))
    return text.split("(", count)[-1].rsplit(")", count)[0].strip() if count else text


def _may_end_in_limit(statement: str) -> bool:
    """Whether it ends in something filled in that is no operand, so that it may be a whole clause."""
    return bool(_OPEN_END.search(statement)) and not _OPERAND_END.search(statement)
