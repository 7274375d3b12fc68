"""Edits that several fixes need."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from airwarden.findings import Edit, Region
from airwarden.patterns import regex
from airwarden.source import Source

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMMENT_OR_COMMA = regex(r"#[^\r\n]*|,")
_LINE_END = regex(r"\r\n|\r|\n")
_TO_LINE_END = regex(r"[^\r\n]*")
_INDENT = regex(r"[ \t]*")
_COMMA = regex(r"[ \t]*,")
_REST_OF_LINE = regex(r"[ \t]*(\r\n|\r|\n)")
_SPACE = regex(r"[ \t]+")
_OPENED = regex(r"\([ \t\r\n]*\Z")
_CLOSED = regex(r"[ \t\r\n]*\)")
_ONE_LINE = regex(r"from[ \t]+[\w.]+[ \t]+import[ \t][\w \t,]+")
_REST = regex(r"[ \t]*(?:#|[\r\n]|\Z)")
_FROM = regex(r"from[ \t]+([\w.]+)[ \t]+import\b")


def without_item(source: Source, region: Region) -> Edit:
    """Takes an item of a list between commas out, an argument or an entry of a dict, with its comma and,
    where nothing else stands there, with its lines. Comments are kept.
    """
    start = source.offset(region.line, region.column)
    end = source.offset(region.end_line, region.end_column)
    comma = _COMMA.match(source.text, end)
    if comma is not None:
        return _cut(source, *_without_its_lines(source.text, start, comma.end()))
    return _cut(source, _behind_last_item(source.text, start), end)


def with_text(source: Source, region: Region, old: str, new: str) -> Edit | None:
    """Puts one text in the place of another that stands in a region once, whatever quotes are around it."""
    text = source.slice(region)
    return Edit(region, text.replace(old, new)) if old and text.count(old) == 1 else None


def named_item(source: Source, name: str, value: Region) -> Region | None:
    """The region of `name=value` or `"name": value`, found from that of the value; None for another form."""
    offset = source.offset(value.line, value.column)
    pattern = re.compile(rf"""(?:(["']){re.escape(name)}\1\s*:|(?<![\w.]){re.escape(name)}\s*=)\s*\Z""")
    found = pattern.search(source.text, source.starts[max(value.line - 3, 0)], offset)
    if found is None:
        return None
    return source.region(found.start(), source.offset(value.end_line, value.end_column))


def import_from(source: Source, statement: Region, module: str) -> Edit | None:
    """Puts another module into `from module import ...`; None for another form."""
    found = _FROM.match(source.text, source.offset(statement.line, statement.column))
    return None if found is None else Edit(source.region(*found.span(1)), module)


def as_imports(source: Source, statement: Region, names: Sequence[tuple[str, str, str]]) -> Edit | None:
    """Puts imports in the place of `from module import ...` that stands on a line by itself: names by module,
    name there and name here. None for another form.
    """
    start = source.offset(statement.line, statement.column)
    end = source.offset(statement.end_line, statement.end_column)
    indent = source.text[source.starts[statement.line - 1] : start]
    if (
        indent.strip()
        or not _ONE_LINE.fullmatch(source.text, start, end)
        or not _REST.match(source.text, end)
    ):
        return None
    by_module: dict[str, list[str]] = {}
    for module, name, bound in names:
        by_module.setdefault(module, []).append(name if name == bound else f"{name} as {bound}")
    lines = [f"from {module} import {', '.join(some)}" for module, some in sorted(by_module.items())]
    return Edit(statement, f"{source.newline}{indent}".join(lines))


def _behind_last_item(text: str, start: int) -> int:
    """Where the item before the last one ends; `start` where its comma may be a comment's."""
    before = text[:start].rstrip()
    line = before[max(before.rfind("\n"), before.rfind("\r")) + 1 :]
    return len(before) - 1 if before.endswith(",") and "#" not in line else start


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


def with_argument(source: Source, call: Region, last: Region | None, argument: str) -> tuple[Edit, ...]:
    """Puts an argument behind the last one of a call, on a line of its own where the call ends on one; into
    the parentheses of a call that has none.
    """
    text = source.text
    if last is None:
        end = source.offset(call.end_line, call.end_column) - 1
        return (Edit(source.region(end, end), argument),)
    start, close = (source.offset(each.end_line, each.end_column) for each in (last, call))
    comma = next(
        (piece for piece in _COMMENT_OR_COMMA.finditer(text, start, close - 1) if piece[0] == ","), None
    )
    end = start if comma is None else comma.end()
    missing = "" if comma else ","
    line_end = _LINE_END.search(text, end, close)
    if line_end is None:
        return (Edit(source.region(end, end), f"{missing} {argument}"),)
    indent = _INDENT.match(source.line(last.line))
    stop = _TO_LINE_END.match(text, end)
    added = f"{line_end[0]}{indent[0] if indent else ''}{argument},"
    if stop is None or stop.end() == end:
        return (Edit(source.region(end, end), missing + added),)
    behind = Edit(source.region(stop.end(), stop.end()), added)
    return (Edit(source.region(end, end), missing), behind) if missing else (behind,)


def as_list(source: Source, display: Region) -> tuple[Edit, ...]:
    """Makes a list of a tuple display, whose region is without its parentheses, or of a set of one item."""
    text = source.text
    start = source.offset(display.line, display.column)
    end = source.offset(display.end_line, display.end_column)
    if text[start] == "{" and text[end - 1] == "}":
        is_one = "," not in text[start:end].rstrip("} \t\r\n,")
        return _replaced(source, start, end - 1) if is_one else ()
    before, after = _OPENED.search(text, 0, start), _CLOSED.match(text, end)
    return () if before is None or after is None else _replaced(source, before.start(), after.end() - 1)


def _replaced(source: Source, opening: int, closing: int) -> tuple[Edit, ...]:
    return (
        Edit(source.region(opening, opening + 1), "["),
        Edit(source.region(closing, closing + 1), "]"),
    )
