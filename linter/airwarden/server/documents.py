"""Documents: what an editor holds open, as it has told of it change by change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote, unquote, urlsplit
from urllib.request import url2pathname

from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.server.places import Encoding, Span, offset_of
from airwarden.source import Source

Change: TypeAlias = tuple[Span | None, str]
"""A text, and the span that it replaces; the whole text where there is none."""

_LONE = regex("[\ud800-\udfff]")
"""Halves of characters, which no file can hold."""


@dataclass(frozen=True)
class Document:
    """One open document: its address and version as the editor names them, its file and its text."""

    uri: str
    file: Path
    text: str
    version: int | None = None


class Documents:
    """The documents that are open and stand for files; those without a file are none of ours."""

    def __init__(self, encoding: Encoding = "utf-16") -> None:
        self.encoding: Encoding = encoding
        self._by_uri: dict[str, Document] = {}

    def open(self, uri: str, text: str, version: int | None = None) -> bool:
        """Takes in a document; says whether it stands for a file."""
        file = file_of(uri)
        if file is not None:
            self._by_uri[uri] = Document(uri, file, _LONE.sub("\ufffd", text), version)
        return file is not None

    def change(self, uri: str, changes: Iterable[Change], version: int | None = None) -> None:
        """Makes changes in turn, each of a span as the text is by then, or of the whole text."""
        known = self._by_uri.get(uri)
        if known is None:
            return
        text = known.text
        for span, new in changes:
            text = new if span is None else self._replaced(Source("", text), span, new)
        self._by_uri[uri] = Document(uri, known.file, _LONE.sub("\ufffd", text), version)

    def _replaced(self, source: Source, span: Span, new: str) -> str:
        start, end = (offset_of(source, place, self.encoding) for place in span)
        return source.text[:start] + new + source.text[max(start, end) :]

    def close(self, uri: str) -> None:
        """Forgets a document."""
        self._by_uri.pop(uri, None)

    def get(self, uri: str) -> Document | None:
        """An open document."""
        return self._by_uri.get(uri)

    def all(self) -> Mapping[str, Document]:
        """Those that are open now, by address."""
        return dict(self._by_uri)


def file_of(uri: str) -> Path | None:
    """The file that an address names; None where it names something else, or what no file can be called."""
    try:
        parts = urlsplit(uri)
        host = f"//{parts.netloc}" if parts.netloc not in ("", "localhost") else ""
        path = url2pathname(f"{host}{parts.path}")
        is_file = parts.scheme == "file" and "\0" not in path
        return Path(path).absolute() if is_file else None
    except (OSError, ValueError):
        return None


def uri_of(file: Path) -> str:
    """The address of a file."""
    path = file.as_posix()
    if path.startswith("//"):
        return f"file:{quote(path, safe='/')}"
    return "file://" + quote(path if path.startswith("/") else f"/{path}", errors="surrogateescape")


def is_same_file(one: str, other: str) -> bool:
    """Whether two addresses name the same file, however they are written."""
    return unquote(one) == unquote(other)
