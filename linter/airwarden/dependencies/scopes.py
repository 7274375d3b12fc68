"""Which dependency files count for a file, and what they give together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from airwarden.dependencies.build_files import Version
from airwarden.dependencies.declarations import Declaration, DependencyList
from airwarden.dependencies.image import built_without
from airwarden.dependencies.markers import PYTHONS, may_hold
from airwarden.dependencies.reader import is_lock
from airwarden.dependencies.specifiers import allows_series
from airwarden.distributions.extras import brought_by, by_extra, provider_named
from airwarden.distributions.names import AIRFLOW, Need
from airwarden.records import dataclass

_UMBRELLAS = frozenset({"all", "all-dbs", "devel", "devel-all", "devel-ci", "devel-hadoop", "all-providers"})
_FAMILIES = ("apache-airflow-providers-", "astronomer-providers", "astro-sdk-python")
"""Distributions whose extras are named after the providers that they install."""


@dataclass(frozen=True)
class Scope:
    """Dependency files that count together. `airflows` are the versions of Airflow that extras are looked up
    for, and `pythons` those of Python that the images are known to have; none where nothing tells.
    """

    lists: tuple[DependencyList, ...]
    traces: tuple[DependencyList, ...]
    airflows: frozenset[Version]
    pythons: frozenset[str]

    @cached_property
    def counted(self) -> tuple[Declaration, ...]:
        """The declarations that an image gets."""
        return tuple(
            declared
            for listed in self._speaking
            for declared in listed.declarations
            if declared not in self._idle and self._holds(declared, listed)
        )

    @cached_property
    def _counted(self) -> frozenset[Declaration]:
        return frozenset(self.counted)

    def counts(self, declared: Declaration) -> bool:
        """Whether an image gets a declaration."""
        return declared in self._counted

    @cached_property
    def naming(self) -> dict[str, tuple[Declaration, ...]]:
        """For each distribution, the counted declarations that name it, themselves or by an extra."""
        return self._by_name(self.counted)

    @cached_property
    def naming_idly(self) -> dict[str, tuple[Declaration, ...]]:
        """The same of those for work on the code."""
        return self._by_name(self.idle)

    def _by_name(self, declarations: Iterable[Declaration]) -> dict[str, tuple[Declaration, ...]]:
        found: defaultdict[str, list[Declaration]] = defaultdict(list)
        for declared in declarations:
            for name in self.named_by([declared]):
                found[name].append(declared)
        return {name: tuple(same) for name, same in found.items()}

    @cached_property
    def idle(self) -> tuple[Declaration, ...]:
        """The declarations for work on the code alone."""
        return tuple(self._idle)

    @cached_property
    def barred(self) -> tuple[Declaration, ...]:
        """The declarations that are for another Python than the image has."""
        return tuple(
            declared
            for listed in self._speaking
            for declared in listed.declarations
            if not self._holds(declared, listed)
        )

    @cached_property
    def locked(self) -> tuple[Declaration, ...]:
        """What lock files pin, whatever it is needed by."""
        return tuple(declared for each in self.traces if is_lock(each.path) for declared in each.declarations)

    @property
    def _speaking(self) -> Iterator[DependencyList]:
        yield from self.lists
        yield from (each for each in self.traces if not is_lock(each.path))

    @cached_property
    def _idle(self) -> dict[Declaration, None]:
        """Groups for work are idle only beside a list that names Airflow itself, unless an image has them."""
        return {
            declared: None
            for listed in (self.lists if self._has_main else ())
            for declared in listed.declarations
            if declared.group in self.idle_groups(listed)
        }

    @cached_property
    def built_without(self) -> dict[str, DependencyList]:
        """For the path of each list that speaks of Airflow, the Dockerfile that leaves it alone."""
        ours = (each for each in self.lists if each.names_airflow)
        found = ((each.path, built_without(self.lists, each)) for each in ours)
        return {path: image for path, image in found if image is not None}

    def idle_groups(self, listed: DependencyList) -> frozenset[str]:
        """The groups of a list that are for work on the code, save those that an image has."""
        return frozenset() if "*" in self._installed else listed.idle_groups - self._installed

    @cached_property
    def _installed(self) -> frozenset[str]:
        return frozenset(group for each in self.lists if each.kind == "image" for group in each.installed)

    @cached_property
    def _has_main(self) -> bool:
        """Whether any list names Airflow for the image itself."""
        return any(
            declared.group not in listed.idle_groups for listed in self.lists for declared in listed.ours
        )

    def _holds(self, declared: Declaration, listed: DependencyList) -> bool:
        return not declared.marker or may_hold(declared.marker, self._pythons_of(listed))

    def _pythons_of(self, listed: DependencyList) -> tuple[str, ...]:
        here = {version for version in PYTHONS if allows_series(listed.python, version)}
        both = here & self.pythons if self.pythons else here
        return tuple(version for version in PYTHONS if version in (both or PYTHONS))

    @cached_property
    def gives_all(self) -> bool:
        """Whether Airflow is installed with an extra that has every provider."""
        return any(
            declared.name in AIRFLOW and not _UMBRELLAS.isdisjoint(declared.extras)
            for declared in self.counted
        )

    @cached_property
    def direct(self) -> dict[str, set[str]]:
        """Every distribution that is named, itself or by an extra of Airflow, with its extras."""
        return self.named_by(self.counted)

    @cached_property
    def brought(self) -> frozenset[str]:
        """The providers that others bring along, and whatever else lock files pin."""
        found = set(self.direct)
        pending = list(found)
        while pending:
            more = brought_by(pending.pop()) - found
            found |= more
            pending.extend(more)
        shut_out = {declared.name for declared in (*self.idle, *self.barred)}
        return frozenset(
            (found | {declared.name for declared in self.locked} - shut_out) - self.direct.keys()
        )

    @cached_property
    def outside(self) -> dict[str, set[str]]:
        """Every distribution that is named for work on the code alone, with its extras."""
        return self.named_by(self.idle)

    def named_by(self, declarations: Iterable[Declaration]) -> dict[str, set[str]]:
        """Every distribution that declarations name, itself or by an extra of Airflow, with its extras."""
        given: defaultdict[str, set[str]] = defaultdict(set)
        for each in declarations:
            given[each.name] |= each.extras
            for need in self._by_extras(each):
                given[need.distribution] |= {need.extra} - {""}
        return dict(given)

    def _by_extras(self, declared: Declaration) -> Iterator[Need]:
        for extra in declared.extras:
            if declared.name in AIRFLOW:
                for one in self.airflows:
                    yield from by_extra(extra, one)
            elif declared.name.startswith(_FAMILIES):
                named = provider_named(extra)
                yield from [Need(named)] if named else []
