"""The content of all cells, with what branches change, so that they can be taken back and joined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

from airwarden.interpreter.values import (
    ABSENT,
    UNKNOWN,
    Cell,
    Entries,
    Instance,
    Items,
    Known,
    Table,
    Value,
    Variable,
    choice,
)

Changes: TypeAlias = "dict[int, tuple[Cell, Any]]"
"""Cells with a content each, by identity."""


class Memory:
    """Writes cells and remembers what they held, layer upon layer."""

    def __init__(self) -> None:
        self._layers: list[Changes] = []

    @property
    def depth(self) -> int:
        """The number of open layers."""
        return len(self._layers)

    def write(self, cell: Cell, content: object) -> None:
        """Gives a cell a content."""
        if self._layers:
            self._layers[-1].setdefault(id(cell), (cell, cell.content))
        cell.content = content

    def open(self) -> None:
        """Begins a layer."""
        self._layers.append({})

    def keep(self) -> None:
        """Ends a layer whose changes stay."""
        layer = self._layers.pop()
        if self._layers:
            for key, entry in layer.items():
                self._layers[-1].setdefault(key, entry)

    def undo(self) -> Changes:
        """Ends a layer, takes its changes back and returns them."""
        layer = self._layers.pop()
        changes: Changes = {key: (cell, cell.content) for key, (cell, _) in layer.items()}
        for cell, content in layer.values():
            cell.content = content
        return changes

    def since(self, depth: int) -> Changes:
        """What all cells hold now that were changed in the layers above `depth`."""
        return {
            key: (cell, cell.content) for layer in self._layers[depth:] for key, (cell, _) in layer.items()
        }

    def top(self) -> list[tuple[Cell, Any]]:
        """The cells that the last layer changed, with what they held before."""
        return list(self._layers[-1].values())

    def join(self, ends: Sequence[Changes], since: int) -> None:
        """Makes every cell hold what it may hold after one of several ways to have changed.

        `since` is when they parted: what was made after that is known to one of them alone.
        """
        cells = {key: cell for end in ends for key, (cell, _) in end.items()}
        for key, cell in cells.items():
            is_new = cell.born > since
            contents = [
                end[key][1] if key in end else cell.content for end in ends if key in end or not is_new
            ]
            self.write(cell, _joined(cell, contents))

    def abandon(self, depth: int) -> None:
        """Keeps the changes of all layers above `depth`."""
        while self.depth > depth:
            self.keep()

    @contextmanager
    def fresh(self) -> Iterator[None]:
        """Runs something whose changes no open layer takes back."""
        layers, self._layers = self._layers, []
        try:
            yield
        finally:
            self._layers = layers

    @contextmanager
    def applied(self, changes: Changes) -> Iterator[None]:
        """Makes changes for a while."""
        self.open()
        try:
            for cell, content in changes.values():
                self.write(cell, content)
            yield
        finally:
            self.undo()


def _joined(cell: Cell, contents: list[Any]) -> object:
    first = contents[0]
    if all(content is first for content in contents):
        return first
    if isinstance(cell, Variable):
        return choice(contents)
    if isinstance(cell, Items):
        return _joined_items(contents)
    if isinstance(cell, Table):
        return _joined_entries(contents)
    return _joined_values(contents) if isinstance(cell, Instance) else first


def _joined_items(contents: list[tuple[tuple[Value, ...], bool]]) -> tuple[tuple[Value, ...], bool]:
    longest = max((items for items, _ in contents), key=len)
    found = [
        choice(items[index] if index < len(items) else ABSENT for items, _ in contents)
        for index in range(len(longest))
    ]
    return tuple(found), all(complete for _, complete in contents)


def _joined_entries(contents: list[Entries]) -> Entries:
    nodes = {key: node for entries in reversed(contents) for key, node in entries.nodes.items()}
    complete = all(entries.complete for entries in contents)
    return Entries(_joined_values([entries.values for entries in contents]), nodes, complete)


def _joined_values(contents: Sequence[Mapping[Any, Value]]) -> dict[Any, Value]:
    keys = {key: None for values in contents for key in values}
    return {key: choice(values.get(key, ABSENT) for values in contents) for key in keys}


def widened(before: Value, after: Value) -> Value:
    """What a variable may hold after a loop of unknown length, of which one turn was followed."""
    if isinstance(before, Known) and isinstance(after, Known) and before.value != after.value:
        return UNKNOWN
    return after
