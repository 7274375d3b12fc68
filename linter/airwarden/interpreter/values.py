"""What is known of the objects that loading a module would make.

Objects that change while a module runs (variables, lists, dicts, instances) are cells: their content is
changed through `Memory` alone, so that a branch that may not be taken can be taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, Literal, TypeAlias

from airwarden import syntax
from airwarden.dag import DagFile

_MOST_CHOICES = 8
_births = count()
_MAYBE_EMPTY = frozenset({"ChainMap", "Counter", "OrderedDict", "UserDict", "UserList", "UserString"})

Written: TypeAlias = "tuple[DagFile, syntax.Node]"
"""Where a value is written: a file and a node of it."""


@dataclass(frozen=True, eq=False)
class Unknown:
    """Not to be known without a run."""


UNKNOWN: Final = Unknown()


@dataclass(frozen=True, eq=False)
class Known:
    """A constant."""

    value: object


@dataclass(frozen=True, eq=False)
class Symbol:
    """Something from outside of the repository, by its full dotted name; `receiver` for a bound method."""

    name: str
    receiver: Instance | None = None


@dataclass(frozen=True, eq=False)
class PackageOf:
    """A folder of the repository without an `__init__.py`, by its dotted name as `file` imports it."""

    name: str
    file: DagFile


@dataclass(frozen=True, eq=False)
class ModuleOf:
    """A module of the repository with the names that it defines."""

    file: DagFile
    names: Namespace


@dataclass(frozen=True, eq=False)
class FunctionOf:
    """A function or lambda of the repository, with the names around it and what its defaults gave.

    `receiver` is what a bound method is bound to; `kind` what a decorator makes of it.
    """

    node: syntax.Function | syntax.Lambda
    file: DagFile
    names: Namespace
    defaults: Mapping[str, Value] = field(default_factory=dict)
    receiver: Value | None = None
    kind: Literal["plain", "static", "class", "property", "cached"] = "plain"


@dataclass(frozen=True, eq=False)
class ClassOf:
    """A class of the repository; `form` says which constructor its decorator or base gives it."""

    node: syntax.Class
    file: DagFile
    names: Namespace
    bases: tuple[Value, ...]
    form: Literal["plain", "record", "dict", "enum"] = "plain"

    @property
    def name(self) -> str:
        """The name it is defined under."""
        return self.node.name


@dataclass(frozen=True, eq=False)
class Super:
    """`super()`: the attributes that the classes after `after` give an instance."""

    after: ClassOf
    receiver: Value


@dataclass(frozen=True, eq=False)
class Method:
    """A method of a constant, list or dict."""

    receiver: Known | Items | Table
    name: str


@dataclass(frozen=True, eq=False)
class Arguments:
    """What a call gives: not `complete` where a `*` or `**` may bring more, each of them `others`.

    `nodes` tells where each is written, by position or by name.
    """

    positional: tuple[Value, ...] = ()
    keywords: Mapping[str, Value] = field(default_factory=dict)
    nodes: Mapping[int | str, Written] = field(default_factory=dict)
    complete: bool = True
    others: Value = UNKNOWN

    def get(self, index: int, name: str) -> Value | None:
        """The argument at a position or of a name, where it is given."""
        if name in self.keywords:
            return self.keywords[name]
        return self.positional[index] if 0 <= index < len(self.positional) else None

    def rest(self) -> Arguments:
        """These arguments without the first."""
        nodes = {k - 1 if isinstance(k, int) else k: node for k, node in self.nodes.items() if k != 0}
        return Arguments(self.positional[1:], self.keywords, nodes, self.complete, self.others)

    def without(self, name: str) -> Arguments:
        """These arguments without a keyword."""
        rest = {key: value for key, value in self.keywords.items() if key != name}
        return Arguments(self.positional, rest, self.nodes, self.complete)

    def after(self, first: Arguments) -> Arguments:
        """These arguments behind those of `first`, whose keywords they override."""
        count = len(first.positional)
        mine = {key + count if isinstance(key, int) else key: node for key, node in self.nodes.items()}
        return Arguments(
            (*first.positional, *self.positional),
            {**first.keywords, **self.keywords},
            {**first.nodes, **mine},
            first.complete and self.complete,
            first.others if self.complete else self.others,
        )


@dataclass(frozen=True, eq=False)
class Partial:
    """`functools.partial(callee, ...)`."""

    callee: Value
    arguments: Arguments


@dataclass(frozen=True, eq=False)
class Coroutine:
    """A call of an `async` function that nobody has awaited."""

    function: FunctionOf
    arguments: Arguments


@dataclass(frozen=True, eq=False)
class Choice:
    """One of several values; which one, only a run can tell."""

    values: tuple[Value, ...]


@dataclass(frozen=True, eq=False)
class Data:
    """Plain data made of a callback's arguments: nothing that can be called to any effect; `is_true` where it
    is known to count as true.
    """

    is_true: bool = False


@dataclass(frozen=True, eq=False)
class Absent:
    """Nothing: a variable, entry or item that may not be there."""


DATA: Final = Data()
NONE: Final = Known(None)
ABSENT: Final = Absent()


class Cell:
    """Something whose content changes as a module runs. `born` orders cells by when they were made."""

    __slots__ = ("born", "content")
    content: Any

    def __init__(self) -> None:
        self.born = next(_births)


class Variable(Cell):
    """What a name stands for."""

    __slots__ = ()
    content: Value

    def __init__(self, content: Value) -> None:
        super().__init__()
        self.content = content


class Items(Cell):
    """A list, tuple, set or generator; not `complete` where further items may come.

    `pending` is what is done when its items are first asked for.
    """

    __slots__ = ("kind", "pending")
    content: tuple[tuple[Value, ...], bool]

    def __init__(self, kind: str, items: Iterable[Value], complete: bool = True) -> None:
        super().__init__()
        self.kind = kind
        self.pending: Callable[[], None] | None = None
        self.content = tuple(items), complete

    @property
    def items(self) -> tuple[Value, ...]:
        """Its items, those included that may be absent."""
        return self.content[0]

    @property
    def complete(self) -> bool:
        """Whether there are no others."""
        return self.content[1]

    @property
    def is_fixed(self) -> bool:
        """Whether its length and order are known."""
        return self.complete and not any(may_be_absent(item) for item in self.items)


@dataclass(frozen=True, eq=False)
class Entries:
    """The entries of a dict, with where each value is written.

    Not `complete` where further ones may come, each of them `others`.
    """

    values: Mapping[Hashable, Value] = field(default_factory=dict)
    nodes: Mapping[Hashable, Written] = field(default_factory=dict)
    complete: bool = True
    others: Value = UNKNOWN

    def with_entry(self, key: Hashable | None, value: Value, node: Written | None) -> Entries:
        """These and one entry more; `key` is None where it is not known."""
        if key is None:
            return Entries(self.values, self.nodes, complete=False)
        nodes = self.nodes if node is None else {**self.nodes, key: node}
        return Entries({**self.values, key: value}, nodes, self.complete, self.others)

    def without(self, key: Hashable) -> Entries:
        """These without one entry."""
        rest = {each: value for each, value in self.values.items() if each != key}
        nodes = {each: self.nodes[each] for each in rest if each in self.nodes}
        return Entries(rest, nodes, self.complete, self.others)

    def merged(self, other: Value) -> Entries:
        """These with all entries of a dict over them."""
        if not isinstance(other, Table):
            others: Value = DATA if isinstance(other, Data) else UNKNOWN
            return Entries(self.values, self.nodes, complete=False, others=others)
        values = dict(self.values)
        for key, value in other.content.values.items():
            maybe = may_be_absent(value) and key in values
            values[key] = choice((present(value), values[key])) if maybe else value
        complete = self.complete and other.content.complete
        rest = other.content.others if self.complete else self.others
        return Entries(values, {**self.nodes, **other.content.nodes}, complete, rest)


class Table(Cell):
    """A dict. Its keys are constants, or the members of an enum themselves."""

    __slots__ = ()
    content: Entries

    def __init__(self, content: Entries | None = None) -> None:
        super().__init__()
        self.content = Entries() if content is None else content


class Instance(Cell):
    """What a call of a class, or of anything outside, gives; `call` is None where no call is written.

    The content is the attributes that it is known to have.
    """

    __slots__ = ("arguments", "call", "callee", "file")
    content: Mapping[str, Value]

    def __init__(
        self,
        callee: Symbol | ClassOf,
        arguments: Arguments | None = None,
        call: syntax.Call | None = None,
        file: DagFile | None = None,
    ) -> None:
        super().__init__()
        self.callee = callee
        self.arguments = arguments or Arguments()
        self.call = call
        self.file = file
        self.content = {}


class Namespace:
    """The names of a module, class, function or comprehension, and the namespace around it.

    `outside` are modules from outside of the repository of which all names are imported.
    """

    __slots__ = ("kind", "outer", "outside", "scope", "variables")

    def __init__(self, kind: str, scope: syntax.Scope, outer: Namespace | None) -> None:
        self.kind = kind
        self.scope = scope
        self.outer = outer
        self.variables: dict[str, Variable] = {}
        self.outside: list[str] = []

    @property
    def module(self) -> Namespace:
        """The module's own names."""
        found = self
        while found.outer is not None:
            found = found.outer
        return found

    def own(self, name: str) -> Value | None:
        """What a name of this very namespace stands for."""
        variable = self.variables.get(name)
        return None if variable is None or variable.content is ABSENT else present(variable.content)

    def find(self, name: str) -> Value | None:
        """What a name stands for as seen from here."""
        found: Namespace | None = self
        while found is not None:
            if found is self or found.kind != "class":
                value = found.own(name)
                if value is not None:
                    return value
            found = found.outer
        return None


