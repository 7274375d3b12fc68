"""Checkout: one repository in an editor, judged again and again as its texts change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from airwarden.baseline import baseline_of
from airwarden.config import Config, ConfigError, Settings
from airwarden.engine import Known, Progress
from airwarden.records import dataclass
from airwarden.registry import Registry
from airwarden.repo import SETTLED, Reading, Repo
from airwarden.source import Source
from airwarden.trust import Trust
from airwarden.workspace import Workspace

if TYPE_CHECKING:
    from airwarden.cache import Book
    from airwarden.report import Report


class Memory:
    """Keeps the book of a repository as long as the process lasts."""

    def __init__(self) -> None:
        self.book: Book | None = None

    def write(self, book: Book, started: int) -> None:
        """Keeps a book. A file that was changed a moment before it was read is compared by its bytes."""
        fresh = {
            path: Reading((0, 0, 0), each.digest)
            for path, each in book.readings.items()
            if each is not None and each.signature[0] >= started - SETTLED
        }
        self.book = replace(book, readings={**book.readings, **fresh})


@dataclass(frozen=True)
class Checked:
    """What there is to say of some files of a repository as they are now.

    `fault` says which setting can't be followed, where one can't: then the last settings that could be count.
    """

    workspace: Workspace
    repo: Repo
    report: Report
    fault: str = ""


@dataclass
class Checkout:
    """One repository: its settings as they stand in files, and what is known of it from one check to the
    next. Its own policies in Python run as far as `trust`, or else what is said outside of it, allows.
    """

    root: Path
    trust: bool | None = None
    _registry: Registry = field(default_factory=Registry)
    _workspace: Workspace | None = None
    _repo: Repo | None = None
    _fault: str = ""
    _memory: Memory = field(default_factory=Memory)

    def begin(self, texts: Mapping[str, Source]) -> None:
        """Looks at the repository as it is now. `texts` stand for what files hold, by paths from the root."""
        self._fault = self._read_settings()
        config = (self._workspace or self._start(Config())).config
        self._repo = self._repo.renewed(texts) if self._repo else Repo(self.root, config, texts)

    def check(self, paths: Sequence[str], progress: Progress = iter) -> Checked:
        """Checks files of the repository as it was when that was begun."""
        workspace = self._workspace or self._start(Config())
        repo = self._repo or workspace.repo()
        known = Known(self._memory, self._memory.book)
        report = workspace.check(repo, paths, progress=progress, known=known)
        return Checked(workspace, repo, report, self._fault)

    def _read_settings(self) -> str:
        """Starts anew where the settings are no longer the same; returns what is wrong with them."""
        try:
            settings = Settings.read(self.root)
            registry = Registry(trust=Trust(self.root, self.trust))
            registry.take(settings.config.packs)
            registry.verify_settings(settings)
            baseline_of(self.root, settings.config)
            _ = registry.withheld
        except ConfigError as error:
            return str(error)
        known = self._workspace
        if known is None or (known.config, known.today) != (settings.config, date.today()):
            self._registry = registry
            self._start(settings.config)
        else:
            known.look_anew()
        return ""

    def _start(self, config: Config) -> Workspace:
        self._workspace = Workspace(self.root, self._registry, config, today=date.today())
        self._repo, self._memory = None, Memory()
        return self._workspace
