"""The baseline: findings that a repository has and that fail nothing, one a line of a JSON file.

An entry knows its findings by rule, file and subject, and so survives every move of lines.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from airwarden import disk
from airwarden.bounded import json_of
from airwarden.config import ConfigError
from airwarden.config.validation import validate
from airwarden.findings import LEVELS, Finding, Level, Region
from airwarden.folders import folder
from airwarden.justification import Justification
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from airwarden.config import Config

Json: TypeAlias = dict[str, Any]
Topic: TypeAlias = tuple[str, str]
"""The rule and the subject of a finding: what tells it from the others of its file."""

NAME = ".airwarden-baseline.json"
VERSION = 1

_NEEDED = frozenset({"rule", "path", "subject"})
_KNOWN = _NEEDED | {"count", "level", "since", "reason", "owner", "ticket", "until"}

_WAY_OUT = "mend it, or make a new one with `airwarden baseline write`"
_ENTRIES = regex(r'"entries"\s*:\s*\[')
_BETWEEN = regex(r"[\s,]*")


@dataclass(frozen=True)
class Entry:
    """Findings of one rule about one subject in one file, and why they fail nothing.

    `level` is theirs where it is not the usual one of their rule. `since` is the day on which the entry was
    written.
    """

    rule: str
    path: str
    subject: str
    count: int = 1
    level: Level | None = None
    since: str = ""
    why: Justification = field(default_factory=Justification)

    @property
    def topic(self) -> Topic:
        """What the findings are told by in their file."""
        return self.rule, self.subject

    @classmethod
    def of_json(cls, value: Json) -> Entry:
        """The entry that `json` gave."""
        facts = {key: value[key] for key in ("count", "level", "since") if key in value}
        why = {key: value[key] for key in ("reason", "owner", "ticket", "until") if key in value}
        return cls(value["rule"], value["path"], value["subject"], **facts, why=Justification(**why))

    def json(self) -> Json:
        """All that it says, as a value of JSON."""
        said = {
            "rule": self.rule,
            "path": self.path,
            "subject": self.subject,
            "count": self.count if self.count > 1 else None,
            "level": self.level,
            "since": self.since,
            **asdict(self.why),
        }
        return {key: value for key, value in said.items() if value}


@dataclass(frozen=True)
class Match:
    """What became of an entry in a run: how many findings it is about, and in which file.

    `is_judged` says whether the run could have found all of them, `is_known` whether there is such a rule.
    `region` is that of the entry, where there is something to tell of it.
    """

    entry: Entry
    found: int
    path: str
    is_judged: bool = True
    is_known: bool = True
    region: Region | None = None

    @property
    def is_idle(self) -> bool:
        """Whether the entry is known to be about more findings than there are."""
        return self.is_judged and self.found < self.entry.count


@dataclass(frozen=True)
class Baseline:
    """A baseline that was read, whose entries are made when they are asked for. `path` leads from the
    repository's root, None where it stands outside.
    """

    rows: Sequence[Json] = ()
    path: str | None = None
    text: str = ""

    @classmethod
    def read(cls, root: Path, file: Path) -> Baseline:
        """Raises `ConfigError` where it can't be read, or is of another version."""
        text = _text(file)
        rows = _checked(file, text)["entries"]
        path, home = file.resolve(), root.resolve()
        return cls(rows, path.relative_to(home).as_posix() if path.is_relative_to(home) else None, text)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """All entries, in the order of the file; each is the very same whoever asks."""
        return tuple(map(self._entry, range(len(self.rows))))

    @cached_property
    def paths(self) -> Mapping[str, Sequence[int]]:
        """The files that there are entries of, each with their places among all."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for number, row in enumerate(self.rows):
            found[row["path"]].append(number)
        return dict(found)

    def of(self, path: str) -> list[Entry]:
        """The entries of a file."""
        return [self._entry(number) for number in self.paths.get(path, ())]

    def region(self, entry: Entry) -> Region | None:
        """Where an entry stands."""
        return None if self.path is None else self._regions.get(id(entry))

    def _entry(self, number: int) -> Entry:
        if number not in self._made:
            self._made[number] = Entry.of_json(self.rows[number])
        return self._made[number]

    @cached_property
    def _made(self) -> dict[int, Entry]:
        return {}

    @cached_property
    def _regions(self) -> Mapping[int, Region]:
        source, decoder = Source(self.path or "", self.text), json.JSONDecoder()
        start = _ENTRIES.search(source.text)
        at, found = start.end() if start else 0, {}
        for entry in self.entries:
            match = _BETWEEN.match(source.text, at)
            begin = match.end() if match else at
            at = decoder.raw_decode(source.text, begin)[1]
            found[id(entry)] = source.region(begin, at)
        return found


def by_topic(entries: Iterable[Entry]) -> dict[Topic, Entry]:
    """Entries of one file by what their findings are told by; of two that say the same, the first."""
    found: dict[Topic, Entry] = {}
    for entry in entries:
        found.setdefault(entry.topic, entry)
    return found


def file_of(root: Path, config: Config) -> Path:
    """The baseline's file by the settings, whether it is there or not."""
    return root / (config.baseline or NAME)


