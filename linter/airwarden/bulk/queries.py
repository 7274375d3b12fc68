"""Queries as they are written: where, and what their text tells of the size of the answer."""

from __future__ import annotations

import re

from airwarden import syntax
from airwarden.dag import DagFile

FEW = 1000
"""As many rows as may go through XCom when the code itself bounds them."""

_KEYWORDS = ("sql", "query", "statement", "hql", "soql")
_TEXT_METHODS = frozenset({"bindparams", "format", "replace", "strip"})
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_LIMIT = re.compile(
    r"""
    \blimit \s+ (?P<limit>[^\s,();]+) (?:\s*,\s*[^\s,();]+ | \s+offset\s+[^\s,();]+)?
    | \bfetch\s+(?:first|next) (?:\s+(?P<fetch>[^\s()]+))? \s+rows?\s+only
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TOP = re.compile(r"select\s+(?:distinct\s+)?top\s*\(?\s*(?P<top>[^\s()]+)", re.IGNORECASE)
_KEYED = re.compile(
    r"""
    \b where\b .* (?<![\w]) (?:
        (?:\w+\.)? (?:id|uuid|pk) \s* = \s* [^\s=]
        | \w* (?:id|ids|key|uuid) \s* (?: = \s* any \s* \( | in \s* (?: \( \s* (?!\s*select\b|\{) | [%:?] ))
    )
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_SELECTED = re.compile(r"select\s+(.*?)\s+from\b", re.IGNORECASE | re.DOTALL)
_AGGREGATE = re.compile(
    r"(?:\w+\s*\(\s*)*(?:count|sum|min|max|avg|exists|bool_and|bool_or)\s*\(", re.IGNORECASE
)
_SPREADS = re.compile(r"\bgroup\s+by\b|\bover\s*\(|\bunion\b", re.IGNORECASE)
_CATALOG = re.compile(
    r"\bfrom\s+[\w\"`.{}-]*(?:information_schema|pg_catalog|sqlite_master|sys\.|pg_tables|all_tables)",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\(*\s*(?:select|with|from|values|table|exec\w*|call|match)\b|[{\[%$:]", re.IGNORECASE)


def is_bounded(query: str) -> bool:
    """Whether the answer to a query in SQL is known to be short: a limit, keys that are asked for one by one,
    aggregates alone, a catalog, or no rows at all. `{}` stands for what is not known of the text.
    """
    text = _COMMENT.sub(" ", query).strip().rstrip(";").strip()
    if re.fullmatch(r"\S*", text):
        return False
    if not _ASKS.match(text):
        return "returning" not in text.lower()
    return bool(_is_limited(text) or _is_aggregate(text) or _CATALOG.search(text) or _KEYED.search(text))


def _is_limited(text: str) -> bool:
    limits = [match for match in _LIMIT.finditer(text) if match.end() == len(text)]
    top = _TOP.match(text)
    bounds = [match["limit"] or match["fetch"] or "1" for match in limits] + ([top["top"]] if top else [])
    return any(not bound.isdigit() or int(bound) <= FEW for bound in bounds)


def _is_aggregate(text: str) -> bool:
    if not text.lower().startswith("select"):
        return False
    selected = _SELECTED.match(text)
    if selected is None:
        return not re.search(r"\bfrom\b|\{\}", text, re.IGNORECASE)
    return not _SPREADS.search(text) and all(map(_AGGREGATE.match, _items(selected[1])))


def _items(selected: str) -> list[str]:
    """The items of a list of columns, split at the commas that stand in no parentheses."""
    items, depth = [""], 0
    for letter in selected:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            items.append("")
        else:
            items[-1] += letter
    return [item.strip() for item in items]


def query_of(call: syntax.Call) -> syntax.Expression | None:
    """The argument of a call that may be a query."""
    given = (call.keyword(name) for name in _KEYWORDS)
    return next((query for query in given if query is not None), call.positional(0))


def written(query: syntax.Expression, file: DagFile, scope: syntax.Scope) -> str | None:
    """The text of a query as far as it is written out, `{}` for the rest; None where it is not."""
    match file.value(query, scope):
        case syntax.Constant(value=str() as text):
            return text
        case syntax.FormattedString(parts=parts):
            return "".join(part if isinstance(part, str) else "{}" for part in parts)
        case syntax.Operation(operators=operators, operands=operands) if set(operators) == {"Add"}:
            return "".join(written(operand, file, scope) or "{}" for operand in operands)
        case syntax.Call(function=syntax.Attribute(value=inner, name=name)) if name in _TEXT_METHODS:
            return written(inner, file, scope)
        case syntax.Call(arguments=(argument,)):
            return written(argument.value, file, scope)
        case _:
            return None
