"""One text file, read once: its text, its lines, and regions from offsets."""

from __future__ import annotations

import codecs
import io
import tokenize
from bisect import bisect_right
from functools import cached_property
from pathlib import Path

from airwarden import disk
from airwarden.findings import Region
from airwarden.patterns import regex

_LINE_END = regex(r"\r\n|\r|\n")
_WIDE = {
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
"""Encodings by their byte order marks; that of UTF-32 begins with that of UTF-16."""

_UNMARKED = regex(
    rb"(?P<utf_32_be>\0\0\0[^\0])|(?P<utf_32_le>[^\0]\0\0\0)|(?P<utf_16_be>\0[^\0]\0[^\0])|(?P<utf_16_le>[^\0]\0[^\0]\0)"
)
"""How such a text begins without a mark: with two characters of ASCII, as all that people write by hand."""

_OF_HOST_NAMES = frozenset({"idna", "punycode"})
"""Encodings that no text is written in, and that take time by the square of its length."""


class Unreadable(Exception):
    """A file that can't be read as what it is. Holds where and why."""

    def __init__(self, region: Region, reason: str) -> None:
        super().__init__(f"{region.path}:{region.line}:{region.column}: {reason}")
        self.region = region
        self.reason = reason

    @staticmethod
    def closed(path: str, error: OSError) -> Unreadable:
        """A file that the system does not give."""
        kind = Gone if isinstance(error, FileNotFoundError) else Unreadable
        return kind(_beginning(path), f"cannot be read: {error.strerror}")


class Gone(Unreadable):
    """A file that is no longer there."""


LARGEST_PYTHON = 5_000_000
"""Characters of a Python file that are judged. The largest DAG file that was found in repositories has
645,000.
"""


class TooBig(Unreadable):
    """A file that is not read, as reading or judging it would take too much time or memory."""


class TooDeep(Unreadable):
    """A file that is not read, as what stands in it is nested too deeply."""


class Source:
    """The text of one file. `path` is relative to the repository's root, with `/`."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    @classmethod
    def read(cls, root: Path, path: str) -> Source:
        """Reads `root/path`.

        Raises `Unreadable` where the file can't be opened or is not text in its declared encoding.
        """
        try:
            data = disk.read(root / path)
        except OSError as error:
            raise Unreadable.closed(path, error) from None
        return cls(path, decode(path, data))

    @cached_property
    def starts(self) -> list[int]:
        """The offset at which each line starts."""
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    @property
    def newline(self) -> str:
        """How the text ends its lines, by the first of them."""
        found = _LINE_END.search(self.text)
        return found[0] if found else "\n"

    def line(self, number: int) -> str:
        """The text of line `number` (from 1) without its end; empty past the last line."""
        if not 1 <= number <= len(self.starts):
            return ""
        start = self.starts[number - 1]
        end = self.starts[number] if number < len(self.starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def region(self, start: int, end: int) -> Region:
        """The region between two offsets, in code points from 0, the end exclusive."""
        line, column = self._place(start)
        end_line, end_column = self._place(end)
        return Region(self.path, line, column, end_line, end_column)

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and column, both from 1."""
        return self.starts[min(line, len(self.starts)) - 1] + column - 1

    def slice(self, region: Region) -> str:
        """The text of a region of this file."""
        start = self.offset(region.line, region.column)
        return self.text[start : self.offset(region.end_line, region.end_column)]

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1


def decode(path: str, data: bytes) -> str:
    """Decodes a file by its byte order mark or, in Python, its PEP 263 cookie; else as UTF-8.

    Raises `Unreadable` at the first byte that does not decode.
    """
    mark, wide = _width(data)
    encoding = wide or _declared_encoding(path, data)
    if wide and path.endswith(".py"):
        raise Unreadable(
            _beginning(path), f"is {encoding} text, which Python does not read: save it as UTF-8"
        )
    try:
        return _whole(data[len(mark) :].decode(encoding), encoding)
    except UnicodeDecodeError as error:
        before = data[len(mark) : len(mark) + error.start].decode(encoding, "replace")
        place = Source(path, before).region(len(before), len(before))
        region = Region(path, place.line, place.column, place.line, place.column + 1)
        raise Unreadable(region, f"is not {encoding.removesuffix('-sig')} text") from None
    except (LookupError, UnicodeError):
        raise Unreadable(_beginning(path), f"is not {encoding} text") from None


def _whole(text: str, encoding: str) -> str:
    """A decoded text. Raises `UnicodeError` where it holds half a character, as UTF-7 and escapes may."""
    if not encoding.startswith("utf-8"):
        text.encode()
    return text


def in_utf_8(path: str, data: bytes) -> bytes:
    """The bytes of a file, in UTF-8 where it is written in UTF-16 or UTF-32: whoever looks for words in them
    finds them all the same. As they are in Python, which reads no such file, or where they can't be
    decoded.
    """
    if not _width(data)[1] or path.endswith(".py"):
        return data
    try:
        return decode(path, data).encode()
    except Unreadable:
        return data


def _width(data: bytes) -> tuple[bytes, str]:
    """The mark and the encoding of a text in UTF-16 or UTF-32, as YAML tells them; empty for any other."""
    mark = next((mark for mark in _WIDE if data.startswith(mark)), b"")
    found = None if mark or b"\0" not in data[:4] else _UNMARKED.match(data)
    return mark, _WIDE[mark] if mark else ((found and found.lastgroup) or "").replace("_", "-")


def _beginning(path: str) -> Region:
    return Region(path, 1, 1, 1, 1)


def encoded(path: str, data: bytes, text: str) -> bytes | None:
    """A new text of the file that holds `data`, in the encoding and with the byte order mark of the old one.

    None where the old text would not give the old bytes again, or the encoding lacks a character.
    """
    mark, wide = _width(data)
    if data.startswith(codecs.BOM_UTF8):
        mark = codecs.BOM_UTF8
    try:
        encoding = wide or _declared_encoding(path, data).removesuffix("-sig")
        old = mark + decode(path, data).encode(encoding)
        return mark + text.encode(encoding) if old == data else None
    except (Unreadable, UnicodeError, LookupError):
        return None


def _declared_encoding(path: str, data: bytes) -> str:
    if not path.endswith(".py"):
        return "utf-8-sig"
    try:
        encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
    except SyntaxError as error:
        raise Unreadable(_beginning(path), f"has an {error}") from None
    if codecs.lookup(encoding).name in _OF_HOST_NAMES:
        raise Unreadable(_beginning(path), f"names {encoding}, which is no encoding of source files")
    return encoding
