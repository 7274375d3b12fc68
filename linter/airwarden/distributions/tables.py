"""The tables of facts, each read when it is first asked for."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

_TABLES = Path(__file__).parent.parent / "tables"


@cache
def rows(table: str) -> tuple[dict[str, str], ...]:
    """The rows of `tables/<table>.csv`, each a dict by column."""
    with (_TABLES / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def lines(table: str) -> tuple[str, ...]:
    """The rows of a table as they are written, sorted, for one that is too long to be taken apart."""
    text = (_TABLES / f"{table}.csv").read_text(encoding="utf-8")
    return tuple(sorted(text.splitlines()[1:]))
