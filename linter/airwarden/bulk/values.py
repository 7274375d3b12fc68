"""Values as the dataflow sees them: whether they hold a whole table or all rows of a query, and whence."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, replace

from airwarden import syntax
from airwarden.bulk.apis import BulkType, bulk_apis
from airwarden.dag import DagFile

_MOST_HELD = 40
_MOST_DEPTH = 6
_MOST_STEPS = 6


@dataclass(frozen=True)
class Step:
    """A place that a value came through, and what happened to it there."""

    file: DagFile
    node: syntax.Node
    note: str


@dataclass(frozen=True)
class Definition:
    """What a name stands for: a function, class or module of the repository, or a full name from outside."""

    file: DagFile | None
    node: syntax.Node | None
    name: str = ""


@dataclass(frozen=True)
class Value:
    """What is known of a value.

    `type` is a row of the table of types, or empty where nothing is known, or one of: `small`; `container` (a
    dict, list, tuple or set); `chunks` (what is handed out piece by piece); `definition` (a name from
    outside, or a module, class or function); `instance` (of a class of the repository).

    `kind`, `noun` and `steps` tell of the bulk that a value holds or comes from. `held` has the values inside
    a container by key, and under None those whose key is not known; for a bound method its receiver.
    `definition` is set for the types that have one.
    """

    type: str = ""
    kind: str = ""
    noun: str = ""
    steps: tuple[Step, ...] = ()
    held: tuple[tuple[Hashable, Value], ...] = ()
    definition: Definition | None = None

    @property
    def bulk(self) -> Value | None:
        """The bulk value that this one is or holds."""
        if self.type == "container":
            return next((found for _, value in self.held if (found := value.bulk) is not None), None)
        return self if self.kind and is_bulk(self.type) else None

    @property
    def is_vague(self) -> bool:
        """Whether an annotation may know better: nothing known, or what a reader or cursor handed out."""
        return self.type == "" or (bool(self.kind) and self.type != "small" and self.bulk is None)

    def through(self, step: Step) -> Value:
        """The same value, one step further on."""
        if self.type == "container":
            held = tuple((key, value.through(step) if value.bulk else value) for key, value in self.held)
            return replace(self, held=held)
        if not self.kind or len(self.steps) >= _MOST_STEPS:
            return self
        return replace(self, steps=(*self.steps, step))

    def get(self, key: Hashable) -> Value:
        """What a container holds under a key."""
        return next((value for place, value in self.held if place == key), UNKNOWN)


UNKNOWN = Value()
SMALL = Value("small")
EMPTY = Value("container")


def is_bulk(name: str) -> bool:
    """Whether values of a type hold a whole table or all rows."""
    made = bulk_apis().types.get(name)
    return made is not None and made.bulk


def is_a(value: Value, name: str) -> bool:
    """Whether a value is of a type of the tables or of one derived from it."""
    types = bulk_apis().types
    inner = value.type
    while inner in types:
        if inner == name:
            return True
        inner = types[inner].base
    return False


def born(name: str, step: Step) -> Value:
    """A value that a library hands out, of a type of the tables; `chunks of` and `container of` one too."""
    shape, _, inner = name.rpartition(" of ")
    made = bulk_apis().types[inner]
    value = Value(inner, made.kind, made.noun, (step,) if made.kind else ())
    return Value(shape, held=((None, value),)) if shape else value


def derived(value: Value, name: str) -> Value:
    """What is made of a value without loss, as another type."""
    if name in ("same", value.type):
        return value
    made = bulk_apis().types[name]
    if made.kind and made.bulk and made.kind == value.kind:
        return Value(name, value.kind, made.noun, value.steps)
    return Value(name, value.kind, _noun(value, made), value.steps)


def _noun(value: Value, made: BulkType) -> str:
    plain = value.noun.removesuffix(" as records").removesuffix(" as text")
    if made.name == "text":
        return f"{plain} as text"
    if made.name == "records" and value.kind == "frame":
        return f"{plain} as records"
    return f"a column of {plain}" if made.name == "column" else value.noun


def element(value: Value) -> Value:
    """What iteration over a value gives."""
    if value.type == "container":
        return joined([inner for _, inner in value.held])
    if value.type == "chunks":
        return value.get(None)
    made = bulk_apis().types.get(value.type)
    if made is None or not made.element:
        return SMALL if value.type == "small" else UNKNOWN
    if made.element == "small":
        return SMALL
    if made.element == "enumerated":
        return Value("container", held=((0, SMALL), (1, derived(value, "record"))))
    return derived(value, made.element)


def collected(item: Value) -> Value:
    """A list of one such item for each round of a loop."""
    if item.bulk is not None:
        return Value("container", held=((None, item),))
    return derived(item, "records") if item.type == "record" else EMPTY


def gathered(value: Value) -> Value:
    """All of a value in a list, as `list(value)` makes it."""
    if value.type in ("small", "container", "record") or is_a(value, "records"):
        return value
    if is_a(value, "column"):
        return derived(value, "records")
    return collected(element(value))


def display(items: Iterable[tuple[Hashable, Value]]) -> Value:
    """A dict, list or tuple written out."""
    held = tuple(items)[:_MOST_HELD]
    made = Value("container", held=held) if _depth(value for _, value in held) < _MOST_DEPTH else UNKNOWN
    return as_record(made)


def as_record(value: Value) -> Value:
    """A container made of a record, or of several fields of one, is a record again."""
    if value.type != "container" or value.bulk is not None:
        return value
    fields = list(_fields(value))
    records = [field for field in fields if field.type == "record"]
    return derived((records or fields)[0], "record") if records or len(fields) > 1 else value


def _fields(value: Value) -> Iterator[Value]:
    for _, inner in value.held:
        if inner.type in ("record", "field"):
            yield inner
        elif inner.type == "container":
            yield from _fields(inner)


def _depth(values: Iterable[Value]) -> int:
    return max((1 + _depth(inner for _, inner in value.held) for value in values), default=0)


def put(container: Value, key: Hashable, item: Value) -> Value:
    """A container with an item put into it; what is no container stays as it is."""
    if container.type not in ("container", ""):
        return container
    if item.bulk is None and container.type == "":
        return container
    kept = [(place, value) for place, value in container.held if key is None or place != key]
    if len(kept) >= _MOST_HELD or _depth([item]) >= _MOST_DEPTH or (key, item) in kept:
        return container
    return Value("container", held=(*kept, (key, item)))


def joined(values: Iterable[Value]) -> Value:
    """One value for those of several paths: the bulk one, where there is one."""
    found = list(dict.fromkeys(values))
    if len(found) < 2:
        return found[0] if found else UNKNOWN
    bulk = next((value for value in found if value.bulk is not None), None)
    if bulk is not None:
        return bulk
    containers = [value for value in found if value.type == "container"]
    if len(containers) > 1:
        held = dict.fromkeys(item for value in containers for item in value.held)
        return Value("container", held=tuple(held)[:_MOST_HELD])
    typed = next((value for value in found if value.type not in ("", "small")), None)
    if typed is not None:
        return typed
    return SMALL if all(value.type == "small" for value in found) else UNKNOWN
