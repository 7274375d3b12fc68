"""Edits that several fixes need."""

from __future__ import annotations

import re

from airwarden.findings import Edit, Region
from airwarden.source import Source

_COMMA = re.compile(r"[ \t]*,")
_REST_OF_LINE = re.compile(r"[ \t]*(\r\n|\r|\n)")
_SPACE = re.compile(r"[ \t]+")


def without_item(source: Source, region: Region) -> Edit:
    """Takes an item of a list between commas out, an argument or an entry of a dict, with its comma and,
    where nothing else stands there, with its lines. Comments are kept.
    """
    start = source.offset(region.line, region.column)
    end = source.offset(region.end_line, region.end_column)
    comma = _COMMA.match(source.text, end)
    if comma is not None:
        return _cut(source, *_without_its_lines(source.text, start, comma.end()))
    before = source.text[:start].rstrip()
    return _cut(source, len(before) - 1 if before.endswith(",") else start, end)


def named_item(source: Source, name: str, value: Region) -> Region | None:
    """The region of `name=value` or `"name": value`, found from that of the value; None for another form."""
    offset = source.offset(value.line, value.column)
    pattern = re.compile(rf"""(?:(["']){re.escape(name)}\1\s*:|(?<![\w.]){re.escape(name)}\s*=)\s*\Z""")
    found = pattern.search(source.text, source.starts[max(value.line - 3, 0)], offset)
    if found is None:
        return None
    return source.region(found.start(), source.offset(value.end_line, value.end_column))


def _without_its_lines(text: str, start: int, end: int) -> tuple[int, int]:
    bare = text[:start].rstrip(" \t")
    rest = _REST_OF_LINE.match(text, end)
    alone = not bare or bare.endswith(("\n", "\r"))
    if rest is not None:
        return (len(bare), rest.end() if alone else end)
    space = _SPACE.match(text, end)
    return start, end if space is None else space.end()


def _cut(source: Source, start: int, end: int) -> Edit:
    return Edit(source.region(start, end), "")
