"""ConfigFile: one airflow.cfg, every option with its region."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field

from airwarden.findings import Region
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.source import Source

_NAME = regex(r"(?:.*[-_.])?airflow(?:[-_.].*)?\.cfg(?:\.(?!(?:bak|backup|old|orig)$)\w+)?", re.IGNORECASE)
_LINE = regex(r"([^\r\n]*)(?:\r\n|[\r\n]|$)")
_SECTION = regex(r"\[(?P<name>[^\]]+)\]")
_OPTION = regex(r"(?P<key>[^\s=:]+(?:\s+[^\s=:]+)*)\s*[=:]\s*(?P<value>.*)")


@dataclass(frozen=True)
class Option:
    """An option as airflow.cfg has it: section and key in lower case, as Airflow looks them up."""

    section: str
    key: str
    text: str = field(repr=False)
    region: Region
    key_region: Region


@dataclass
class _Draft:
    """An option whose value may go on in the next line."""

    section: str
    key: tuple[int, int]
    indent: int
    start: int
    lines: list[tuple[int, str]]


def may_be_config(path: str) -> bool:
    """Whether a file is called like an airflow.cfg."""
    return ".cfg" in path.lower() and _NAME.fullmatch(path.rpartition("/")[2]) is not None


class ConfigFile:
    """The options of one airflow.cfg, read as `configparser` does."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.path = source.path
        self.options: tuple[Option, ...] = tuple(self._option(draft) for draft in _drafts(source.text))

    def _option(self, draft: _Draft) -> Option:
        lines = [(place, line) for place, line in draft.lines if line]
        start = lines[0][0] if lines else draft.start
        end = lines[-1][0] + len(lines[-1][1]) if lines else draft.start
        key = self.source.text[slice(*draft.key)].lower()
        text = "\n".join(line for _, line in draft.lines).rstrip()
        region, key_region = self.source.region(start, end), self.source.region(*draft.key)
        return Option(draft.section, key, text, region, key_region)


def _drafts(text: str) -> Iterator[_Draft]:
    section, draft = "", None
    for place, line in _lines(text):
        bare = line.strip()
        indent = len(line) - len(line.lstrip())
        if bare.startswith(("#", ";")):
            continue
        if draft is not None and (not bare or indent > draft.indent):
            draft.lines.append((place + indent, bare))
            continue
        if draft is not None:
            yield draft
        draft = _opened(section, place + indent, indent, bare)
        header = _SECTION.match(bare)
        section = header["name"].lower() if header else section
    if draft is not None:
        yield draft


def _opened(section: str, place: int, indent: int, line: str) -> _Draft | None:
    option = None if _SECTION.match(line) else _OPTION.match(line)
    if option is None or not section:
        return None
    key, value = option.span("key"), place + option.start("value")
    return _Draft(section, (place + key[0], place + key[1]), indent, value, [(value, option["value"])])


def _lines(text: str) -> Iterator[tuple[int, str]]:
    return ((match.start(), match[1]) for match in _LINE.finditer(text))
