"""What earlier runs found, kept in a folder of the user's: a book for each repository, as JSON, and a ledger.

A book holds no text of any file and no secret: paths, digests, findings and what they were made from.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airwarden import __version__, disk
from airwarden.folders import folder
from airwarden.ledger import Ledger, Results
from airwarden.records import dataclass
from airwarden.repo import SETTLED, Reading
from airwarden.rule import Rule
from airwarden.walking import Decisions, digest_of

if TYPE_CHECKING:
    from airwarden.config import Config

FORMAT = 2
MOST_BOOKS = 64

_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n"
_FACTS = (
    *("module", "help", "level", "remedy", "see", "profile", "severity"),
    *("general", "outranked_by", "folded"),
)
_SHAPING = ("exclude", "values_files", "dag_folders", "deployments", "dependency_files")
"""Settings that tell which file is what; all others are inputs like any."""


@dataclass
class Book:
    """What is known of one repository. `readings` has the files that outcomes were made from, None for one
    that was not there; `facts` those of the rules that were needed. `settings` and `asked` are the settings
    that were read and the paths beyond `files` that were asked for, with the answers.
    """

    results: Results = field(default_factory=Results)
    decisions: Decisions = field(default_factory=Decisions)
    files: Sequence[str] = ()
    readings: Mapping[str, Reading | None] = field(default_factory=dict)
    facts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, bool] = field(default_factory=dict)
    read_ledger: Callable[[], Ledger] = Ledger
    ledger_digest: str = ""
    """That of the ledger's file, where one that is there is the right one."""

    @cached_property
    def ledger(self) -> Ledger:
        """What the results were made from; an empty one where it can't be read."""
        return self.read_ledger()


