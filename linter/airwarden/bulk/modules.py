"""Modules: which modules of the repository a file may take anything from."""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.dag import DagFile
from airwarden.repo import Repo
from airwarden.tracing import Answers


class Modules:
    """The modules that the files of one repository import, each looked up once."""

    def __init__(self, repo: Repo) -> None:
        self._repo = repo
        self._imported: Answers[str, tuple[DagFile, ...]] = Answers(repo.tracer)

    def behind(self, file: DagFile) -> Iterator[DagFile]:
        """A file, the modules of the repository that it imports, and those that these import."""
        found, pending = {file.path}, [file]
        while pending:
            each = pending.pop()
            yield each
            fresh = [module for module in self._of(each) if module.path not in found]
            found.update(module.path for module in fresh)
            pending += fresh

    def say(self, words: tuple[str, ...], file: DagFile) -> bool:
        """Whether any of these words stands in a file or in a module behind it."""
        return any(word in each.source.text for each in self.behind(file) for word in words)

    def _of(self, file: DagFile) -> tuple[DagFile, ...]:
        return self._imported.get(file.path, lambda: self._found(file))

    def _found(self, file: DagFile) -> tuple[DagFile, ...]:
        names = [name for each in file.module.imports for name in each.names]
        dotted = dict.fromkeys(each for name in names for each in (name.target, name.dotted, name.module))
        modules = (self._repo.module(each, file.path) for each in dotted)
        return tuple({module.path: module for module in modules if module is not None}.values())
