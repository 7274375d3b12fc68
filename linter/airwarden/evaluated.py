"""What an expression can be known to be without running it: the values of the evaluation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from airwarden import syntax
from airwarden.dag import DagFile

_MOST_CHOICES = 8


@dataclass(frozen=True, eq=False)
class Place:
    """Where an expression stands: its file and scope, the values of parameters around it, and, where the
    order of statements counts, its place in source order.
    """

    file: DagFile
    scope: syntax.Scope
    frames: Mapping[int, Mapping[str, Value]] = field(default_factory=dict)
    order: int | None = None


@dataclass(frozen=True, eq=False)
class Known:
    """A constant."""

    value: object


@dataclass(frozen=True, eq=False)
class Items:
    """A list, tuple or set; not `complete` where further items may come."""

    kind: str
    items: tuple[Value, ...]
    complete: bool = True


@dataclass(frozen=True, eq=False)
class Table:
    """A dict by its string keys; not `complete` where further keys may come.

    `nodes` tells for each key where its value is written.
    """

    entries: Mapping[str, Value]
    nodes: Mapping[str, tuple[DagFile, syntax.Node]]
    complete: bool = True


@dataclass(frozen=True, eq=False)
class Symbol:
    """Something from outside of the repository, by its full dotted name; also a method of such a thing."""

    name: str


@dataclass(frozen=True, eq=False)
class ModuleOf:
    """A module of the repository."""

    file: DagFile


@dataclass(frozen=True, eq=False)
class FunctionOf:
    """A function or lambda of the repository; `receiver` for a bound method."""

    node: syntax.Function | syntax.Lambda
    place: Place
    receiver: Instance | None = None


@dataclass(frozen=True, eq=False)
class ClassOf:
    """A class of the repository."""

    node: syntax.Class
    place: Place


@dataclass(frozen=True, eq=False)
class Instance:
    """What a call of a class or of something outside gives; `call` is None for `self`."""

    callee: Value
    call: syntax.Call | None
    place: Place


@dataclass(frozen=True, eq=False)
class Choice:
    """One of several values; which one, only a run can tell."""

    values: tuple[Value, ...]


@dataclass(frozen=True, eq=False)
class Data:
    """Plain data made of a callback's arguments: nothing that can be called to any effect."""


@dataclass(frozen=True, eq=False)
class Unknown:
    """Not to be known without a run."""


Value: TypeAlias = (
    Known | Items | Table | Symbol | ModuleOf | FunctionOf | ClassOf | Instance | Choice | Data | Unknown
)

UNKNOWN = Unknown()
DATA = Data()
NONE = Known(None)


def choice(values: Iterable[Value]) -> Value:
    """One value for several: itself where there is one, unknown where there are none or too many."""
    flat: list[Value] = []
    for value in values:
        flat.extend(value.values if isinstance(value, Choice) else (value,))
    flat = list({id(value): value for value in flat}.values())
    if not flat or len(flat) > _MOST_CHOICES:
        return UNKNOWN
    return flat[0] if len(flat) == 1 else Choice(tuple(flat))


def item_of(value: Value, key: Value) -> Value:
    """What `value[key]` is known to be."""
    match value, key:
        case Table(entries=entries), Known(value=str() as name):
            return entries.get(name, UNKNOWN)
        case Items(items=items, complete=True), Known(value=int() as index):
            return items[index] if -len(items) <= index < len(items) else UNKNOWN
        case Choice(values=values), _:
            return choice(item_of(each, key) for each in values)
        case Data() | Known(value=str()), _:
            return DATA
        case Instance(callee=Symbol()), _:
            return value
        case _:
            return UNKNOWN


def with_entry(table: Table, key: str | None, node: syntax.Node, value: Value, file: DagFile) -> Table:
    """A table with one entry more; `key` is None where it is not known."""
    if key is None:
        return replace(table, complete=False)
    return replace(table, entries={**table.entries, key: value}, nodes={**table.nodes, key: (file, node)})


def merged(table: Table, other: Value) -> Table:
    """A table with all entries of another over its own."""
    if not isinstance(other, Table):
        return replace(table, complete=False)
    return Table(
        {**table.entries, **other.entries},
        {**table.nodes, **other.nodes},
        table.complete and other.complete,
    )


def without(table: Table, keys: Set[str]) -> Table:
    """A table without some of its keys."""
    entries = {key: value for key, value in table.entries.items() if key not in keys}
    return replace(table, entries=entries, nodes={key: table.nodes[key] for key in entries})


def added(values: list[Value]) -> Value:
    """What the sum of values is known to be."""
    if all(isinstance(value, Known) and isinstance(value.value, str) for value in values):
        return Known("".join(str(value.value) for value in values if isinstance(value, Known)))
    if all(isinstance(value, Items) for value in values):
        lists = [value for value in values if isinstance(value, Items)]
        items = tuple(item for each in lists for item in each.items)
        return Items(lists[0].kind, items, all(each.complete for each in lists))
    return DATA if all(isinstance(value, (Data, Known)) for value in values) else UNKNOWN


def is_empty(value: Value) -> bool:
    """Whether a value is known to be false."""
    match value:
        case Known(value=constant):
            return not constant
        case Items(items=(), complete=True):
            return True
        case Table(entries=entries, complete=True):
            return not entries
        case _:
            return False


def text_of(value: Value) -> str | None:
    """The string that a value is known to be."""
    return value.value if isinstance(value, Known) and isinstance(value.value, str) else None
