"""CodeNeeds: what the Python files of a repository need to be installed, each place with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from airwarden.dag import DagFile
from airwarden.findings import Related
from airwarden.needs.arguments import arguments
from airwarden.needs.found import Found, Names, Step
from airwarden.needs.reached import Reached, own_needs
from airwarden.needs.use import Use
from airwarden.repo import Repo
from airwarden.tracing import Answers


class CodeNeeds:
    """The uses of providers and other known distributions in each Python file."""

    def __init__(self, repo: Repo) -> None:
        self._names = Names(repo)
        self._reached = Reached(repo, self._names)
        self._found: Answers[str, tuple[Found, ...]] = Answers(repo.tracer)
        self._uses: Answers[str, tuple[Use, ...]] = Answers(repo.tracer)

    def of(self, dag_file: DagFile) -> tuple[Use, ...]:
        """Every use of one file, in order of place: what it names itself, and what the modules need that it
        imports and that are not checked by themselves. None where Airflow ignores the file.
        """
        return self._uses.get(dag_file.path, lambda: self._placed(dag_file))

    def _placed(self, dag_file: DagFile) -> tuple[Use, ...]:
        found = self.found(dag_file)
        dag_file.locate([each.node for each in found])
        return tuple(sorted((_use(dag_file, each) for each in found), key=_place))

    def where(self, tells: Callable[[Found], bool], dag_file: DagFile) -> tuple[Use, ...]:
        """Every use of one file if any of them tells; their places are worked out for that alone."""
        return self.of(dag_file) if any(map(tells, self.found(dag_file))) else ()

    def found(self, dag_file: DagFile) -> tuple[Found, ...]:
        """The uses of one file, in no order."""
        return self._found.get(dag_file.path, lambda: self._all(dag_file))

    def _all(self, dag_file: DagFile) -> tuple[Found, ...]:
        if self._reached.repo.is_airflow_ignored(dag_file.path):
            return ()
        return (*self._own(dag_file), *self._behind(dag_file))

    def _own(self, file: DagFile) -> Iterator[Found]:
        places = self._reached.places(file)
        yield from own_needs(file, places, self._names)
        yield from arguments(file, places, self._names)

    def _behind(self, file: DagFile) -> Iterator[Found]:
        for each in self._reached.behind(file):
            start, hop = each.start, each.hop
            yield replace(hop.found, node=start.node, name=start.name, when=each.when, way=hop.way)


def _use(file: DagFile, found: Found) -> Use:
    return Use(
        found.need,
        file.region(found.node),
        found.name,
        found.when,
        found.member,
        found.argument,
        way=tuple(_related(step) for step in found.way),
        trusts_image=found.trusts_image,
    )


def _related(step: Step) -> Related:
    return Related(step.file.region(step.node), f"imports {step.name} here")


def _place(use: Use) -> tuple[int, int, str, str]:
    return use.region.line, use.region.column, use.name, use.argument
