"""The content of all cells, with what branches change, so that they can be taken back and joined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

from airwarden.interpreter.values import (
    ABSENT,
    UNKNOWN,
    Arguments,
    Attributes,
    Cell,
    Entries,
    FunctionOf,
    Instance,
    Items,
    Partial,
    Table,
    Value,
    Variable,
    alternatives,
    choice,
    identity,
    now,
)

_MOST_DEPTH = 3
_MOST_ITEMS = 1_000
_MOST_ENTRIES = 2_000
Changes: TypeAlias = dict[int, tuple[Cell, Any]]
"""Cells with a content each, by identity."""


class _Layer(Changes):
    """What cells held before they were changed, of those that are older than `since`, and of all variables.

    What was made later is known to nobody if the layer is taken back.
    """

    __slots__ = ("since",)

    def __init__(self) -> None:
        super().__init__()
        self.since = now()


class Memory:
    """Writes cells and remembers what they held, layer upon layer."""

    def __init__(self) -> None:
        self._layers: list[_Layer] = []

    @property
    def depth(self) -> int:
        """The number of open layers."""
        return len(self._layers)

    def write(self, cell: Cell, content: object) -> None:
        """Gives a cell a content."""
        if isinstance(cell, Attributes) and isinstance(content, Entries):
            return self.write(cell.instance, cell.changed(content))
        if isinstance(cell, Items) and isinstance(content, tuple) and len(content[0]) > _MOST_ITEMS:
            content = (), False
        if isinstance(cell, Table) and isinstance(content, Entries) and len(content.values) > _MOST_ENTRIES:
            content = Entries(complete=False)
        if self._layers:
            layer = self._layers[-1]
            if id(cell) not in layer and (cell.born < layer.since or type(cell) is Variable):
                layer[id(cell)] = cell, cell.content
        target: Any = cell
        target.content = content
        return None

    def assign(self, variable: Variable, value: Value) -> None:
        """Gives a variable a value."""
        if self._layers:
            self._layers[-1].setdefault(id(variable), (variable, variable.content))
        variable.content = value

    def open(self) -> None:
        """Begins a layer."""
        self._layers.append(_Layer())

    def keep(self) -> None:
        """Ends a layer whose changes stay."""
        layer = self._layers.pop()
        if not self._layers:
            return
        below = self._layers[-1]
        if len(below) < len(layer):
            layer.update(below)
            layer.since = below.since
            self._layers[-1] = layer
            return
        for key, entry in layer.items():
            if key not in below and (entry[0].born < below.since or type(entry[0]) is Variable):
                below[key] = entry

    def forget(self, variables: Iterable[Variable]) -> None:
        """Keeps the last layer from taking back variables that nobody can see any more."""
        for variable in variables:
            self._layers[-1].pop(id(variable), None)

    def share(self) -> None:
        """Makes every open layer take back changes of all that there is now: others know of it."""
        for layer in self._layers:
            layer.since = now()

    def undo(self) -> Changes:
        """Ends a layer, takes its changes back and returns them."""
        layer = self._layers.pop()
        changes: Changes = {key: (cell, cell.content) for key, (cell, _) in layer.items()}
        for cell, content in layer.values():
            cell.content = content
        return changes

    def apply(self, changes: Changes) -> None:
        """Makes every changed cell hold what the changes say."""
        for cell, content in changes.values():
            self.write(cell, content)

    def joined(self, ends: Sequence[Changes], since: int) -> Changes:
        """The changes that several ways come to, of which only one is taken."""
        self.open()
        self.join(ends, since)
        return self.undo()

    def since(self, depth: int) -> Changes:
        """What all cells hold now that were changed in the layers above `depth`."""
        return {
            key: (cell, cell.content) for layer in self._layers[depth:] for key, (cell, _) in layer.items()
        }

    def join(self, ends: Sequence[Changes], since: int) -> None:
        """Makes every cell hold what it may hold after one of several ways to have changed.

        `since` is when they parted: what was made after that is known to one of them alone. A variable that
        is new is absent on the others.
        """
        cells = {key: cell for end in ends for key, (cell, _) in end.items()}
        for key, cell in cells.items():
            is_new = cell.born > since and type(cell) is not Variable
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
    def apart(self) -> Iterator[Changes]:
        """Runs something whose changes no open layer takes back; tells at the end what cells held before."""
        layers, self._layers = self._layers, [_Layer()]
        before: Changes = {}
        try:
            yield before
        finally:
            before.update(self._layers[0])
            self._layers = layers
            self.share()

    def changed(self) -> Iterator[Cell]:
        """The cells that open layers have changed."""
        return (cell for layer in self._layers for cell, _ in layer.values())

    @contextmanager
    def applied(self, changes: Changes) -> Iterator[None]:
        """Makes changes for a while."""
        self.open()
        try:
            self.apply(changes)
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
        return joined_items(contents)
    if isinstance(cell, Table):
        return joined_entries(contents)
    return _joined_values(contents) if isinstance(cell, Instance) else first


def joined_items(contents: Sequence[tuple[tuple[Value, ...], bool]]) -> tuple[tuple[Value, ...], bool]:
    """The items of one of several lists."""
    longest = max((items for items, _ in contents), key=len)
    alike = min((_common(longest, items) for items, _ in contents), default=0)
    found = [
        choice(items[index] if index < len(items) else ABSENT for items, _ in contents)
        for index in range(alike, len(longest))
    ]
    return (*longest[:alike], *found), all(complete for _, complete in contents)


def _common(items: Sequence[Value], others: Sequence[Value]) -> int:
    """How many items two lists begin with alike."""
    pairs = enumerate(zip(items, others, strict=False))
    return next((index for index, (one, two) in pairs if one is not two), min(len(items), len(others)))


def joined_entries(contents: Sequence[Entries]) -> Entries:
    """The entries of one of several dicts."""
    nodes = {key: node for entries in reversed(contents) for key, node in entries.nodes.items()}
    keys = {key: None for entries in contents for key in entries.values}
    values = {key: choice(entries.get(key) for entries in contents) for key in keys}
    open_ones = [entries.others for entries in contents if not entries.complete]
    places = {key: place for place, key in enumerate(keys)}
    orders = [[places[key] for key in entries.values] for entries in contents]
    ordered = all(order == sorted(order) for order in orders) and all(each.ordered for each in contents)
    return Entries(values, nodes, not open_ones, choice(open_ones) if open_ones else UNKNOWN, ordered)


def _joined_values(contents: Sequence[Mapping[Any, Value]]) -> dict[Any, Value]:
    keys = {key: None for values in contents for key in values}
    return {key: choice(values.get(key, ABSENT) for values in contents) for key in keys}


# What loops of unknown length leave


def covers(cell: Cell, content: Any) -> bool:
    """Whether a cell may hold a content as far as is known of what it holds now."""
    if isinstance(cell, Variable):
        return _covered(content, cell.content, 0)
    if isinstance(cell, Items):
        return _covered_items(content, cell.content, 0)
    if isinstance(cell, Table):
        return _covered_entries(content, cell.content, 0)
    return isinstance(cell, Instance) and _covered_values(content, cell.content, 0)


def widened(cell: Cell, content: Any, whole: bool) -> object:
    """What a cell may hold of which a content was not foreseen; `whole` where no end is in sight."""
    held = cell.content
    if isinstance(cell, Items):
        has_grown = len(content[0]) > len(held[0])
        return (() if whole else held[0], False) if whole or has_grown else held
    if not whole:
        return held
    if isinstance(cell, Variable):
        return UNKNOWN
    return Entries(complete=False) if isinstance(cell, Table) else dict.fromkeys({**held, **content}, UNKNOWN)


def _covered(value: Value, by: Value, depth: int) -> bool:
    return by is UNKNOWN or all(
        any(_alike(each, other, depth) for other in alternatives(by)) for each in alternatives(value)
    )


def _alike(value: Value, other: Value, depth: int) -> bool:
    """Whether two objects are one, or are made alike by different turns of a loop."""
    if identity(value) == identity(other):
        return True
    if depth > _MOST_DEPTH:
        return False
    match value, other:
        case Items(), Items():
            is_like = value.kind == other.kind and not value.is_pending and not other.is_pending
            return is_like and _covered_items(value.content, other.content, depth + 1)
        case Table(), Table():
            return _covered_entries(value.content, other.content, depth + 1)
        case Instance(), Instance():
            return (
                value.call is other.call
                and identity(value.callee) == identity(other.callee)
                and _covered_arguments(value.arguments, other.arguments, depth + 1)
                and _covered_values(value.content, other.content, depth + 1)
            )
        case FunctionOf(), FunctionOf():
            return (
                value.node is other.node and value.names is other.names and value.receiver is other.receiver
            )
        case Partial(), Partial():
            return _alike(value.callee, other.callee, depth + 1) and _covered_arguments(
                value.arguments, other.arguments, depth + 1
            )
        case _:
            return False


def _covered_items(
    content: tuple[tuple[Value, ...], bool], by: tuple[tuple[Value, ...], bool], depth: int
) -> bool:
    items, others = content[0], by[0]
    if by[1] and (len(items) != len(others) or not content[1]):
        return False
    return len(items) >= len(others) and all(
        _covered(item, other, depth) for item, other in zip(items, others, strict=False)
    )


def _covered_entries(content: Entries, by: Entries, depth: int) -> bool:
    if by.complete and (not content.complete or content.values.keys() - by.values.keys()):
        return False
    keys = {**content.values, **by.values}
    return all(_covered(content.get(key), by.get(key), depth) for key in keys)


def _covered_values(content: Mapping[Any, Value], by: Mapping[Any, Value], depth: int) -> bool:
    keys = {**content, **by}
    return all(_covered(content.get(key, ABSENT), by.get(key, ABSENT), depth) for key in keys)


def _covered_arguments(given: Arguments, by: Arguments, depth: int) -> bool:
    positional = len(given.positional) == len(by.positional) and given.complete == by.complete
    return (
        positional
        and all(_covered(one, two, depth) for one, two in zip(given.positional, by.positional, strict=True))
        and _covered_values(given.keywords, by.keywords, depth)
    )