class Cache:
    """The book of one repository in a folder; what can't be read or written there is done without.

    Another `state` of the repository than the one on the disk has a book of its own.
    """

    def __init__(self, home: Path, root: Path, config: Config, state: str = "") -> None:
        self.home = home
        self._packs = config.packs
        shaping = [repr(getattr(config, name)) for name in _SHAPING]
        self._key = [FORMAT, str(root.resolve()), *shaping, *([state] if state else [])]
        name = digest_of(str(self._key).encode())
        self._file, self._ledger_file = home / f"{name}.json", home / f"{name}.ledger"

    @cached_property
    def tool(self) -> str:
        """A digest of whatever of the tool itself, and of packs, may change what is found."""
        packs = (pack.folder for pack in self._packs)
        homes = (Path(__file__).parent, folder("rules"), folder("schemas"), *packs)
        parts = [part for home in homes for part in _signatures(str(home))]
        for name in ("libcst", "yaml", *(("jsonschema",) if self._packs else ())):
            spec = find_spec(name)
            found = Path(spec.origin).stat() if spec and spec.origin else None
            parts.append(f"{name} {found and (found.st_mtime_ns, found.st_size)}")
        return digest_of("\n".join((__version__, sys.version, *sorted(parts))).encode())

    def read(self) -> Book | None:
        """The book, where there is one that this very tool has written."""
        try:
            value = json.loads(self._undamaged(self._file))
            if value["tool"] != self.tool or value["key"] != self._key:
                return None
            files, ledger = value["files"], value["ledger"]
            left_out = {**dict.fromkeys([*files, *value["folders"]], False)}
            left_out.update(dict.fromkeys(value["left out"], True))
            return Book(
                Results(value["ran"], value["results"]),
                Decisions(value["ignore files"], left_out),
                files,
                {path: _made_reading(each) for path, each in value["readings"].items()},
                value["facts"],
                value["settings"],
                value["asked"],
                lambda: self._read_ledger(ledger),
                ledger,
            )
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return None

    def _undamaged(self, file: Path) -> bytes:
        """What a file of the cache holds behind its digest. Raises `ValueError` where it is not what was
        written, or may be somebody else's.
        """
        if not _is_ours(file):
            raise ValueError("another user may have written it")
        digest, _, data = disk.read(file).partition(b"\n")
        if digest != digest_of(data).encode():
            raise ValueError("it is damaged")
        return data

    def _read_ledger(self, digest: str) -> Ledger:
        """The ledger of that digest; another process may have written another one since."""
        try:
            data = self._undamaged(self._ledger_file)
            return Ledger.of_json(json.loads(data)) if digest_of(data) == digest else Ledger()
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            return Ledger()

    def write(self, book: Book, started: int) -> None:
        """Puts a book in the place of the one before, all at once. `started` is when the run did, in
        nanoseconds since the epoch.
        """
        with suppress(OSError):
            digest = book.ledger_digest or self._write_ledger(book.ledger)
            self._replace(self._file, json.dumps(self._value(book, digest, started), separators=(",", ":")))
            self._tidy()

    def _write_ledger(self, ledger: Ledger) -> str:
        return self._replace(self._ledger_file, json.dumps(ledger.json(), separators=(",", ":")))

    def _value(self, book: Book, ledger: str, started: int) -> dict[str, object]:
        decided = book.decisions.left_out.items()
        return {
            "tool": self.tool,
            "key": self._key,
            "ledger": ledger,
            "ran": book.results.ran,
            "results": book.results.by_path,
            "ignore files": book.decisions.ignore_files,
            "left out": [path for path, is_left_out in decided if is_left_out],
            "folders": [path for path, is_left_out in decided if path.endswith("/") and not is_left_out],
            "files": book.files,
            "readings": {path: _reading(each, started) for path, each in book.readings.items()},
            "facts": book.facts,
            "settings": book.settings,
            "asked": book.asked,
        }

    def _replace(self, file: Path, text: str) -> str:
        """Puts a text in the place of a file of the cache, behind its digest, and returns that."""
        if not self.home.is_dir():
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            disk.create(self.home / "CACHEDIR.TAG", _TAG.encode())
            disk.create(self.home / ".gitignore", b"*\n")
        data = text.encode(errors="surrogatepass")
        digest = digest_of(data)
        disk.keep(file, b"%b\n%b" % (digest.encode(), data))
        return digest

    def _tidy(self) -> None:
        """Takes out the books that were written longest ago, if there are too many, and what a run left that
        was cut short.
        """
        disk.sweep(self.home)
        books = [(book.stat().st_mtime_ns, book) for book in self.home.glob("*.json")]
        for _, book in sorted(books)[:-MOST_BOOKS]:
            book.unlink(missing_ok=True)
            book.with_suffix(".ledger").unlink(missing_ok=True)


def facts_of(rules: Iterable[Rule]) -> dict[str, Mapping[str, Any]]:
    """What findings need of rules, by id."""
    return {rule.id: {name: getattr(rule, name) for name in _FACTS} for rule in rules}


def _reading(reading: Reading | None, started: int) -> list[object] | None:
    if reading is None:
        return None
    has_rested = reading.signature[0] < started - SETTLED
    return [*(reading.signature if has_rested else (0, 0, 0)), reading.digest]


def _made_reading(value: Sequence[Any] | None) -> Reading | None:
    return None if value is None else Reading((value[0], value[1], value[2]), value[3])


def _is_ours(file: Path) -> bool:
    """Whether no other user can have written a file: it is this one's, or nobody else may write into its
    folder than the owner of both.
    """
    if not hasattr(os, "geteuid"):
        return True
    own, home = file.lstat(), file.parent.stat()
    is_closed = not home.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return own.st_uid == os.geteuid() or (own.st_uid == home.st_uid and is_closed)


def _signatures(home: str) -> Iterator[str]:
    """What stat tells of each file below a folder, byte code aside."""
    with os.scandir(home) as entries:
        for entry in entries:
            if entry.is_dir():
                if entry.name != "__pycache__":
                    yield from _signatures(entry.path)
            else:
                found = entry.stat()
                yield f"{entry.path} {found.st_size} {found.st_mtime_ns}"
