"""TomlFile: one TOML document, with the region of every key and value."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from airwarden.bounded import DeepText, LongText, toml_of
from airwarden.patterns import regex
from airwarden.source import Source, TooBig, TooDeep, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from airwarden.findings import Region

Route: TypeAlias = tuple[str | int, ...]
"""The keys and, in arrays, the indices that lead to a value."""

_BLANK = regex(r"(?:[\s]|#[^\n]*)*")
_KEY = regex(r"[ \t]*(?P<key>[\w-]+|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*')[ \t]*")
_STRING = regex(
    r"""
    \"{3} (?:\\. | [^\\])*? \"{3,5} (?!\") | '{3} .*? '{3,5} (?!')
    | \" (?:[^\"\\\n] | \\.)* \" | '[^'\n]*'
    """,
    re.VERBOSE | re.DOTALL,
)
_BARE = regex(r"[^,\]}#\n]+")
_PLACE = regex(r"\(at line (\d+), column (\d+)\)")


class TomlFile:
    """A document's data, as plain dicts and lists, and where each part of it stands."""

    def __init__(self, source: Source, data: dict[str, Any]) -> None:
        self.source = source
        self.data = data

    @classmethod
    def read(cls, source: Source) -> TomlFile:
        """Raises `Unreadable` where the text is not valid TOML, too long or too deep."""
        try:
            return cls(source, toml_of(source.text))
        except DeepText as error:
            raise TooDeep(source.region(error.offset, error.offset + 1), str(error)) from None
        except LongText as error:
            raise TooBig(source.region(0, 0), str(error)) from None
        except ValueError as error:
            raise _unreadable(source, str(error)) from None

    def find(self, pattern: str) -> Iterator[tuple[Route, Any]]:
        """Every value that a dotted pattern leads to, with its route; `*` stands for any one key."""
        found: list[tuple[Route, Any]] = [((), self.data)]
        for part in pattern.split("."):
            found = [
                ((*route, key), inner)
                for route, value in found
                if isinstance(value, dict)
                for key, inner in value.items()
                if part in ("*", key)
            ]
        yield from found

    def key(self, route: Route) -> Region | None:
        """Where the key at the end of `route` is written first."""
        return self._region(self._places.keys.get(route))

    def value(self, route: Route) -> Region | None:
        """Where the value at the end of `route` is written; None for a table with a header."""
        return self._region(self._places.values.get(route))

    def header(self, route: Route) -> Region | None:
        """Where the table at the end of `route` has its own `[header]`."""
        return self._region(self._places.headers.get(route))

    def _region(self, span: tuple[int, int] | None) -> Region | None:
        return None if span is None else self.source.region(*span)

    @cached_property
    def _places(self) -> _Places:
        return _Places(self.source.text)


class _Places:
    """The offsets of all keys and values of a text that is known to be valid TOML."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.keys: dict[Route, tuple[int, int]] = {}
        self.values: dict[Route, tuple[int, int]] = {}
        self.headers: dict[Route, tuple[int, int]] = {}
        self._lengths: dict[Route, int] = {}
        table: Route = ()
        place = self._blank(0)
        while place < len(text):
            if text[place] == "[":
                table, place = self._header(place)
            else:
                place = self._pair(table, place)
            place = self._blank(place)

    def _blank(self, place: int) -> int:
        return self._end(_BLANK, place)

    def _end(self, pattern: re.Pattern[str], place: int) -> int:
        match = pattern.match(self.text, place)
        return match.end() if match else place + 1

    def _header(self, place: int) -> tuple[Route, int]:
        many = self.text.startswith("[[", place)
        parts, end = self._dotted(place + 1 + many)
        route: Route = ()
        for depth, (name, _) in enumerate(parts, start=1):
            route = (*route, name)
            if many and depth == len(parts):
                self._lengths[route] = self._lengths.get(route, 0) + 1
            self.keys.setdefault(route, (parts[0][1][0], parts[-1][1][1]))
            if route in self._lengths:
                route = (*route, self._lengths[route] - 1)
        self.headers[route] = (place, end + 1 + many)
        return route, end + 1 + many

    def _dotted(self, place: int) -> tuple[list[tuple[str, tuple[int, int]]], int]:
        parts = []
        while match := _KEY.match(self.text, place):
            parts.append((_name(match["key"]), match.span("key")))
            place = match.end()
            if self.text[place : place + 1] != ".":
                break
            place += 1
        return parts, place

    def _pair(self, table: Route, place: int) -> int:
        parts, place = self._dotted(place)
        route = table
        for name, span in parts:
            route = (*route, name)
            self.keys.setdefault(route, (parts[0][1][0], span[1]))
        return self._value(route, self._blank(place + 1))

    def _value(self, route: Route, start: int) -> int:
        opening = self.text[start : start + 1]
        if opening == "[":
            end = self._array(route, start)
        elif opening == "{":
            end = self._inline_table(route, start)
        elif opening in "\"'":
            end = self._end(_STRING, start)
        else:
            end = start + len(self.text[start : self._end(_BARE, start)].rstrip())
        self.values[route] = (start, end)
        return end

    def _array(self, route: Route, start: int) -> int:
        place, index = self._blank(start + 1), 0
        while place < len(self.text) and self.text[place] != "]":
            place = self._blank(self._value((*route, index), place))
            if self.text[place : place + 1] == ",":
                place = self._blank(place + 1)
            index += 1
        return place + 1

    def _inline_table(self, route: Route, start: int) -> int:
        place = self._blank(start + 1)
        while place < len(self.text) and self.text[place] != "}":
            place = self._blank(self._pair(route, place))
            if self.text[place : place + 1] == ",":
                place = self._blank(place + 1)
        return place + 1


def _name(written: str) -> str:
    if written[0] == "'":
        return written[1:-1]
    if written[0] == '"':
        escape = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|\\(.)")
        return escape.sub(_unescape, written[1:-1])
    return written


def _unescape(match: re.Match[str]) -> str:
    digits = match[1] or match[2]
    if digits:
        return chr(int(digits, 16))
    return {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}.get(match[3], match[3])


def _unreadable(source: Source, message: str) -> Unreadable:
    place = _PLACE.search(message)
    start = source.offset(int(place[1]), int(place[2])) if place else len(source.text)
    start = min(start, len(source.text))
    reason = message.partition(" (at ")[0]
    return Unreadable(source.region(start, min(start + 1, len(source.text))), f"is not valid TOML: {reason}")