Value: TypeAlias = (
    Known
    | Items
    | Table
    | Symbol
    | PackageOf
    | ModuleOf
    | FunctionOf
    | ClassOf
    | Super
    | Method
    | Instance
    | Partial
    | Coroutine
    | Choice
    | Data
    | Unknown
    | Absent
)


def now() -> int:
    """The moment, as `Cell.born` counts them."""
    return next(_births)


def choice(values: Iterable[Value]) -> Value:
    """One value for several: itself where there is one, unknown where there are none or too many."""
    flat: dict[object, Value] = {}
    for value in values:
        for each in value.values if isinstance(value, Choice) else (value,):
            flat.setdefault(_identity(each), each)
    if not 0 < len(flat) <= _MOST_CHOICES or any(isinstance(each, Unknown) for each in flat.values()):
        return UNKNOWN
    return next(iter(flat.values())) if len(flat) == 1 else Choice(tuple(flat.values()))


def _identity(value: Value) -> object:
    if isinstance(value, Known) and isinstance(value.value, Hashable):
        return type(value.value), value.value
    if isinstance(value, Symbol) and value.receiver is None:
        return Symbol, value.name
    return id(value)


def may_be_absent(value: Value) -> bool:
    """Whether there may be nothing in its place."""
    return value is ABSENT or (isinstance(value, Choice) and ABSENT in value.values)


