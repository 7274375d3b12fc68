"""Further items in TOML's arrays, in the style of those that are there.

Edits that are made apart from each other can be applied together: several texts put in at one place give a
valid array in any order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from airwarden.dependencies.line_edits import first_of_comments, last_of_comment, line_end
from airwarden.dependencies.places import place_of
from airwarden.findings import Edit, Region
from airwarden.patterns import regex
from airwarden.source import Source

_COMMENT_OR_COMMA = regex(r"#[^\r\n]*|,")
_LEADING_COMMA = regex(r"[ \t]*,[ \t]*")
_INDENTED_ITEM = regex(r"^([ \t]+)[\"']", re.MULTILINE)
_INDENT = regex(r"[ \t]*")


class ArrayText:
    """An array as it is written: the regions of it and of its items."""

    def __init__(self, source: Source, array: Region, items: Sequence[Region]) -> None:
        self.source = source
        self.text = source.text
        self.start, self.end = self._span(array)
        self.items = [self._span(each) for each in items]
        self.eol = line_end(source)

    def _span(self, region: Region) -> tuple[int, int]:
        return (
            self.source.offset(region.line, region.column),
            self.source.offset(region.end_line, region.end_column),
        )

    def added(self, name: str, names: Sequence[str | None], text: str) -> tuple[Edit, ...]:
        """Puts a distribution in where it belongs; `names` has those that the items are for."""
        if not self.items:
            return self._into_empty(f'"{text}"')
        place = place_of(name, names)
        quoted = self._quoted(place.item, text)
        if place.is_before:
            return (self._before(place.item, quoted),)
        return self._behind(place.item, quoted)

    def at_end(self, text: str) -> tuple[Edit, ...]:
        """Puts a text in behind the last item."""
        if not self.items:
            return self._into_empty(f'"{text}"')
        last = len(self.items) - 1
        return self._behind(last, self._quoted(last, text))

    def _quoted(self, index: int, text: str) -> str:
        """The text in the quotes of the item, or of any other where that has none."""
        openings = [self.text[start] for start, _ in (self.items[index], *self.items)]
        quote = next((each for each in openings if each in "\"'"), '"')
        return f"{quote}{text}{quote}"

    def _insert(self, offset: int, text: str) -> Edit:
        return Edit(self.source.region(offset, offset), text)

    def _line(self, offset: int) -> int:
        return self.source.region(offset, offset).line

    def _line_start(self, offset: int) -> int:
        return self.source.starts[self._line(offset) - 1]

    def _comment_stop(self, offset: int) -> int:
        """The end of the line and of the comment that goes on below it."""
        line = last_of_comment(self.source, self._line(offset))
        return self.source.starts[line - 1] + len(self.source.line(line))

    # Behind an item

    def _behind(self, index: int, quoted: str) -> tuple[Edit, ...]:
        end = self.items[index][1]
        if not self._is_alone(index):
            return (self._insert(end, f", {quoted}"),)
        comma, stop, prefix = self._comma(index), self._comment_stop(end), self._leading_comma(index)
        if prefix:
            return (self._insert(stop, f"{self.eol}{prefix}{quoted}"),)
        line = f"{self.eol}{self._indent(index)}{quoted}"
        if self.end - 1 <= stop:
            return (self._insert(end, f",{line}"),)
        if comma is not None:
            return (self._insert(stop, f"{line},"),)
        if "#" in self.text[end:stop]:
            return (self._insert(end, ","), self._insert(stop, f"{line},"))
        return (self._insert(end, f",{line}"),)

    def _is_alone(self, index: int) -> bool:
        """Whether no other item stands on the item's lines, nor the bracket before it."""
        start, end = self.items[index]
        before = self.text[self._line_start(start) : start].strip(" \t")
        follows = index + 1 < len(self.items) and self._line(self.items[index + 1][0]) == self._line(end)
        return before in ("", ",") and not follows

    def _comma(self, index: int) -> int | None:
        """Where the comma behind an item is."""
        is_last = index + 1 == len(self.items)
        stop = self.end - 1 if is_last else self.items[index + 1][0]
        pieces = _COMMENT_OR_COMMA.finditer(self.text, self.items[index][1], stop)
        return next((piece.start() for piece in pieces if piece[0] == ","), None)

    def _leading_comma(self, index: int) -> str:
        """What begins the line of an item behind another one, where commas stand before the items."""
        for one in (index, index + 1):
            if 0 < one < len(self.items):
                start = self.items[one][0]
                before = self.text[self._line_start(start) : start]
                if _LEADING_COMMA.fullmatch(before):
                    return before
        return ""

    def _indent(self, index: int) -> str:
        start = self.items[index][0]
        return self.text[self._line_start(start) : start]

    # Before an item, and into an empty array

    def _before(self, index: int, quoted: str) -> Edit:
        start = self.items[index][0]
        if not self._is_alone(index):
            return self._insert(start, f"{quoted}, ")
        first, own = self._first_line(start), self._indent(index)
        is_commented = first < self._line_start(start)
        if is_commented:
            comma = "" if "," in own else ","
            return self._insert(first, f"{own}{quoted}{comma}{self.eol}")
        prefix = self._leading_comma(index)
        return self._insert(start, f"{quoted}{'' if prefix else ','}{self.eol}{prefix or own}")

    def _first_line(self, start: int) -> int:
        """Where the comments right above an item begin, or its line where there are none."""
        return self.source.starts[first_of_comments(self.source, self._line(start)) - 1]

    def _into_empty(self, quoted: str) -> tuple[Edit, ...]:
        """Opens an empty array, its bracket on a line of its own; every item has its comma."""
        inside = self.text[self.start + 1 : self.end - 1]
        outer = _INDENT.match(self.source.line(self._line(self.start)))
        found = _INDENTED_ITEM.search(self.text)
        indent = (outer[0] if outer else "") + (found[1] if found else "    ")
        if inside.strip():
            stop = self.start + 1 + len(inside.rstrip())
            above = _INDENT.match(self.text, self._line_start(stop))
            is_below = self._line(stop) > self._line(self.start)
            indent = above[0] if above and is_below else indent
            return (self._insert(stop, f"{self.eol}{indent}{quoted},"),)
        item = f"{self.eol}{indent}{quoted},"
        if inside.strip(" \t"):
            return (self._insert(self.start + 1, item),)
        closing = Edit(
            self.source.region(self.start + 1, self.end), f"{self.eol}{outer[0] if outer else ''}]"
        )
        return self._insert(self.start + 1, item), closing
