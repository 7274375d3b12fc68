"""Where in a list of distributions a further one belongs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from airwarden.distributions.names import normalised

_FAMILY = "apache-airflow"


class Place(NamedTuple):
    """Behind the item with that index, or before it."""

    item: int
    is_before: bool = False


def place_of(name: str, names: Sequence[str | None]) -> Place:
    """Where a distribution belongs among others, of which there is one at least.

    In sorted order where the whole list is sorted or the items of Airflow's family are, else behind the last
    of these, else at the end. None stands for an item that names no distribution.
    """
    known = [None if each is None else normalised(each) for each in names]
    new = normalised(name)
    everything = [(index, each) for index, each in enumerate(known) if each is not None]
    family = _longest_run(known)
    if _is_sorted(everything):
        return _in_order(new, everything)
    if new.startswith(_FAMILY) and _is_sorted(family):
        return _in_order(new, family)
    ours = [index for index, each in everything if each.startswith(_FAMILY)]
    return Place(ours[-1] if ours else len(known) - 1)


def _is_sorted(items: Sequence[tuple[int, str]]) -> bool:
    """Whether items follow each other in order; a single one does not tell."""
    return len(items) > 1 and all(first[1] <= second[1] for first, second in pairwise(items))


def _in_order(new: str, items: Sequence[tuple[int, str]]) -> Place:
    before = [index for index, each in items if each <= new]
    return Place(before[-1]) if before else Place(items[0][0], is_before=True)


def _longest_run(names: Iterable[str | None]) -> list[tuple[int, str]]:
    """The items of Airflow's family that stand together, where most of them do."""
    runs: list[list[tuple[int, str]]] = [[]]
    for index, each in enumerate(names):
        if each is not None and each.startswith(_FAMILY):
            runs[-1].append((index, each))
        else:
            runs.append([])
    return max(runs, key=len)
