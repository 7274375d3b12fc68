"""CodeNeeds: what the Python files of a repository need to be installed, each place with its reason."""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.dag import DagFile
from airwarden.needs.arguments import arguments
from airwarden.needs.found import Found, Names
from airwarden.needs.reached import Behind, Reached, own_needs
from airwarden.needs.use import Use
from airwarden.repo import Repo


class CodeNeeds:
    """The uses of providers and other known distributions in each Python file."""

    def __init__(self, repo: Repo) -> None:
        self._names = Names(repo)
        self._reached = Reached(repo, self._names)
        self._uses: dict[str, tuple[Use, ...]] = {}

    def of(self, dag_file: DagFile) -> tuple[Use, ...]:
        """Every use of one file, in order of place: what it names itself, and what the modules need that it
        imports and that are not checked by themselves. None where Airflow ignores the file.
        """
        if dag_file.path not in self._uses:
            is_ignored = self._reached.repo.is_airflow_ignored(dag_file.path)
            uses = () if is_ignored else (*self._own(dag_file), *self._behind(dag_file))
            self._uses[dag_file.path] = tuple(sorted(uses, key=_place))
        return self._uses[dag_file.path]

    def _own(self, file: DagFile) -> Iterator[Use]:
        places = self._reached.places(file)
        found = [*own_needs(file, places, self._names), *arguments(file, places, self._names)]
        file.locate([each.node for each in found])
        yield from (_use(file, each) for each in found)

    def _behind(self, file: DagFile) -> Iterator[Use]:
        found = list(self._reached.behind(file))
        file.locate([each.start.node for each in found])
        yield from (_use_behind(file, each) for each in found)


def _use(file: DagFile, found: Found) -> Use:
    return Use(
        found.need,
        file.region(found.node),
        found.name,
        found.when,
        found.member,
        found.argument,
        trusts_image=found.trusts_image,
    )


def _use_behind(file: DagFile, behind: Behind) -> Use:
    found = behind.hop.found
    return Use(
        found.need,
        file.region(behind.start.node),
        behind.start.name,
        behind.when,
        found.member,
        way=behind.hop.way,
        trusts_image=found.trusts_image,
    )


def _place(use: Use) -> tuple[int, int, str, str]:
    return use.region.line, use.region.column, use.name, use.argument
