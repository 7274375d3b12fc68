"""Reached: what the modules of the repository need that a file imports and nothing else checks."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from pathlib import PurePosixPath

from airwarden import syntax
from airwarden.dag import DagFile
from airwarden.distributions.names import Need
from airwarden.needs.calls import decorators, executors, storage
from airwarden.needs.found import Found, Names, Step, known_roots
from airwarden.needs.imports import imports
from airwarden.needs.places import Places, milder
from airwarden.needs.use import When
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.repo import Repo
from airwarden.source import Unreadable
from airwarden.tracing import Answers, traced_property

_WORD = regex(r"[A-Za-z_]\w*")


@dataclass(frozen=True, eq=False)
class LocalImport:
    """An import of a module of the repository; `name` is how it is called there, `path` where it stands."""

    node: syntax.Import
    name: str
    path: str
    when: When


@dataclass(frozen=True, eq=False)
class Hop:
    """Something that is needed behind a module of the repository, and the way from there."""

    found: Found
    when: When
    way: tuple[Step, ...]


@dataclass(frozen=True, eq=False)
class Behind:
    """Something that is needed behind an import of a file."""

    start: LocalImport
    hop: Hop

    @property
    def when(self) -> When:
        """The milder of when the import runs and when what is behind it is needed."""
        return milder(self.start.when, self.hop.when)


def own_needs(file: DagFile, places: Places, names: Names) -> Iterator[Found]:
    """What the code of a file itself needs, arguments aside."""
    yield from imports(file, places, names)
    yield from decorators(file, places, names)
    yield from storage(file, places)
    yield from executors(file, places)


class Reached:
    """What files need through the modules that they import."""

    def __init__(self, repo: Repo, names: Names) -> None:
        self.repo = repo
        self.names = names
        self._places: dict[str, Places] = {}
        self.tracer = repo.tracer
        self._local: Answers[str, tuple[LocalImport, ...]] = Answers(repo.tracer)
        self._hops: Answers[str, tuple[Hop, ...]] = Answers(repo.tracer)
        self._known: Answers[str, bool] = Answers(repo.tracer)

    def places(self, file: DagFile) -> Places:
        """When the code of a file runs."""
        if file.path not in self._places:
            self._places[file.path] = Places(file)
        return self._places[file.path]

    def behind(self, file: DagFile) -> Iterator[Behind]:
        """What the unchecked modules need that a file imports, each thing once and at its most pressing."""
        best: dict[tuple[Need, str], Behind] = {}
        for start in self._imports(file):
            for hop in self._behind(start.path):
                each, key = Behind(start, hop), (hop.found.need, hop.found.member)
                if key not in best or milder(best[key].when, each.when) != each.when:
                    best[key] = each
        yield from best.values()

    def _behind(self, path: str) -> tuple[Hop, ...]:
        """What loading an unchecked module leads to, each thing once and at its most pressing."""
        return self._hops.get(path, lambda: self._best_hops(path))

    def _best_hops(self, path: str) -> tuple[Hop, ...]:
        best: dict[tuple[Need, str], Hop] = {}
        for hop in self._walk(path):
            key = (hop.found.need, hop.found.member)
            if key not in best or milder(best[key].when, hop.when) != hop.when:
                best[key] = hop
        return tuple(best.values())

    def _walk(self, start: str) -> Iterator[Hop]:
        pending: deque[tuple[str, When, tuple[Step, ...]]] = deque([(start, "load", ())])
        seen: dict[str, When] = {}
        while pending:
            path, when, way = pending.popleft()
            file = self.repo.readable_dag_file(path)
            if file is None or (path in seen and milder(seen[path], when) == when):
                continue
            seen[path] = when
            for found in own_needs(file, self.places(file), self.names):
                yield Hop(found, milder(when, found.when), (*way, Step(file, found.node, found.name)))
            for each in self._imports(file):
                step = Step(file, each.node, each.name)
                pending.append((each.path, milder(when, each.when), (*way, step)))

    def _imports(self, file: DagFile) -> tuple[LocalImport, ...]:
        """The imports of unchecked modules of the repository."""
        return self._local.get(file.path, lambda: tuple(self._local_imports(file)))

    def _local_imports(self, file: DagFile) -> Iterator[LocalImport]:
        for statement in file.module.imports:
            found = {path: name for each in statement.names for path, name in self._modules(each, file.path)}
            leading = [path for path in found if path != file.path and self._leads_on(path)]
            when = self.places(file).when(statement, statement.scope) if leading else None
            if when is not None:
                yield from (LocalImport(statement, found[path], path, when) for path in leading)

    def _modules(self, name: syntax.ImportedName, importer: str) -> Iterator[tuple[str, str]]:
        """The files of the repository that an import loads, each with its dotted name."""
        for dotted in (name.dotted, name.module):
            path = self.repo.module_path(dotted, importer)
            if path is not None:
                yield path, dotted.lstrip(".")
                yield from _packages(path, dotted.lstrip("."))
                return

    def _leads_on(self, path: str) -> bool:
        """Whether a file is unchecked, and leads to one that needs anything."""
        return self._is_unchecked(path) and path in self._leading

    def _is_unchecked(self, path: str) -> bool:
        """Whether a Python file is not checked by itself, or Airflow does not look at it."""
        return self._known.get(
            path, lambda: not self.repo.is_dag_file(path) or self.repo.is_airflow_ignored(path)
        )

    @traced_property
    def _unchecked(self) -> frozenset[str]:
        return frozenset(path for path in self.repo.files_ending(".py") if self._is_unchecked(path))

    @traced_property
    def _carriers(self) -> frozenset[str]:
        """Those of them that may need anything: without one, no import has to be followed."""
        roots = "|".join(map(re.escape, sorted(known_roots())))
        word = re.compile(rf"^[ \t]*(?:from|import)\b[^#\n]*\b(?:{roots})\b|[\"'](?:{roots})\.", re.MULTILINE)
        return frozenset(path for path in self._unchecked if word.search(self._text(path)))

    @traced_property
    def _leading(self) -> frozenset[str]:
        """The unchecked files that need anything, and those that may import one of these."""
        found = set(self._carriers)
        words = {path: frozenset(_WORD.findall(self._text(path))) for path in self._unchecked - found}
        new = found
        while new:
            stems = {_stem(path) for path in new}
            new = {path for path, own in words.items() if path not in found and not stems.isdisjoint(own)}
            found |= new
        return frozenset(found)

    def _text(self, path: str) -> str:
        try:
            return self.repo.source(path).text
        except Unreadable:
            return ""


def _stem(path: str) -> str:
    """The last part of a module's dotted name."""
    file = PurePosixPath(path)
    return file.parent.name if file.name == "__init__.py" else file.stem


def _packages(path: str, dotted: str) -> Iterator[tuple[str, str]]:
    """The `__init__.py` of each package that a module stands in, as far as its name tells."""
    folders = path.removesuffix("/__init__.py").split("/")[:-1]
    names = dotted.split(".")[:-1]
    while names and folders[-1:] == names[-1:]:
        yield "/".join((*folders, "__init__.py")), ".".join(names)
        folders.pop()
        names.pop()
