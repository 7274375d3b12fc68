"""The tables of facts, each read when it is first asked for."""

from __future__ import annotations

import csv
from bisect import bisect_left
from functools import cache
from pathlib import Path

_TABLES = Path(__file__).parent.parent / "tables"


@cache
def rows(table: str) -> tuple[dict[str, str], ...]:
    """The rows of `tables/<table>.csv`, each a dict by column."""
    with (_TABLES / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        found = csv.reader(file)
        columns = next(found)
        return tuple(dict(zip(columns, row, strict=True)) for row in found)


@cache
def rows_of(table: str, name: str) -> tuple[tuple[str, ...], ...]:
    """The rows that have a name in their first column, of a table that is too long to be taken apart."""
    lines, beginning = _lines(table), f"{name},"
    start = end = bisect_left(lines, beginning)
    while end < len(lines) and lines[end].startswith(beginning):
        end += 1
    return tuple(tuple(row) for row in csv.reader(lines[start:end]))


@cache
def _lines(table: str) -> list[str]:
    text = (_TABLES / f"{table}.csv").read_text(encoding="utf-8")
    return sorted(text.splitlines()[1:])
