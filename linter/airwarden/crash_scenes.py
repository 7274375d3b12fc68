"""Where a crash happened: looked at once more, and made as small as it can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from airwarden.config import ConfigError, nearest
from airwarden.crash_reports import Fault, Shape
from airwarden.crashes import crash
from airwarden.engine import check
from airwarden.placeholders import anonymous, known_names
from airwarden.reduction import Budget, reduced
from airwarden.source import Source, Unreadable, decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from airwarden.repo import Repo
    from airwarden.report import Crash, Report
    from airwarden.workspace import Workspace


class Scene:
    """A repository in which `rule` fails, or any of its rules."""

    def __init__(self, workspace: Workspace, rule: str | None = None) -> None:
        registry = workspace.registry
        if rule is not None and rule not in registry.files:
            near = nearest(rule, registry.files) or " (`airwarden rules` lists them)"
            raise ConfigError(f"--rule: there is no rule {rule!r}{near}")
        self._workspace = workspace
        if rule in registry.withheld:
            raise ConfigError(f"--rule: {registry.left_out}")
        self._rules, self._unloaded = registry.load([rule] if rule else None)
        self.repo = workspace.repo()

    @cached_property
    def ours(self) -> Mapping[str, object]:
        """The built-in rules, by id."""
        registry = self._workspace.registry
        return {name: file for name, file in registry.files.items() if name not in registry.sources}

    def crashes(self, paths: Sequence[str] | None) -> list[Crash]:
        """What fails when files are checked and told of, each time by itself."""
        try:
            report = self._checked(self.repo, paths)
        except ConfigError:
            raise
        except Exception as error:
            return [crash("", "", error)]
        return [*self._unloaded, *report.crashes, *_told(report)]

    def _checked(self, repo: Repo, paths: Sequence[str] | None) -> Report:
        families = self._workspace.registry.families
        return check(repo, paths, self._workspace.config, self._rules, families=families)

    def filled(self, fault: Fault, told: Crash, *, is_reduced: bool) -> Fault:
        """A fault with the shape of the file that brought it about."""
        if told.path not in self.repo.files:
            return fault
        shape = self._shape(told.path)
        return replace(fault, shape=replace(shape, text=self._remains(told)) if is_reduced else shape)

    def _shape(self, path: str) -> Shape:
        data, ending = self.repo.data(path), PurePosixPath(path).suffix
        try:
            text, encoding = decode(path, data), "text"
        except Unreadable:
            text, encoding = data.decode("latin-1"), "no text"
        lines = text.splitlines()
        longest = max(map(len, lines), default=0)
        shown = ending if ending.removeprefix(".") in known_names() else ""
        return Shape(tuple(self._kinds(path)), shown, len(data), len(lines), longest, encoding)

    def _kinds(self, path: str) -> Iterator[str]:
        with suppress(Exception):
            if self.repo.is_dag_file(path):
                yield "a DAG file"
        with suppress(Exception):
            if self.repo.is_values_file(path):
                yield "Helm values"

    def _remains(self, told: Crash) -> str:
        """What remains of a file when all is taken out that has no share in a crash, and all the rest is
        replaced; empty where it no longer fails then.
        """
        try:
            text = self.repo.source(told.path).text
        except Unreadable:
            return ""

        def happens(text: str) -> bool:
            repo = self.repo.afresh({told.path: Source(told.path, text)})
            return any(_same(each, told) for each in self._checked(repo, [told.path]).crashes)

        if not happens(text):
            return ""
        budget = Budget()
        shown = anonymous(reduced(text, happens, budget), told.path.endswith(".py"))
        return reduced(shown, happens, budget) if happens(shown) else ""


def _same(one: Crash, other: Crash) -> bool:
    return (one.rule, one.kind, one.frames[-1:]) == (other.rule, other.kind, other.frames[-1:])


def _told(report: Report) -> Iterator[Crash]:
    """What fails in telling of a report."""
    from airwarden.formats import FORMATS, renderer
    from airwarden.formats.view import View

    for name in FORMATS:
        try:
            renderer(name)(report, View(detail="everything", suppressed=True))
        except Exception as error:  # noqa: PERF203
            yield crash("", "", error)