def baseline_of(root: Path, config: Config) -> Baseline | None:
    """The baseline that counts by the settings. Raises `ConfigError`."""
    file = file_of(root, config)
    if config.baseline == "" or (config.baseline is None and not file.is_file()):
        return None
    return Baseline.read(root, file)


def topic_of(finding: Finding) -> Topic:
    """What a finding is told by in its file."""
    return finding.rule, finding.subject or finding.message


def text_of(entries: Iterable[Entry]) -> str:
    """The text of a baseline: sorted by file, rule and subject, an entry a line."""
    ordered = sorted(entries, key=lambda each: (each.path, *each.topic))
    lines = ",\n".join(f"    {_line(each.json())}" for each in ordered)
    inside = f"[\n{lines}\n  ]" if lines else "[]"
    return f'{{\n  "version": {VERSION},\n  "entries": {inside}\n}}\n'


def _line(value: Json) -> str:
    """A value of JSON, with its letters as they are wherever they can be written."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value)
    return text if text.isprintable() else json.dumps(value)


def _text(file: Path) -> str:
    try:
        disk.must_stay(file)
        return disk.text(file)
    except FileNotFoundError:
        raise ConfigError(f"{file}: there is no such file; `airwarden baseline write` makes one") from None
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{file}: is not UTF-8 text; {_WAY_OUT}") from None


def _checked(file: Path, text: str) -> Json:
    """The baseline as a value of JSON that has the right form."""
    try:
        value = json_of(text)
    except json.JSONDecodeError as error:
        what = "holds a merge conflict" if "\n<<<<<<< " in text else f"is not JSON: {error.msg}"
        raise ConfigError(f"{file}: line {error.lineno}: {what}; {_WAY_OUT}") from None
    except ValueError:
        raise ConfigError(f"{file}: is no baseline; {_WAY_OUT}") from None
    version = value.get("version") if isinstance(value, dict) else None
    if isinstance(version, int) and version != VERSION:
        known = f"this airwarden knows version {VERSION} of it; use the airwarden that wrote it"
        raise ConfigError(f"{file}: is a baseline of version {version}, and {known}, or write a new one")
    if not _surely_fits(value):
        schema = json.loads((folder("schemas") / "baseline.json").read_text(encoding="utf-8"))
        validate(f"{file}: ", value, schema)
    return dict(value)


def _surely_fits(value: Any) -> bool:
    """Whether a baseline is known to have the form that its schema describes: one may have ten thousand
    entries, and to hold each against the schema takes long.
    """
    if not isinstance(value, dict) or value.keys() != {"version", "entries"}:
        return False
    return isinstance(value["entries"], list) and all(map(_is_entry, value["entries"]))


def _is_entry(row: Any) -> bool:
    if not isinstance(row, dict) or not (_NEEDED <= row.keys() <= _KNOWN):
        return False
    texts = (each for key, each in row.items() if key not in ("count", "level"))
    count, level = row.get("count", 1), row.get("level", "note")
    is_told = all(row[key] for key in _NEEDED) and all(isinstance(each, str) for each in texts)
    return is_told and type(count) is int and count > 0 and level in LEVELS
