"""Which names from outside of the repository a file can come to, judged by imports alone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from airwarden import syntax
from airwarden.dag import DagFile
from airwarden.repo import Repo
from airwarden.tracing import Answers

_ANY_MODULE = "import_module"


class ReachedNames:
    """What the files of one repository can come to, those that they import followed."""

    def __init__(self, repo: Repo) -> None:
        self._repo = repo
        self._known: Answers[tuple[frozenset[str], str], bool] = Answers(repo.tracer)
        self._names: Answers[tuple[frozenset[str], str], bool] = Answers(repo.tracer)
        self._neighbours: Answers[str, tuple[DagFile, ...]] = Answers(repo.tracer)

    def may_reach(self, file: DagFile, wanted: frozenset[str]) -> bool:
        """Whether loading a file may come to one of these full names; False only where it can't."""
        return self._known.get((wanted, file.path), lambda: self._explore(file, wanted))

    def _explore(self, file: DagFile, wanted: frozenset[str]) -> bool:
        seen, waiting = {file.path}, [file]
        while waiting:
            each = waiting.pop()
            if self._names.get((wanted, each.path), partial(self._may_name, each, wanted)):
                return True
            for other in self._neighbours.get(each.path, partial(self._imported_by, each)):
                if other.path not in seen:
                    seen.add(other.path)
                    waiting.append(other)
        return False

    def _imported_by(self, file: DagFile) -> tuple[DagFile, ...]:
        return tuple(self._imported(file))

    def _may_name(self, file: DagFile, wanted: frozenset[str]) -> bool:
        """Whether a file itself can name one: it imports it, what it is in, or nobody knows what."""
        return (
            _ANY_MODULE in file.source.text
            or any(_leads_to(name, wanted) for name in _names(file))
            or any(self._is_package(name, file) for name in _names(file))
        )

    def _is_package(self, name: syntax.ImportedName, file: DagFile) -> bool:
        """Whether a name stands for a package of the repository, through which all of it is reached."""
        if name.name == "*":
            return False
        path = self._repo.module_path(name.target, file.path)
        if path is None:
            return self._repo.is_package_folder(name.target, file.path)
        return path.endswith("__init__.py")

    def _imported(self, file: DagFile) -> Iterator[DagFile]:
        """The files of the repository that a file may import, the packages around each included."""
        dotted: dict[str, None] = {}
        for name in _names(file):
            parts = name.module.split(".")
            dotted.update((".".join(parts[:count]), None) for count in range(1, len(parts)) if parts[0])
            dotted.update(((name.module, None), (name.dotted, None)))
        for each in dotted:
            found = self._repo.module(each, file.path)
            if found is not None:
                yield found


def _names(file: DagFile) -> Iterator[syntax.ImportedName]:
    return (name for statement in file.module.imports for name in statement.names)


def _leads_to(name: syntax.ImportedName, wanted: frozenset[str]) -> bool:
    """Whether an import brings one of the names, or something that it is in."""
    if name.name == "*":
        return any(each.startswith(f"{name.module}.") for each in wanted)
    target = name.target
    return target in wanted or any(each.startswith(f"{target}.") for each in wanted)
