"""What the wheels of Airflow itself tell: its extras, and the providers that it always has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from scripts.provider_tables.metadata import PROVIDER, Wanted, Wheel
from scripts.provider_tables.minors import Minor, minor_of

CORE = ("apache-airflow", "apache-airflow-core")
_OWN = (*CORE, "apache-airflow-task-sdk")
_UMBRELLAS = ("all", "devel", "doc")
"""What the extras that bring the most begin with."""


def by_minor(found: Iterable[Wheel]) -> dict[Minor, list[Wheel]]:
    """The wheels of Airflow's own, by the minor version of Airflow that they make."""
    made = defaultdict[Minor, list[Wheel]](list)
    for wheel in found:
        if wheel.distribution in CORE:
            made[minor_of(wheel.version)].append(wheel)
    return dict(made)


def preinstalled(cores: Iterable[Wheel]) -> set[tuple[str, ...]]:
    """The providers that are always installed."""
    wanted = [each for core in cores for each in core.wanted]
    return {(each.name,) for each in wanted if not each.asked_by and each.name.startswith(PROVIDER)}


def extras(cores: list[Wheel]) -> set[tuple[str, ...]]:
    """Each extra with each thing that it installs: providers, or other libraries where it has no provider.

    An extra that brings neither stands with "".
    """
    asked = _asked(cores)
    known = sorted((core.distribution, extra) for core in cores for extra in core.own_extras)
    owners = {extra: owner for owner, extra in reversed(known)}
    return {
        (extra, name)
        for extra, owner in owners.items()
        for name in _told(extra, _brought(owner, extra, asked))
    }


def _asked(cores: list[Wheel]) -> dict[tuple[str, str], list[Wanted]]:
    """What each extra of each distribution asks for."""
    asked = defaultdict[tuple[str, str], list[Wanted]](list)
    for core in cores:
        for each in core.wanted:
            asked[core.distribution, each.asked_by].append(each)
    return asked


def _brought(owner: str, extra: str, asked: dict[tuple[str, str], list[Wanted]]) -> set[str]:
    """What an extra asks for, itself or by other extras of Airflow."""
    found, pending, seen = set[str](), [(owner, extra)], set[tuple[str, str]]()
    while pending:
        one = pending.pop()
        seen.add(one)
        for each in asked.get(one, ()):
            if each.name in _OWN:
                pending += {(each.name, asks) for asks in each.extras} - seen
            else:
                found.update(each.full_names)
    return found


def _told(extra: str, names: set[str]) -> Iterator[str]:
    providers = {name for name in names if name.startswith(PROVIDER)}
    is_umbrella = extra.startswith(_UMBRELLAS)
    yield from providers or (() if is_umbrella else names) or {""}


def successors(extras: Mapping[Minor, set[tuple[str, ...]]]) -> Iterator[tuple[str, str]]:
    """Each extra that Airflow dropped, with one that brought the same in the last version that had both."""
    alive = {extra for extra, _ in extras[max(extras)] if not extra.startswith(_UMBRELLAS)}
    for gone in sorted({extra for found in extras.values() for extra, _ in found} - alive):
        last = max(minor for minor, found in extras.items() if gone in {extra for extra, _ in found})
        brought = defaultdict[str, set[str]](set)
        for extra, name in extras[last]:
            brought[extra].add(name)
        same = [extra for extra in brought.keys() & alive if brought[extra] == brought[gone] != {""}]
        if same and not gone.startswith(_UMBRELLAS):
            yield gone, min(same, key=lambda extra: (not extra.endswith(gone), len(extra), extra))
