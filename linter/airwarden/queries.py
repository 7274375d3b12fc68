"""What the text of a query tells of the size of its answer."""

from __future__ import annotations

import re

FEW = 1000
"""As many rows as may go through XCom when the code itself bounds them."""

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
        | \w* (?:id|ids|key|uuid) \s* (?:= \s* any \s* \( | in \s* \( \s* (?!\s*select\b))
    )
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_SELECTED = re.compile(r"select\s+(.*?)\s+from\b", re.IGNORECASE | re.DOTALL)
_AGGREGATE = re.compile(r"(?:\w+\s*\(\s*)*(?:count|sum|min|max|avg|exists|bool_and|bool_or)\s*\(", re.IGNORECASE)
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
