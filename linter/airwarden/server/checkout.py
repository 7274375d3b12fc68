"""Checkout: one repository in an editor, judged again and again as its texts change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from airwarden.cache import Book, Cache
from airwarden.config import Config, ConfigError
from airwarden.engine import Known, Progress
from airwarden.records import dataclass
from airwarden.registry import Registry
from airwarden.repo import SETTLED, Reading, Repo
from airwarden.source import Source
from airwarden.workspace import Workspace

if TYPE_CHECKING:
    from airwarden.report import Report


class Memory(Cache):
    """A cache that lasts as long as the process."""

    def __init__(self) -> None:
        self._book: Book | None = None

    def read(self) -> Book | None:
        """The book that was written last."""
        return self._book

    def write(self, book: Book, started: int) -> None:
        """Keeps a book. A file that was changed a moment before it was read is compared by its bytes."""
        fresh = {
            path: Reading((0, 0, 0), each.digest)
            for path, each in book.readings.items()
            if each is not None and each.signature[0] >= started - SETTLED
        }
        self._book = replace(book, readings={**book.readings, **fresh})


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
    next.
    """

    root: Path
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
        known = Known(self._memory, self._memory.read())
        report = workspace.check(repo, paths, progress=progress, known=known)
        return Checked(workspace, repo, report, self._fault)

    def _read_settings(self) -> str:
        """Starts anew where the settings are no longer the same; returns what is wrong with them."""
        try:
            config = Config.read(self.root)
            self._registry.verify(config.names())
        except ConfigError as error:
            return str(error)
        if self._workspace is None or self._workspace.config != config:
            self._start(config)
        return ""

    def _start(self, config: Config) -> Workspace:
        self._workspace = Workspace(self.root, self._registry, config)
        self._repo, self._memory = None, Memory()
        return self._workspace