def present(value: Value) -> Value:
    """What a value is if it is there at all."""
    if value is ABSENT:
        return UNKNOWN
    if isinstance(value, Choice) and ABSENT in value.values:
        return choice(each for each in value.values if each is not ABSENT)
    return value


def alternatives(value: Value) -> tuple[Value, ...]:
    """The values that one may be."""
    return value.values if isinstance(value, Choice) else (value,)


def text_of(value: Value | None) -> str | None:
    """The string that a value is known to be."""
    return value.value if isinstance(value, Known) and isinstance(value.value, str) else None


def key_of(value: Value) -> Hashable | None:
    """What finds a value among the keys of a dict; None where it is not known."""
    if isinstance(value, Known) and isinstance(value.value, Hashable):
        return NONE if value.value is None else value.value
    if isinstance(value, Items) and value.kind == "tuple" and value.is_fixed:
        keys = tuple(key_of(item) for item in value.items)
        return None if None in keys else keys
    is_ours = isinstance(value, Instance) and isinstance(value.callee, ClassOf)
    return value if is_ours or isinstance(value, (FunctionOf, ClassOf)) else None


def value_of(key: Hashable) -> Value:
    """The value that a key of a dict was made of."""
    if isinstance(key, (Known, Instance, FunctionOf, ClassOf)):
        return key
    if isinstance(key, tuple):
        return Items("tuple", [value_of(each) for each in key])
    return Known(key)


def truth(value: Value) -> bool | None:
    """Whether a value counts as true; None where only a run can tell."""
    match value:
        case Known(value=constant):
            return bool(constant)
        case Items():
            return _filled(value.items, value.complete)
        case Table():
            return _filled(tuple(value.content.values.values()), value.content.complete)
        case Symbol(name=name) if "." not in name:
            return True
        case FunctionOf() | ClassOf() | ModuleOf() | PackageOf() | Method() | Partial() | Coroutine():
            return True
        case Instance(callee=ClassOf() as made):
            return None if {"__bool__", "__len__"} & made.node.scope.bindings.keys() else True
        case Instance(callee=Symbol(name=name)):
            last = name.rpartition(".")[2]
            return True if (last[:1].isupper() or last == "object") and last not in _MAYBE_EMPTY else None
        case Data(is_true=True):
            return True
        case Choice(values=values):
            truths = {truth(each) for each in values}
            return truths.pop() if len(truths) == 1 else None
        case _:
            return None


def _filled(items: tuple[Value, ...], complete: bool) -> bool | None:
    if any(not may_be_absent(item) for item in items):
        return True
    return False if complete and not items else None
