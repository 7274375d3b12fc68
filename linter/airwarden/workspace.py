"""Workspace: a repository with its settings and its rules, and the runs over it."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from airwarden.engine import Known, Progress, check
from airwarden.repo import Repo

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from airwarden.config import Config
    from airwarden.registry import LoadedRules, Registry
    from airwarden.report import Report


class Workspace:
    """One repository that is worked on, with the settings that count there.

    `home` is the folder of the cache; without one, nothing is taken from earlier runs or left to later ones.
    """

    def __init__(self, root: Path, registry: Registry, config: Config, home: Path | None = None) -> None:
        self.root = root
        self.registry = registry
        self.config = config
        self._home = home

    @cached_property
    def selected(self) -> list[str]:
        """The ids of the rules that the settings ask for."""
        return self.registry.selected(self.config)

    def repo(self) -> Repo:
        """The repository, of which nothing is read yet."""
        book = self._known.book if self._known else None
        return Repo(self.root, self.config, earlier=book.decisions if book else None)

    def check(
        self,
        repo: Repo,
        paths: Sequence[str] | None = None,
        *,
        progress: Progress = iter,
        jobs: int = 1,
        fixes: bool = False,
        known: Known | None = None,
    ) -> Report:
        """Checks the files of `paths`, or all; the parameters are those of `engine.check`. `known` stands in
        the place of the cache.
        """
        rules, selected = self._rules, self.selected
        report = check(
            repo,
            paths,
            self.config,
            rules,
            progress,
            self.registry.families,
            selected=selected,
            known=known or self._known,
            jobs=jobs,
            fixes=fixes,
        )
        return replace(report, crashes=(*rules.crashes(selected), *report.crashes))

    @cached_property
    def _known(self) -> Known | None:
        if self._home is None:
            return None
        from airwarden.cache import Cache

        cache = Cache(self._home, self.root, self.config)
        return Known(cache, cache.read())

    @cached_property
    def _rules(self) -> LoadedRules:
        """All rules where results are kept, so that they serve another selection too."""
        book = self._known.book if self._known else None
        is_narrow = self._known is None or bool(self.config.select)
        return self.registry.load_some(self.selected if is_narrow else None, book.facts if book else None)
