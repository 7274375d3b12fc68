"""Rows in columns, for people at a terminal."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from airwarden.formats.view import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date


_INDENT = "  "
_LEAST = 40
"""Columns below which no line is broken."""


def columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A line a row, two blanks between columns; a column that is empty in every row is left out."""
    shown = [[visible(text) for text in row] for row in rows]
    used = [number for number, column in enumerate(zip(*shown, strict=True)) if any(column)]
    wide = {number: max(width(row[number]) for row in shown) for number in used}
    for row in shown:
        cells = (row[number] + " " * (wide[number] - width(row[number])) for number in used)
        yield "  ".join(cells).rstrip()


def listing(rows: Sequence[Sequence[str]], heads: int, room: int | None) -> Iterator[str]:
    """The rows in columns, indented, where these fit into `room`, if there is a bound; else of each row the
    first `heads` cells, or as many of them as fit, and the others below them.
    """
    most = next((most for most in (len(rows[0]), *range(heads, 1, -1)) if _fit(rows, most, room)), 1)
    for line, row in zip(columns([row[:most] for row in rows]), rows, strict=True):
        yield f"{_INDENT}{line}"
        yield from _below(row[most:], room)


def _fit(rows: Sequence[Sequence[str]], most: int, room: int | None) -> bool:
    lines = columns([row[:most] for row in rows])
    return room is None or all(len(_INDENT) + width(line) <= room for line in lines)


def _below(cells: Sequence[str], room: int | None) -> Iterator[str]:
    from textwrap import wrap

    text, indent = ", ".join(visible(cell) for cell in cells if cell), _INDENT * 3
    if text and room:
        yield from wrap(
            text,
            max(room, _LEAST),
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )


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
