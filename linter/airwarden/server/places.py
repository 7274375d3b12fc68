"""Where a place stands as an editor counts: lines from 0, columns in units of an encoding."""

from __future__ import annotations

from typing import Literal, TypeAlias

from airwarden.findings import Region
from airwarden.source import Source

Encoding = Literal["utf-8", "utf-16", "utf-32"]

Place: TypeAlias = tuple[int, int]
"""A line and a column, both from 0, the column in units of the encoding that the editor counts in."""

Span: TypeAlias = tuple[Place, Place]
"""From one place up to another."""


def units(text: str, encoding: Encoding) -> int:
    """How long a text is in units of an encoding."""
    if text.isascii() or encoding == "utf-32":
        return len(text)
    if encoding == "utf-16":
        return len(text) + sum(character > "\uffff" for character in text)
    return len(text.encode(errors="surrogatepass"))


def place_of(source: Source, line: int, column: int, encoding: Encoding) -> Place:
    """The place of a line and a column as we count: from 1, in code points."""
    return line - 1, units(source.line(line)[: column - 1], encoding)


def span_of(source: Source, region: Region, encoding: Encoding) -> Span:
    """The span of a region."""
    return (
        place_of(source, region.line, region.column, encoding),
        place_of(source, region.end_line, region.end_column, encoding),
    )


def offset_of(source: Source, place: Place, encoding: Encoding) -> int:
    """The offset of a place in code points; what lies past the end of a line or of the text is its end, and
    the middle of a character its start.
    """
    line, column = place
    if line >= len(source.starts):
        return len(source.text)
    text = source.line(line + 1)
    if text.isascii() or encoding == "utf-32":
        return source.starts[line] + min(column, len(text))
    passed = 0
    for index, character in enumerate(text):
        passed += units(character, encoding)
        if passed > column:
            return source.starts[line] + index
    return source.starts[line] + len(text)


def region_of(source: Source, span: Span, encoding: Encoding) -> Region:
    """The region of a span."""
    start, end = (offset_of(source, place, encoding) for place in span)
    return source.region(start, max(start, end))
