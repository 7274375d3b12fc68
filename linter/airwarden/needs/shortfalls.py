"""Shortfalls: what a file needs, beside how the dependencies meet it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from airwarden.dependencies.provisions import How, Provision
from airwarden.distributions.names import Need, is_provider
from airwarden.findings import LEVELS
from airwarden.needs.brought_along import may_come_along
from airwarden.needs.use import Use
from airwarden.records import dataclass
from airwarden.repo import Repo
from airwarden.tracing import Answers

if TYPE_CHECKING:
    from airwarden.dag import DagFile
    from airwarden.needs.found import Found


@dataclass(frozen=True)
class Shortfall:
    """The first place of a file that needs something, and how the dependencies meet that need. `uses` are all
    places of the file that need it.
    """

    use: Use
    provision: Provision
    uses: tuple[Use, ...]


def shortfalls(
    uses: Iterable[Use], repo: Repo, hows: frozenset[How], images: tuple[str, ...] = ()
) -> Iterator[Shortfall]:
    """What is met in one of these ways, each need once, in order of place."""
    by_need: dict[Need, list[Use]] = {}
    for use in uses:
        if use.when in ("load", "run"):
            by_need.setdefault(use.need, []).append(use)
    for need, same in by_need.items():
        provision = repo.dependencies.provision(need, same[0].region.path, images, same[0].trusts_image)
        if provision.how in hows:
            yield Shortfall(same[0], provision, tuple(same))


def setting_shortfalls(
    uses: Iterable[Use], repo: Repo, hows: frozenset[How], images: tuple[str, ...] = ()
) -> Iterator[Shortfall]:
    """The same of what settings need: the use that does the most harm comes first, and what may come along
    with something else is left out.
    """
    told = [use for use in uses if not may_come_along(use, bool(images), repo)]
    ordered = sorted(told, key=lambda use: LEVELS.index(use.level))
    yield from shortfalls(ordered, repo, hows, images)


class CodeShortfalls:
    """How the needs of each Python file are met, worked out once for all who ask for one way or another."""

    def __init__(self, repo: Repo) -> None:
        from airwarden.needs.code import CodeNeeds

        self._repo = repo
        self._needs = repo.analysis(CodeNeeds)
        self._hows: Answers[str, frozenset[How]] = Answers(repo.tracer)

    def of(self, dag_file: DagFile, hows: frozenset[How]) -> Iterator[Shortfall]:
        """What of a file is met in one of these ways, each need once, in order of place."""
        if not hows.isdisjoint(self._hows_in(dag_file)):
            yield from shortfalls(self._needs.of(dag_file), self._repo, hows)

    def _hows_in(self, dag_file: DagFile) -> frozenset[How]:
        return self._hows.get(dag_file.path, lambda: frozenset(self._found_hows(dag_file)))

    def _found_hows(self, dag_file: DagFile) -> Iterator[How]:
        found = (each for each in self._needs.found(dag_file) if each.when in ("load", "run"))
        for need, trusts_image in dict.fromkeys((each.need, each.trusts_image) for each in found):
            yield self._repo.dependencies.provision(need, dag_file.path, trusts_image=trusts_image).how


class FirstNeed:
    """The first place of the whole repository that needs a provider which Airflow does not bring, and its
    file: the one place to say so where no file tells what the image holds.
    """

    def __init__(self, repo: Repo) -> None:
        found = repo.dependencies
        is_told = found.lists or found.images or any(each.names_airflow for each in found.traces)
        self.use = None if is_told else next(self._uses(repo), None)
        self.path = self.use.region.path if self.use else ""

    def _uses(self, repo: Repo) -> Iterator[Use]:
        from airwarden.needs.code import CodeNeeds

        for path in repo.files:
            file = repo.readable_dag_file(path) if repo.is_dag_file(path) else None
            uses = repo.analysis(CodeNeeds).where(_needs_provider, file) if file else ()
            for use in filter(_needs_provider, uses):
                if repo.dependencies.provision(use.need, path).how == "unknown":
                    yield use


def _needs_provider(each: Use | Found) -> bool:
    return each.when in ("load", "run") and is_provider(each.need.distribution)
