"""Values as the dataflow sees them: whether they hold a whole table or all rows of a query, and whence."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import replace

from airwarden import syntax
from airwarden.bulk.apis import BulkType, bulk_apis
from airwarden.dag import DagFile
from airwarden.records import dataclass

_DICT = "dict"
_MANY = frozenset(
    {
        "data",
        "documents",
        "elements",
        "entries",
        "features",
        "hits",
        "items",
        "list",
        "objects",
        "records",
        "response",
        "results",
        "rows",
        "value",
        "values",
    }
)
"""Keys under which answers of APIs carry what was asked for."""

_MAYBE = frozenset({"data", "response", "value"})
"""Those of them under which a single thing may stand too."""

_COLUMNS = frozenset({"column", "frame column"})
_THIN = _COLUMNS | {"frame", "rows", "unknown rows"}
_SERIES = frozenset({"column", "pandas.Series", "polars.Series"})
_WHOLE = ("content", "records", "text")
_OF_THEIR_OWN = frozenset({"column", "document", "file", "frame column", "lazy"})
_MOST_HELD = 40
_MOST_DEPTH = 6
_MOST_PARTS = 1_000
"""Values that one holds at most on all levels, each as often as it is there."""
_DEEPEST = 20
"""Levels of values inside one another, whatever makes them."""
_MOST_STEPS = 10


@dataclass(frozen=True)
class Step:
    """A place that a value came through, and what happened to it there.

    Not a `turn` where it was only given a name.
    """

    file: DagFile
    node: syntax.Node
    note: str
    turn: bool = True


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
    `definition` is set for the types that have one. A dict has the noun `dict`: a loop gives its keys.
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
        if self.type in ("chunks", "container") and self.held:
            return all(value.type == "" for _, value in self.held)
        return self.type == "" or (bool(self.kind) and self.type != "small" and self.bulk is None)

    def through(self, step: Step) -> Value:
        """The same value, one step further on."""
        if self.type == "container":
            held = tuple((key, value.through(step) if value.bulk else value) for key, value in self.held)
            return replace(self, held=held)
        if not self.kind or len(self.steps) >= _MOST_STEPS:
            return self
        return replace(self, steps=(*self.steps, step))

    def after(self, before: Value | None) -> Value:
        """The same value, made of another one, whose way it goes on."""
        if before is None or self.type in ("chunks", "container"):
            return self
        return replace(self, steps=(*before.steps, *self.steps)[:_MOST_STEPS])

    def get(self, key: Hashable) -> Value:
        """What a container holds under a key."""
        return next((value for place, value in self.held if place == key), UNKNOWN)

    def at(self, key: Hashable) -> Value:
        """What a container holds under a key, or under any where no key of it is known."""
        if isinstance(key, int) and -len(self.held) <= key < 0 and self.noun != _DICT:
            return self.held[key][1]
        are_alike = bool(self.held) and all(place is None for place, _ in self.held)
        return any_of(self) if are_alike else self.get(key)


UNKNOWN = Value()
SMALL = Value("small")
EMPTY = Value("container")
FALSE = Value("small", noun="False")
TRUE = Value("small", noun="True")
SHORT_QUERY = Value("small", noun="a query with a short answer")
BY_HAND = Value("small", noun="a path of what people write by hand")
"""Such a file is never large."""


def is_bulk(name: str) -> bool:
    """Whether values of a type hold a whole table or all rows."""
    made = bulk_apis().types.get(name)
    return made is not None and made.bulk


def is_written_out(value: Value) -> bool:
    """Whether a value is small, or a display of such values, as large as it is written."""
    if value.type == "container":
        return bool(value.held) and all(key is not None and is_written_out(each) for key, each in value.held)
    return value.type == "small"


def is_dict(value: Value) -> bool:
    """Whether a value is known to be a dict."""
    return value.type == "container" and value.noun == _DICT


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
    kind = _kind(value, made)
    if made.kind == kind and kind not in _COLUMNS and (made.bulk or kind != value.kind):
        return Value(name, kind, made.noun, value.steps)
    return Value(name, kind, _noun(value, made, kind), value.steps)


def _kind(value: Value, made: BulkType) -> str:
    """What comes of a value as another type: a query that has run gives a frame or rows, the content of a
    file that is read line by line gives rows, and a document of many items is as large as a file.
    """
    if value.kind in _COLUMNS and made.kind in ("column", "rows"):
        return value.kind
    is_column = made.kind == "column" or (made.name in _SERIES and not is_a(value, "column"))
    if value.kind == "frame" and is_column:
        return "frame column"
    if made.kind and (made.kind in _OF_THEIR_OWN or value.kind in _OF_THEIR_OWN):
        return made.kind
    if value.kind == "lazy":
        return "frame" if is_a(value, "frame") else "rows"
    if value.kind == "document" and made.name == "record":
        return "file"
    return value.kind


def _noun(value: Value, made: BulkType, kind: str) -> str:
    plain = value.noun.removesuffix(" as records").removesuffix(" as text")
    if kind in _COLUMNS and value.kind != kind:
        return plain if plain.startswith("a column of") else f"one column of {plain}"
    if made.name == "text":
        return f"{plain} as text"
    if made.name == "records" and kind == "frame":
        return f"{plain} as records"
    if kind == "rows" and value.kind == "lazy":
        return "all rows of a query"
    return f"a column of {plain}" if made.name == "column" else value.noun


def any_of(container: Value) -> Value:
    """What a container holds, under whatever key."""
    return joined([inner for _, inner in container.held])


def part_of(document: Value, key: syntax.Expression | None) -> Value:
    """What stands under a key of a parsed document: all of it, where the key speaks of many."""
    is_text = isinstance(key, syntax.Constant) and isinstance(key.value, str)
    if not is_text or str(key.value).lower() not in _MANY:  # type: ignore[union-attr]
        return UNKNOWN
    if str(key.value).lower() in _MAYBE:  # type: ignore[union-attr]
        return document
    return derived(document, "response items" if document.type.startswith("response") else "document items")


def element(value: Value) -> Value:
    """What iteration over a value gives."""
    if value.type == "container":
        return SMALL if value.noun == _DICT else any_of(value)
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
    if item.type == "file line":
        return derived(item, "file lines")
    if item.type == "field" and item.kind in _THIN:
        return derived(item, "values")
    if item.type == "record":
        return derived(item, "records")
    return Value("container", held=((None, item),)) if item.type in bulk_apis().types else EMPTY


def gathered(value: Value) -> Value:
    """All of a value in a list, as `list(value)` makes it."""
    if value.type == "container" and value.noun == _DICT:
        return SMALL
    if value.type in ("small", "container", "record") or any(is_a(value, name) for name in _WHOLE):
        return value
    if is_a(value, "column"):
        return derived(value, "records")
    return collected(element(value))


def mapped(items: Iterable[tuple[Hashable, Value]]) -> Value:
    """A dict written out."""
    made = display(items)
    return replace(made, noun=_DICT) if made.type == "container" else made


def display(items: Iterable[tuple[Hashable, Value]]) -> Value:
    """A dict, list or tuple written out."""
    held = tuple(items)[:_MOST_HELD]
    made = Value("container", held=held)
    return as_record(made) if fits(made, _MOST_DEPTH - 1) else UNKNOWN


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


def fits(value: Value, most_levels: int = _DEEPEST) -> bool:
    """Whether what a value holds is little enough to be looked at as a whole."""
    pending, count = [(inner, 1) for _, inner in value.held], 0
    while pending:
        each, level = pending.pop()
        count += 1
        pending.extend((inner, level + 1) for _, inner in each.held)
        if level > most_levels or count + len(pending) > _MOST_PARTS:
            return False
    return True


def put(container: Value, key: Hashable, item: Value) -> Value:
    """A container with an item put into it; what is no container stays as it is."""
    if container.type not in ("container", ""):
        return container
    if item.bulk is None and container.type == "":
        return container
    kept = [(place, value) for place, value in container.held if key is None or place != key]
    if len(kept) >= _MOST_HELD or not fits(item, _MOST_DEPTH - 2) or (key, item) in kept:
        return container
    return Value("container", noun=container.noun, held=(*kept, (key, item)))


def without(container: Value, key: Hashable) -> Value:
    """A container without what it holds under a key."""
    if container.type != "container":
        return container
    return replace(container, held=tuple(pair for pair in container.held if pair[0] != key))


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
        noun = _DICT if all(value.noun == _DICT for value in containers) else ""
        return Value("container", noun=noun, held=tuple(held)[:_MOST_HELD])
    typed = next((value for value in found if value.type not in ("", "small")), None)
    if typed is not None:
        return typed
    return SMALL if all(value.type == "small" for value in found) else UNKNOWN
