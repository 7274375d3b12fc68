"""What is known of the files of a repository: outcomes, each with the inputs that it was made from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import field
from typing import Any, TypeAlias

from airwarden.outcomes import Json
from airwarden.records import dataclass
from airwarden.tracing import Input, Trace

Result: TypeAlias = tuple[Json, int]
"""A packed outcome, and which set of rules ran."""


@dataclass
class Ledger:
    """The inputs and the groups of inputs that the outcome of each file was made from, by path. Inputs and
    groups are told by their place in a list.
    """

    inputs: list[Sequence[str]] = field(default_factory=list)
    groups: list[tuple[Sequence[int], Sequence[int]]] = field(default_factory=list)
    entries: dict[str, tuple[Sequence[int], Sequence[int]]] = field(default_factory=dict)

    @classmethod
    def of_json(cls, value: Json) -> Ledger:
        """The ledger that `json` gave."""
        return cls(value["inputs"], value["groups"], value["entries"])

    def json(self) -> dict[str, Any]:
        """All of it as a value of JSON."""
        return {"inputs": self.inputs, "groups": self.groups, "entries": self.entries}

    def invalid(self, has_changed: Callable[[Sequence[str]], bool]) -> set[str]:
        """The paths whose outcomes were made from an input that has changed since."""
        inputs = {number for number, each in enumerate(self.inputs) if has_changed(each)}
        groups = _reaching(self.groups, inputs)
        return {
            path
            for path, (own, shared) in self.entries.items()
            if not (inputs.isdisjoint(own) and groups.isdisjoint(shared))
        }


@dataclass
class Results:
    """What came of files, by path. Sets of rules are told by their place in `ran`."""

    ran: list[Sequence[str]] = field(default_factory=list)
    by_path: dict[str, Result] = field(default_factory=dict)


def _reaching(groups: Sequence[tuple[Sequence[int], Sequence[int]]], inputs: set[int]) -> set[int]:
    """The groups that hold one of some inputs, or a group that does; a group comes after those it holds."""
    found = set[int]()
    for number, (own, inner) in enumerate(groups):
        if not (inputs.isdisjoint(own) and found.isdisjoint(inner)):
            found.add(number)
    return found


class Entries:
    """Writes a ledger and the results that go with it."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.results = Results()
        self._inputs: dict[Input, int] = {}
        self._ran: dict[tuple[str, ...], int] = {}
        self._groups: dict[Trace, int] = {}

    def add(self, path: str, outcome: Json, ran: Iterable[str], trace: Trace) -> None:
        """Enters the outcome of a file, packed, and what it was made from."""
        own, shared = trace.flat()
        self._enter(path, outcome, tuple(sorted(ran)))
        self.ledger.entries[path] = (
            [self._input(each) for each in own],
            [self._group(each) for each in shared],
        )

    def take(self, other: Ledger, results: Results, paths: Iterable[str]) -> None:
        """Enters what is known elsewhere of some paths."""
        groups: dict[int, int] = {}
        for path in paths:
            (outcome, ran), (own, shared) = results.by_path[path], other.entries[path]
            self._enter(path, outcome, tuple(results.ran[ran]))
            self.ledger.entries[path] = (
                [self._input(other.inputs[each]) for each in own],
                [self._taken(other, each, groups) for each in shared],
            )

    def _enter(self, path: str, outcome: Json, ran: tuple[str, ...]) -> None:
        self.results.by_path[path] = outcome, self._number(ran, self._ran, self.results.ran)

    def _taken(self, other: Ledger, group: int, taken: dict[int, int]) -> int:
        """The number that a group of another ledger has here."""
        if group not in taken:
            own, inner = other.groups[group]
            inside = [self._taken(other, each, taken) for each in inner]
            taken[group] = len(self.ledger.groups)
            self.ledger.groups.append(([self._input(other.inputs[each]) for each in own], inside))
        return taken[group]

    def _input(self, question: Sequence[str]) -> int:
        return self._number(tuple(question), self._inputs, self.ledger.inputs)

    def _group(self, trace: Trace) -> int:
        if trace not in self._groups:
            own, shared = trace.flat()
            inner = [self._group(each) for each in shared if each is not trace]
            self._groups[trace] = len(self.ledger.groups)
            self.ledger.groups.append(([self._input(each) for each in own], inner))
        return self._groups[trace]

    @staticmethod
    def _number(key: Any, numbers: dict[Any, int], rows: list[Any]) -> int:
        found = numbers.get(key)
        if found is None:
            found = numbers[key] = len(rows)
            rows.append(key)
        return found
