"""Faults of settings, each told where it stands."""

from __future__ import annotations

import re
from pathlib import Path

from airwarden.findings import Region
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.source import Source, Unreadable
from airwarden.toml_file import TomlFile

_AT = regex(r"\(at line (\d+), column (\d+)\)")
_KEYS = regex(r"[\w-]+|\"(?:[^\"\\]|\\.)*\\?(?:\"|\Z)")
_HEADER = regex(r"^[ \t]*\[\[?tool\.airwarden\b[^\n\r]*", re.MULTILINE)
_USUAL = "pyproject.toml"


@dataclass(frozen=True)
class Fault:
    """A setting that can't be followed: the file, the text of it as it was looked at, where, and why."""

    file: Path
    source: Source
    region: Region
    message: str


def fault_of(root: Path, message: str) -> Fault:
    """The fault that a message tells, which begins with the file and the key as far as it knows them."""
    named, _, rest = message.partition(": ")
    file = next((path for path in (Path(named), root / named) if path.is_file()), None)
    if file is None:
        file, rest = root / _USUAL, message
    try:
        source = Source.read(file.parent, file.name)
    except Unreadable:
        source = Source(file.name, "")
    return Fault(file, source, _region(source, rest), rest)


def _region(source: Source, message: str) -> Region:
    """Where a file is at fault: where the message says, at the key that it names, or at our table."""
    at = _AT.search(message)
    if at is not None:
        line, column = int(at[1]), int(at[2])
        return Region(source.path, line, column, line, max(column, len(source.line(line)) + 1))
    keys = [key.strip('"') for key in _KEYS.findall(message.partition(": ")[0])]
    return _key(source, keys) or _table(source)


def _key(source: Source, keys: list[str]) -> Region | None:
    """The place of the innermost of some keys that there is."""
    try:
        document = TomlFile.read(source)
    except Unreadable:
        return None
    depths = range(len(keys), 2 if keys[:1] == ["tool"] else 0, -1)
    return next((found for depth in depths if (found := document.key(tuple(keys[:depth])))), None)


def _table(source: Source) -> Region:
    found = _HEADER.search(source.text)
    return source.region(*found.span()) if found else source.region(0, len(source.line(1)))
