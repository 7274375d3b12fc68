"""Workspace: a repository with its settings and its rules, and the runs over it."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from airwarden.baseline import baseline_of
from airwarden.engine import Known, Progress, check
from airwarden.repo import Repo

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    from airwarden.baseline import Baseline
    from airwarden.cache import Book
    from airwarden.changes import Changes
    from airwarden.config import Config
    from airwarden.registry import LoadedRules, Registry
    from airwarden.report import Report
    from airwarden.snapshots import Snapshot


_Run: TypeAlias = "Callable[[Repo, Sequence[str] | None, Known | None], Report]"


class _Shelf:
    """Has what was last written to it, and hands it on to a cache if there is one."""

    def __init__(self, known: Known | None = None) -> None:
        self.book = known.book if known else None
        self._behind = known.cache if known else None

    def write(self, book: Book, started: int) -> None:
        self.book = book
        if self._behind is not None:
            self._behind.write(book, started)


class Workspace:
    """One repository that is worked on, with the settings that count there.

    `home` is the folder of the cache; without one, nothing is taken from earlier runs or left to later ones.
    Nothing expires without `today`.
    """

    def __init__(
        self,
        root: Path,
        registry: Registry,
        config: Config,
        home: Path | None = None,
        today: date | None = None,
    ) -> None:
        self.root = root
        self.registry = registry
        self.config = config
        self.today = today
        self._home = home

    @cached_property
    def selected(self) -> list[str]:
        """The ids of the rules that the settings ask for. Those that the widest profiles add are among them:
        to tell them takes a look into every file of a rule.
        """
        ids = self.registry.selected(self.config)
        return self.registry.wanted(ids, self.config) if self.config.profile == "core" else ids

    @cached_property
    def baseline(self) -> Baseline | None:
        """The baseline that counts by the settings. Raises `ConfigError`."""
        return baseline_of(self.root, self.config)

    def look_anew(self) -> None:
        """Has the baseline read when it is next asked for, as it is then."""
        self.__dict__.pop("baseline", None)

    def repo(self, snapshot: Snapshot | None = None) -> Repo:
        """The repository, as it stands on the disk or in another state, of which nothing is read yet."""
        book = self._known.book if self._known else None
        return Repo(self.root, self.config, earlier=book.decisions if book else None, snapshot=snapshot)

    def check(
        self,
        repo: Repo,
        paths: Sequence[str] | None = None,
        *,
        changes: Changes | None = None,
        progress: Progress = iter,
        jobs: int = 1,
        fixes: bool = False,
        covers: Callable[[str], bool] | None = None,
        known: Known | None = None,
    ) -> Report:
        """Checks the files of `paths`, or all; the parameters are those of `engine.check`. Where there are
        `changes`, what they have no share in is only counted. `known` stands in the place of the cache.
        """
        rules, selected = self._rules if known is None else self._kept_rules, self.selected

        def run(repo: Repo, paths: Sequence[str] | None, known: Known | None) -> Report:
            means: dict[str, Any] = {
                "selected": selected,
                "known": known,
                "jobs": jobs,
                "fixes": fixes,
                "baseline": self.baseline,
                "today": self.today,
                "covers": covers,
            }
            return check(repo, paths, self.config, rules, progress, self.registry.families, **means)

        if changes is None:
            report = run(repo, paths, known or self._known)
        else:
            report = self._introduced(repo, paths, changes, run)
        return replace(report, crashes=(*rules.crashes(selected), *report.crashes))

    def _introduced(self, repo: Repo, paths: Sequence[str] | None, changes: Changes, run: _Run) -> Report:
        """What changes have a share in. Of the state before them, what cannot have changed is not judged."""
        from airwarden.introduced import introduced

        shelf = _Shelf(self._known)
        report = run(repo, paths, Known(shelf, shelf.book))

        def earlier(some: Sequence[str]) -> Report:
            wanted = paths if self.baseline and self.baseline.path in some else some
            behind = _Shelf(self._known_of("before"))
            return run(self.repo(changes.before), wanted, Known(behind, behind.book or shelf.book))

        return introduced(report, changes, earlier)

    @cached_property
    def _known(self) -> Known | None:
        return self._known_of()

    def _known_of(self, state: str = "") -> Known | None:
        """What earlier runs left of the repository in a state."""
        if self._home is None:
            return None
        from airwarden.cache import Cache

        cache = Cache(self._home, self.root, self.config, state)
        return Known(cache, cache.read())

    @cached_property
    def _rules(self) -> LoadedRules:
        """All rules where results are kept, so that they serve another selection too."""
        book = self._known.book if self._known else None
        facts = book.facts if book else None
        chosen = self.selected if self._known is None or self.config.select else None
        if self._known is None and chosen is not None:
            chosen = self.registry.wanted(chosen, self.config)
        if book is None:
            self.registry.verify_schemas(chosen)
        return self.registry.load_some(chosen, facts)

    @cached_property
    def _kept_rules(self) -> LoadedRules:
        """All that may be selected for any file, where results are kept in the process."""
        return self.registry.load_some(self.selected)
