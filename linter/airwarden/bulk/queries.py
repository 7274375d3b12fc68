"""Queries as they are written: where, and what their text tells of the size of the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from airwarden import syntax
from airwarden.dag import LONGEST_TEXT, MOST_PARTS, DagFile
from airwarden.depth import Steps
from airwarden.patterns import regex

FEW = 1000
"""As many rows as may go through XCom when the code itself bounds them."""

_KEYWORDS = ("sql", "query", "statement", "hql", "soql")
_SQL_METHODS = frozenset({"execute", "get_records", "query", "run", "run_query", "sql"})
_TEXT_METHODS = frozenset({"bindparams", "format", "replace", "strip"})
_COMMENT = regex(r"--[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_LIMIT = regex(
    r"""
    \blimit \s+ (?P<limit>[^\s,();]+) (?:\s*,\s*[^\s,();]+ | \s+offset\s+[^\s,();]+)?
    | \bfetch\s+(?:first|next) (?:\s+(?P<fetch>[^\s()]+))? \s+rows?\s+only
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TOP = regex(r"select\s+(?:distinct\s+)?top\s*(?:\(\s*)?(?P<top>[^\s()]+)", re.IGNORECASE)
_WHERE = regex(r"\bwhere\b", re.IGNORECASE)
_OR = regex(r"\bor\b", re.IGNORECASE)
_ONE_KEY = regex(
    r"""
    (?<!\w) (?:
        (?:\w+\.)? (?:id|uuid|pk) \s* = \s* [\d'"%:?{$@]
        | \w+ \s* = \s* \( \s* select \s+ (?: max | min )\b
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_KEYS = regex(
    r"""
    (?<!\w) (?: \w* (?:id|ids|key|uuid) | id_\w+ ) \s*
    (?: = \s* any \s* \( | in \s* (?: \( (?!\s*select\b) (?:\s|(?!\{)) | [%:?] ))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_AGGREGATES = regex(
    r"""
    \b(?: approx_count_distinct | avg | bool_and | bool_or | count | countif | exists | max | min | stddev
        | sum )
    \s* \( (?: [^()] | \( (?: [^()] | \([^()]*\) )* \) )* \) (?: \s* filter \s* \( [^()]* \) )?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LABEL = regex(r"(?<!\s)\s+as\s+\S+$|(?<=[0-9)])\s+[a-z_]\w*$", re.IGNORECASE)
_TEXT = regex(r"'[^']*'")
_NO_COLUMNS = frozenset(
    {
        *(
            "and",
            "as",
            "bigint",
            "case",
            "date",
            "decimal",
            "distinct",
            "double",
            "else",
            "end",
            "false",
            "float",
        ),
        *("int", "integer", "is", "not", "null", "numeric", "or", "precision", "then", "timestamp", "true"),
        *("varchar", "when"),
    }
)
_UNION = regex(r"\bunion\b(?:\s+all\b)?\s*", re.IGNORECASE)
_SUBQUERY = regex(
    r"select\s+\*\s+from\s*\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)\s*(?:as\s+)?\w*",
    re.IGNORECASE | re.DOTALL,
)
_ENCLOSED = regex(r"\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)")
_NO_ROWS = regex(r"\bwhere\s+(?:false\b|1\s*=\s*0\b)", re.IGNORECASE)
_FEW_ROWS = regex(r"\brownum\s*<=?\s*\d{1,3}\b", re.IGNORECASE)
_WHOLE_OF = regex(r"select\s+\*\s+from\s+(\w+)", re.IGNORECASE)
_GROUPS = regex(r"\bgroup\s+by\b", re.IGNORECASE)
_LIMITED_WITHIN = regex(
    r"\b(?:from|(?<!not )in)\s*\(\s*select\b[^()]*\blimit\s+\d{1,3}\s*\)\s*(?:as\s+)?\w*$", re.IGNORECASE
)
_SIGN = regex(r"[(),]")
_PARENTHESIS = regex(r"([()])")
_SPREADS = regex(r"\bgroup\s+by\b|\bover\b", re.IGNORECASE)
_CATALOG = regex(
    r"\bfrom\s+[\w\"`.{}-]*(?:information_schema|pg_catalog|sqlite_master|sys\.|pg_tables|all_tables)",
    re.IGNORECASE,
)
_TELLS = regex(
    r"\s*(?: alter | copy | create | delete | do | drop | grant | insert | merge | truncate | update )\s+\S",
    re.VERBOSE | re.IGNORECASE,
)
_ASKS = regex(r"\(*\s*(?:select|with|from|values|table|exec\w*|call|match)\b|[{\[%$:]", re.IGNORECASE)


@lru_cache(maxsize=64)  # a text may be given to any number of calls
def is_bounded(query: str) -> bool:
    """Whether the answer to a query in SQL is known to be short: a limit, keys that are asked for one by one,
    aggregates alone, a catalog, or no rows at all. `{}` stands for what is not known of the text.
    """
    text = _outer(query)
    if re.fullmatch(r"\S*", text):
        return False
    if text[:6].lower() == "values":
        return "{}" not in text
    if not _ASKS.match(text):
        return "returning" not in text.lower()
    return all(map(_is_bounded, _UNION.split(text)))


def _is_bounded(text: str) -> bool:
    return bool(
        _is_limited(text)
        or _has_few_rows(flat(text))
        or _of_subquery(text)
        or _LIMITED_WITHIN.search(text)
        or _is_aggregate(text)
        or _CATALOG.search(text)
        or _asks_for_keys(text)
    )


def _has_few_rows(text: str) -> bool:
    return _NO_ROWS.search(text) is not None or _is_alone(_FEW_ROWS, text, 0)


def _asks_for_keys(text: str) -> bool:
    where = _WHERE.search(text)
    if where is None:
        return False
    return _KEYS.search(text, where.end()) is not None or _is_alone(_ONE_KEY, text, where.end())


def _is_alone(condition: re.Pattern[str], text: str, start: int) -> bool:
    """Whether a condition stands behind a place, and no `OR` behind it."""
    last = max((match.start() for match in _OR.finditer(text)), default=-1)
    return any(match.end() > last for match in condition.finditer(text, start))


def _of_subquery(text: str) -> bool:
    """Whether all of a short subquery is asked for, or values that are written out."""
    whole = _SUBQUERY.fullmatch(text)
    return whole is not None and (whole[1].lstrip()[:6].lower() == "values" or is_bounded(whole[1]))


@lru_cache(maxsize=64)
def is_thin(query: str) -> bool:
    """Whether a query is known to ask for one column, or for one row of each group."""
    text = _outer(query)
    items = _columns(text)
    if not items or _UNION.search(text):
        return False
    if _GROUPS.search(flat(text)) and any(map(_AGGREGATES.search, items)):
        return True
    return len(items) == 1 and "*" not in items[0] and "{}" not in items[0]


def _outer(query: str) -> str:
    """The text without comments and, where it begins with `WITH`, from its main `SELECT` on."""
    text = _COMMENT.sub(" ", query).strip().rstrip(";").strip()
    enclosed = _ENCLOSED.fullmatch(text)
    text = enclosed[1].strip() if enclosed else text
    if not text[:5].lower().startswith("with"):
        return text
    outer = next((text[at:] for at in _outside(text, "select")), text)
    whole = _WHOLE_OF.fullmatch(outer)
    return (_part(text, whole[1]) if whole else None) or outer


def _part(text: str, name: str) -> str | None:
    """What a name stands for that a `WITH` gives to a query."""
    start = re.search(rf"\b{name}\s+as\s*\(", text, re.IGNORECASE)
    if start is None:
        return None
    depth = 1
    for match in re.compile(r"[()]").finditer(text, start.end()):
        depth += 1 if match[0] == "(" else -1
        if depth == 0:
            return text[start.end() : match.start()].strip()
    return None


def _outside(text: str, word: str) -> Iterator[int]:
    """Where a word stands outside of parentheses."""
    depth = 0
    for match in re.finditer(rf"[()]|\b{word}\b", text, re.IGNORECASE):
        depth += (match[0] == "(") - (match[0] == ")")
        if depth == 0 and match[0] != ")":
            yield match.start()


def _columns(text: str) -> list[str]:
    """What a `SELECT` asks for, item by item; nothing where it asks no table."""
    start = re.match(r"select\s+", text, re.IGNORECASE)
    end = next(_outside(text, "from"), None)
    return [] if start is None or end is None else _items(text[start.end() : end])


@lru_cache(maxsize=64)
def asks_a_table(text: str) -> bool:
    """Whether a text is known to be a query that gives what a table holds; a procedure may give anything."""
    return (
        re.match(r"\(*\s*(?:select|with|from|table)\b", _COMMENT.sub(" ", text).strip(), re.IGNORECASE)
        is not None
    )


def bounds_answer(text: str) -> bool:
    """Whether a text is a query, or the end of one, that bounds its answer by itself."""
    start = text.lstrip()[:7].lower()
    if start.startswith(("select", "with")) or _TELLS.match(text):
        return is_bounded(text)
    return start.startswith(("limit", "fetch")) and _is_limited(text.strip().rstrip(";"))


def is_made_by(method: str, query: syntax.Expression, file: DagFile, scope: syntax.Scope) -> bool:
    """Whether a query is put together by methods, a certain one among them."""
    expression = file.value(query, scope)
    while isinstance(expression, syntax.Call) and isinstance(expression.function, syntax.Attribute):
        if expression.function.name == method:
            return True
        expression = expression.function.value
    return False


def flat(text: str) -> str:
    """The text without what stands in parentheses."""
    kept, opened = list[str](), list[int]()
    for piece in _PARENTHESIS.split(text):
        if piece == ")" and opened:
            kept[opened.pop() :] = [" "]
            continue
        if piece == "(":
            opened.append(len(kept))
        kept.append(piece)
    return "".join(kept)


def _is_limited(text: str) -> bool:
    text = _TEXT.sub("''", text)
    limits = [match for match in _LIMIT.finditer(text) if match.end() == len(text)]
    top = _TOP.match(text)
    bounds = [match["limit"] or match["fetch"] or "1" for match in limits] + ([top["top"]] if top else [])
    return any(not bound.isdigit() or int(bound) <= FEW for bound in bounds)


def _is_aggregate(text: str) -> bool:
    items = _columns(text)
    if not items:
        return text.lower().startswith("select") and "{}" not in text
    return (
        not _SPREADS.search(flat(text))
        and any(map(_AGGREGATES.search, items))
        and all(map(_is_reduced, items))
    )


def _is_reduced(item: str) -> bool:
    """Whether an item of a list of columns is made of aggregates and constants alone."""
    left = _LABEL.sub("", _AGGREGATES.sub("0", _TEXT.sub("0", item)))
    names = re.findall(r"[a-z_]\w*(?!\w*\s*\()", left, re.IGNORECASE)
    return all(name.lower() in _NO_COLUMNS for name in names)


def _items(selected: str) -> list[str]:
    """The items of a list of columns, split at the commas that stand in no parentheses."""
    items, depth, start = list[str](), 0, 0
    for sign in _SIGN.finditer(selected):
        depth += (sign[0] == "(") - (sign[0] == ")")
        if sign[0] == "," and depth == 0:
            items.append(selected[start : sign.start()].strip())
            start = sign.end()
    return [*items, selected[start:].strip()]


def asks_sql(call: syntax.Call) -> bool:
    """Whether a call is named like one that is given a query in SQL."""
    return isinstance(call.function, syntax.Attribute) and call.function.name in _SQL_METHODS


def query_of(call: syntax.Call) -> syntax.Expression | None:
    """The argument of a call that may be a query."""
    given = (call.keyword(name) for name in _KEYWORDS)
    return next((query for query in given if query is not None), call.positional(0))


def written(query: syntax.Expression, file: DagFile, scope: syntax.Scope) -> str | None:
    """The text of a query as far as it is written out, `{}` for the rest; None where it is not."""
    return _written(query, file, scope, Steps(MOST_PARTS))


def _written(query: syntax.Expression, file: DagFile, scope: syntax.Scope, steps: Steps) -> str | None:
    if not steps.take():
        return None
    match file.value(query, scope):
        case syntax.Constant(value=str() as text):
            return text
        case syntax.FormattedString(parts=parts):
            return "".join(part if isinstance(part, str) else "{}" for part in parts)
        case syntax.Operation(operators=operators, operands=operands) if set(operators) == {"Add"}:
            texts = [_written(operand, file, scope, steps) or "{}" for operand in operands]
            return "".join(texts) if sum(map(len, texts)) <= LONGEST_TEXT else None
        case syntax.Operation(operators=("Modulo",), operands=(inner, _)):
            return _written(inner, file, scope, steps)
        case syntax.Call(function=syntax.Attribute(value=inner, name=name)) if name in _TEXT_METHODS:
            return _written(inner, file, scope, steps)
        case syntax.Call(arguments=(argument,)):
            return _written(argument.value, file, scope, steps)
        case _:
            return None
