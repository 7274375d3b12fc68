"""A line of text as a terminal shows it: tabs, wide and invisible characters, masks, each so many columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from airwarden.formats.view import COMMAND, visible

MASK = "********"
"""Stands for any secret, so that not even its length shows."""

_CUT = "..."
_TAB = 4

Span: TypeAlias = tuple[int, int]
"""Offsets in one line, the end exclusive."""


class Cell(NamedTuple):
    """A stretch of the line that is shown in one piece, and how."""

    start: int
    end: int
    shown: str
    width: int


def cells(line: str, near: range, hidden: Sequence[Span]) -> Iterator[Cell]:
    """The cells of the line between the offsets `near`, with what is `hidden` masked; a blank ends them."""
    column, offset = 0, near.start
    while offset < near.stop:
        stop = next((end for start, end in hidden if start <= offset < end), None)
        shown = _glyph(line, offset, column) if stop is None else MASK
        cell = Cell(offset, stop or offset + 1, shown, columns(shown))
        yield cell
        column, offset = column + cell.width, cell.end
    yield Cell(offset, offset + 1, " ", 1)


def _glyph(line: str, offset: int, column: int) -> str:
    char = line[offset]
    if char == "\t":
        return " " * (_TAB - column % _TAB)
    return r"\x23" if char == "#" and COMMAND.match(line, offset) else visible(char)


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(map(_char_columns, text))


def _char_columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def wrapped(text: str, width: int, taken: int, indent: int) -> str:
    """A text broken at blanks, so that no line is longer than `width` columns but for a word that is. The
    first line has `taken` columns already, and each further one begins with `indent` blanks.
    """
    lines, room = [""], width - taken
    for word in text.split(" "):
        needed = columns(word)
        if needed > room and (lines[-1] or taken > indent):
            lines[-1] = lines[-1].removesuffix(" ")
            lines.append(" " * indent)
            room = width - indent
        lines[-1] += f"{word} "
        room -= needed + 1
    return "\n".join(lines).removesuffix(" ")


def fitting(cells: Sequence[Cell], focus: int, width: int) -> list[Cell]:
    """The cells around the offset `focus` that fit into `width` columns, with a mark where some are cut."""
    if _total(cells) <= width:
        return list(cells)
    left = right = next(place for place, cell in enumerate(cells) if cell.end > focus)
    room = width - 2 * len(_CUT)
    while left > 0 and _total(cells[left - 1 : right]) <= room // 3:
        left -= 1
    while right < len(cells) and _total(cells[left : right + 1]) <= room:
        right += 1
    while left > 0 and _total(cells[left - 1 : right]) <= room:
        left -= 1
    before = [Cell(-1, -1, _CUT, len(_CUT))] if left else []
    after = [Cell(-1, -1, _CUT, len(_CUT))] if right < len(cells) else []
    return [*before, *cells[left:right], *after]


def _total(cells: Iterable[Cell]) -> int:
    return sum(cell.width for cell in cells)


def underlined(cells: Sequence[Cell], span: Span) -> tuple[str, str]:
    """The text of the cells, and carets below those that the span touches."""
    line = "".join(cell.shown for cell in cells)
    carets = "".join((" ^"[span[0] < cell.end and cell.start < span[1]]) * cell.width for cell in cells)
    return line.rstrip(), carets.rstrip()
