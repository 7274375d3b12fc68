"""Rows in columns, for people at a terminal."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from airwarden.formats.view import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date


def columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A line a row, two blanks between columns; a column that is empty in every row is left out."""
    shown = [[visible(text) for text in row] for row in rows]
    used = [number for number, column in enumerate(zip(*shown, strict=True)) if any(column)]
    wide = {number: max(width(row[number]) for row in shown) for number in used}
    for row in shown:
        cells = (row[number] + " " * (wide[number] - width(row[number])) for number in used)
        yield "  ".join(cells).rstrip()


def width(text: str) -> int:
    """How many columns of a terminal some text takes."""
    if text.isascii():
        return len(text)
    seen = (char for char in text if not unicodedata.combining(char))
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in seen)


def aged(since: date | None, today: date) -> str:
    """How old something is: `34 days`."""
    if since is None:
        return "age unknown"
    days = max((today - since).days, 0)
    return "today" if not days else "1 day" if days == 1 else f"{days:,} days"


def ended(until: str, is_over: bool) -> str:
    """How long something holds: `until 2027-01-31`, or since when it does not."""
    return f"expired {until}" if is_over else f"until {until}" if until else ""
