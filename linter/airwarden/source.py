"""One text file, read once: its text, its lines, and regions from offsets."""

from __future__ import annotations

import codecs
import io
import tokenize
from bisect import bisect_right
from functools import cached_property
from pathlib import Path

from airwarden.findings import Region
from airwarden.patterns import regex

_LINE_END = regex(r"\r\n|\r|\n")
_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class Unreadable(Exception):
    """A file that can't be read as what it is. Holds where and why."""

    def __init__(self, region: Region, reason: str) -> None:
        super().__init__(f"{region.path}:{region.line}:{region.column}: {reason}")
        self.region = region
        self.reason = reason

    @classmethod
    def closed(cls, path: str, error: OSError) -> Unreadable:
        """A file that the system does not give."""
        return cls(Region(path, 1, 1, 1, 1), f"cannot be read: {error.strerror}")


LARGEST_PYTHON = 5_000_000
"""Characters of a Python file that are judged. The largest DAG file of 90 repositories has 645,000, and each
million takes some two seconds.
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
            data = (root / path).read_bytes()
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
    encoding = "utf-16" if data.startswith(tuple(_UTF_16)) else _declared_encoding(path, data)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        region = Region(path, line, column, line, column + 1)
        raise Unreadable(region, f"is not {encoding} text") from None


def encoded(path: str, data: bytes, text: str) -> bytes | None:
    """A new text of the file that holds `data`, in the encoding and with the byte order mark of the old one.

    None where the old text would not give the old bytes again, or the encoding lacks a character.
    """
    marks = (codecs.BOM_UTF8, *_UTF_16)
    mark = next((each for each in marks if data.startswith(each)), b"")
    try:
        encoding = _UTF_16.get(mark) or _declared_encoding(path, data).removesuffix("-sig")
        old = mark + decode(path, data).encode(encoding)
        return mark + text.encode(encoding) if old == data else None
    except (Unreadable, UnicodeEncodeError):
        return None


def _declared_encoding(path: str, data: bytes) -> str:
    if not path.endswith(".py"):
        return "utf-8-sig"
    try:
        return tokenize.detect_encoding(io.BytesIO(data).readline)[0]
    except SyntaxError as error:
        raise Unreadable(Region(path, 1, 1, 1, 1), f"has an {error}") from None
