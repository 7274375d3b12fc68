"""Facts that hold for some minor versions of Airflow, as ranges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

Minor: TypeAlias = tuple[int, int]


def minor_of(version: str) -> Minor:
    """Of a version."""
    major, minor = version.split(".")[:2]
    return int(major), int(minor)


def text(minor: Minor) -> str:
    """As tables write it."""
    return f"{minor[0]}.{minor[1]}"


def ranges(facts: Mapping[Minor, Iterable[tuple[str, ...]]]) -> Iterator[tuple[str, ...]]:
    """Each fact with the first minor version it holds for, and the first one after; "" where it still holds.

    A fact that comes back has a row for each time.
    """
    minors = sorted(facts)
    held = {minor: set(facts[minor]) for minor in minors}
    open_since: dict[tuple[str, ...], Minor] = {}
    for minor in minors:
        for fact in open_since.keys() - held[minor]:
            yield (*fact, text(open_since.pop(fact)), text(minor))
        for fact in held[minor] - open_since.keys():
            open_since[fact] = minor
    for fact, since in open_since.items():
        yield (*fact, text(since), "")
