"""The edits that give a call one argument more."""

from __future__ import annotations

import re

from airwarden.findings import Edit, Region
from airwarden.source import Source

_PIECES = re.compile(r"#[^\r\n]*|,")
_LINE_END = re.compile(r"\r\n|\r|\n")
_REST_OF_LINE = re.compile(r"[^\r\n]*")
_INDENT = re.compile(r"[ \t]*")


def with_argument(source: Source, call: Region, last: Region, argument: str) -> tuple[Edit, ...]:
    """Puts an argument behind the last one of a call, on a line of its own where the call ends on one."""
    text = source.text
    start, close = (source.offset(each.end_line, each.end_column) for each in (last, call))
    comma = next((piece for piece in _PIECES.finditer(text, start, close - 1) if piece[0] == ","), None)
    end = start if comma is None else comma.end()
    missing = "" if comma else ","
    line_end = _LINE_END.search(text, end, close)
    if line_end is None:
        return (Edit(source.region(end, end), f"{missing} {argument}"),)
    indent = _INDENT.match(source.line(last.line))
    stop = _REST_OF_LINE.match(text, end)
    added = f"{line_end[0]}{indent[0] if indent else ''}{argument},"
    if stop is None or stop.end() == end:
        return (Edit(source.region(end, end), missing + added),)
    behind = Edit(source.region(stop.end(), stop.end()), added)
    return (Edit(source.region(end, end), missing), behind) if missing else (behind,)
