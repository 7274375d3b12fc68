"""The steps to take: files to write or to change, each with what it is good for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING

from airwarden.adoption.configuration import FILES, first_table, with_table
from airwarden.adoption.precommit import FILE, HOOK, has_hook, new_config, with_hook
from airwarden.records import dataclass
from airwarden.repo import is_configured
from airwarden.source import Source

if TYPE_CHECKING:
    from airwarden.adoption.origin import Origin
    from airwarden.adoption.survey import Survey
    from airwarden.repo import Repo

_WORKFLOW = ".github/workflows/airwarden.yml"
_GITLAB = ".gitlab-ci.yml"


@dataclass(frozen=True)
class Step:
    """A file and the text that it is to hold. `gain` says what for. `old` is what it holds now, where it is
    there.
    """

    path: str
    text: str
    gain: str
    old: str | None = None


@dataclass(frozen=True)
class Left:
    """Something that is not done, and why or what to do about it."""

    path: str
    reason: str


class Plan:
    """All steps for a repository."""

    def __init__(self, repo: Repo, survey: Survey, origin: Origin) -> None:
        self._repo = repo
        self._survey = survey
        self._origin = origin

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """What to write."""
        return tuple(each for each in self._all if isinstance(each, Step))

    @cached_property
    def left(self) -> tuple[Left, ...]:
        """What is there already, and what is for the user to do."""
        return tuple(each for each in self._all if isinstance(each, Left))

    @cached_property
    def _all(self) -> tuple[Step | Left, ...]:
        return (self._configuration(), self._hooks(), *self._ci())

    def _configuration(self) -> Step | Left:
        found = next(filter(self._holds_settings, FILES), None)
        if found is not None:
            return Left(found, "has settings of airwarden already")
        table = first_table(self._repo, self._survey)
        gain = "the settings, for everyone who runs airwarden here"
        if self._has(FILES[0]):
            old = self._text(FILES[0])
            return Step(FILES[0], with_table(old, table), gain, old)
        return Step(FILES[1], table, gain)

    def _hooks(self) -> Step | Left:
        gain = "whoever commits is told at once; `pre-commit install` switches it on"
        if not self._has(FILE):
            if os.path.lexists(self._repo.root / FILE):
                return Left(FILE, "is a link that leads to no file of the repository")
            return Step(FILE, new_config(self._origin), gain)
        old = self._text(FILE)
        if has_hook(old):
            return Left(FILE, "has a hook of airwarden already")
        new = with_hook(old, self._origin)
        if new is None:
            where = f"{self._origin.url} at {self._origin.revision}"
            return Left(FILE, f"is not of a form to write into: add the hook {HOOK} of {where} by hand")
        return Step(FILE, new, gain, old)

    def _ci(self) -> Iterator[Step | Left]:
        if self._survey.forge == "gitlab":
            yield Left(_GITLAB, "is for you to change: the docs on CI have a job to copy")
        if self._survey.forge != "github":
            return
        other = next((path for path in self._repo.files if self._is_our_workflow(path)), None)
        if other is not None:
            yield Left(other, "runs airwarden already")
            return
        text = files("airwarden.adoption").joinpath("workflow.yml").read_text(encoding="utf-8")
        text = text.replace("airwarden/airwarden@REVISION", self._origin.action)
        yield Step(_WORKFLOW, text, "annotations on pull requests, and alerts in code scanning")

    def _is_our_workflow(self, path: str) -> bool:
        return path.startswith(".github/workflows/") and b"airwarden" in self._repo.data(path)

    def _holds_settings(self, path: str) -> bool:
        if path != FILES[0]:
            return self._has(path)
        return self._has(path) and is_configured(self._repo.root) and not any(map(self._has, FILES[1:]))

    def _has(self, path: str) -> bool:
        return self._repo.is_file(path)

    def _text(self, path: str) -> str:
        return Source.read(self._repo.root, path).text
