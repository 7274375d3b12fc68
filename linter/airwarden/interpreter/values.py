"""What is known of the objects that loading a module would make.

Objects that change while a module runs (variables, lists, dicts, instances) are cells: their content is
changed through `Memory` alone, so that a branch that may not be taken can be taken back. No other value ever
changes; those that are made most often are not frozen, as that makes them dear to make.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import field, replace
from functools import cached_property
from itertools import count
from typing import Any, Final, Literal, TypeAlias

from airwarden import syntax
from airwarden.dag import DagFile
from airwarden.records import dataclass

_MOST_CHOICES = 8
_MOST_BASES = 64
_MOST_PARTS = 2_000
_MOST_NESTED = 50
_FEW = 10
_SILENT_BASES = frozenset({"abc.ABC", "object", "typing.Generic"})
_births = count()
_MAYBE_EMPTY = frozenset(
    {"ChainMap", "Counter", "Decimal", "Fraction", "OrderedDict", "UserDict", "UserList", "UserString"}
)
_LAZY = frozenset({"generator", "iterator"})
_SURE_BASES = frozenset(
    [
        "abc.ABC",
        "enum.Enum",
        "object",
        "pydantic.BaseModel",
        "typing.Generic",
        "typing.NamedTuple",
        "typing.Protocol",
    ]
)
_SIZED = frozenset({"__bool__", "__len__"})

Written: TypeAlias = "tuple[DagFile, syntax.Node]"
"""Where a value is written: a file and a node of it."""


@dataclass(frozen=True, eq=False)
class Unknown:
    """Not to be known without a run."""


UNKNOWN: Final = Unknown()


@dataclass(slots=True, eq=False)
class Known:
    """A constant."""

    value: object


@dataclass(slots=True, eq=False)
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


@dataclass(slots=True, eq=False)
class FunctionOf:
    """A function or lambda of the repository, with the names around it and what its defaults gave.

    `receiver` is what a bound method is bound to; `kind` what a decorator makes of it. `setter` is what is
    done when a property is given a value, `memo` what a cached function has given so far.
    """

    node: syntax.Function | syntax.Lambda
    file: DagFile
    names: Namespace
    defaults: Mapping[str, Value] = field(default_factory=dict)
    receiver: Value | None = None
    kind: Literal["plain", "static", "class", "property", "kept", "cached"] = "plain"
    setter: FunctionOf | None = None
    memo: Table | None = None

    def bound_to(self, receiver: Value) -> FunctionOf:
        """The same as a method of an instance or class."""
        return FunctionOf(
            self.node, self.file, self.names, self.defaults, receiver, self.kind, self.setter, self.memo
        )


@dataclass(frozen=True, eq=False)
class FieldOf:
    """A field of a record: its default, whether its constructor takes it, and whether by name alone."""

    default: Value | None = None
    is_given: bool = True
    is_keyword: bool = False


@dataclass(frozen=True, eq=False)
class ClassOf:
    """A class of the repository; `form` says of which sort it is, `fields` what makes the constructor of a
    record where it has one of its own.
    """

    node: syntax.Class
    file: DagFile
    names: Namespace
    bases: tuple[Value, ...]
    form: Literal["plain", "record", "dict", "enum"] = "plain"
    fields: Mapping[str, FieldOf] | None = None
    metaclass: Value | None = None

    @property
    def name(self) -> str:
        """The name it is defined under."""
        return self.node.name

    @cached_property
    def lineage(self) -> tuple[ClassOf, ...]:
        """The class and its bases in the repository, in the order in which Python looks for attributes."""
        found: dict[int, ClassOf] = {id(self): self}
        for each in (each for base in self.bases if isinstance(base, ClassOf) for each in base.lineage):
            found.pop(id(each), None)
            found[id(each)] = each
        return tuple(found.values())[:_MOST_BASES]

    @cached_property
    def may_be_false(self) -> bool:
        """Whether an instance may count as false: the class says so, or a base from outside may."""
        if self.node.scope.bindings.keys() & _SIZED:
            return True
        return any(
            base.may_be_false if isinstance(base, ClassOf) else not _is_sure_base(base) for base in self.bases
        )

    @cached_property
    def outside_bases(self) -> tuple[Symbol, ...]:
        """The classes from outside that it is derived from; one that says nothing is left out."""
        found = [base for each in self.lineage for base in each.bases if isinstance(base, Symbol)]
        return tuple(base for base in found if base.name not in _SILENT_BASES)


@dataclass(frozen=True, eq=False)
class Super:
    """`super()`: the attributes that the classes after `after` give an instance."""

    after: ClassOf
    receiver: Value


@dataclass(slots=True, eq=False)
class Method:
    """A method of a constant, list or dict."""

    receiver: Known | Items | Table
    name: str


@dataclass(slots=True, eq=False)
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

    def behind(self, receiver: Value) -> Arguments:
        """These arguments with one more in front of them."""
        nodes = self.nodes
        if nodes:
            nodes = {key + 1 if isinstance(key, int) else key: node for key, node in nodes.items()}
        others = UNKNOWN if self.complete else self.others
        return Arguments((receiver, *self.positional), self.keywords, nodes, self.complete, others)

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


@dataclass(slots=True, eq=False)
class Partial:
    """`functools.partial(callee, ...)`."""

    callee: Value
    arguments: Arguments


@dataclass(frozen=True, eq=False)
class Coroutine:
    """A call of an `async` function that nobody has awaited."""

    function: FunctionOf
    arguments: Arguments


@dataclass(slots=True, eq=False)
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
FIELDS: Final = "_fields"
"""The attribute that lists what a record unpacks to."""
OTHERS: Final = "*"
"""The attribute that an instance has of which it is not known which attributes it has."""
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


class Pending(Variable):
    """What gives the items of an iterator, a `Draw`; `NONE` as soon as it has."""

    __slots__ = ()


class Items(Cell):
    """A list, tuple, set, view, iterator or generator; not `complete` where further items may come.

    `pending` holds what gives the items of an iterator, as long as nobody has asked for them; `made_by` is
    the function and the arguments of a generator.
    """

    __slots__ = ("kind", "made_by", "pending")
    content: tuple[tuple[Value, ...], bool]

    def __init__(
        self, kind: str, items: Iterable[Value], complete: bool = True, draw: Draw | None = None
    ) -> None:
        super().__init__()
        self.kind = kind
        self.pending = None if draw is None else Pending(Known(draw))
        self.made_by: tuple[FunctionOf, Arguments] | None = None
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
    def is_pending(self) -> bool:
        """Whether its items are yet to be drawn."""
        return self.pending is not None and self.pending.content is not NONE

    @property
    def is_lazy(self) -> bool:
        """Whether it gives each item once."""
        return self.kind in _LAZY

    @property
    def is_fixed(self) -> bool:
        """Whether its length and order are known."""
        return self.complete and not self.is_pending and not any(may_be_absent(item) for item in self.items)

    @property
    def loosened(self) -> tuple[tuple[Value, ...], bool]:
        """Its content where any item may have gone and others may have come."""
        return tuple(choice((item, ABSENT)) for item in self.items), False


@dataclass(slots=True, eq=False)
class Entries:
    """The entries of a dict, with where each value is written.

    Not `complete` where further ones may come, each of them `others`; `ordered` where it is known which come
    before which.
    """

    values: Mapping[Hashable, Value] = field(default_factory=dict)
    nodes: Mapping[Hashable, Written] = field(default_factory=dict)
    complete: bool = True
    others: Value = UNKNOWN
    ordered: bool = True

    def with_entry(self, key: Hashable | None, value: Value, node: Written | None) -> Entries:
        """These and one entry more; `key` is None where it is not known: it may be any."""
        if key is None:
            return self.with_others(value)
        nodes = self.nodes if node is None else {**self.nodes, key: node}
        if may_be_absent(value):
            value = choice((present(value), self.get(key)))
        return replace(self, values={**self.values, key: value}, nodes=nodes)

    def with_others(self, value: Value) -> Entries:
        """These where any entry may have been given a value."""
        values = {key: choice((each, value)) for key, each in self.values.items()}
        others = value if self.complete else choice((self.others, value))
        return replace(self, values=values, complete=False, others=others)

    def get(self, key: Hashable) -> Value:
        """The value of a key, which may be absent."""
        found = self.values.get(key)
        return found if found is not None else ABSENT if self.complete else choice((self.others, ABSENT))

    def without(self, key: Hashable | None) -> Entries:
        """These without one entry; `key` is None where it is not known: it may be any."""
        if key is None:
            maybe = {each: choice((value, ABSENT)) for each, value in self.values.items()}
            return replace(self, values=maybe)
        rest = {each: value for each, value in self.values.items() if each != key}
        nodes = {each: node for each, node in self.nodes.items() if each in rest}
        return replace(self, values=rest, nodes=nodes)

    def merged(self, other: Value) -> Entries:
        """These with all entries of a dict over them."""
        if not isinstance(other, Table):
            return self.with_others(DATA if isinstance(other, Data) else UNKNOWN)
        more = other.content
        found = self if more.complete else self.with_others(more.others)
        values = dict(found.values)
        for key, value in more.values.items():
            values[key] = choice((present(value), found.get(key))) if may_be_absent(value) else value
        nodes, ordered = {**self.nodes, **more.nodes}, self.ordered and more.ordered
        return Entries(values, nodes, found.complete, found.others, ordered)

    def listed(self, make: Callable[[Hashable, Value], Value]) -> tuple[Value, ...]:
        """What is made of every entry, in their order; of some that order may be anything."""
        found: list[Value] = []
        for key, value in self.values.items():
            made = make(key, present(value))
            found.append(choice((made, ABSENT)) if may_be_absent(value) else made)
        return tuple(found) if self.ordered or len(found) < 2 else (choice(found),) * len(found)


class Table(Cell):
    """A dict. Its keys are constants, or the members of an enum themselves."""

    __slots__ = ()
    content: Entries

    def __init__(self, content: Entries | None = None) -> None:
        super().__init__()
        self.content = Entries() if content is None else content


class View(Items):
    """The keys, values or items of a dict, as they are at any moment."""

    __slots__ = ("make", "table")

    def __init__(self, table: Table, make: Callable[[Hashable, Value], Value]) -> None:
        Cell.__init__(self)
        self.kind = "view"
        self.pending = None
        self.made_by = None
        self.table = table
        self.make = make

    @property
    def content(self) -> tuple[tuple[Value, ...], bool]:  # type: ignore[override]
        """What is made of each entry, and whether there are no others."""
        return self.table.content.listed(self.make), self.table.content.complete


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


class Attributes(Table):
    """The `__dict__` of an instance: what is written here is written there."""

    __slots__ = ("instance",)

    def __init__(self, instance: Instance) -> None:
        Cell.__init__(self)
        self.instance = instance

    @property
    def content(self) -> Entries:  # type: ignore[override]
        """The attributes that are the instance's own."""
        found = {name: value for name, value in self.instance.content.items() if name != FIELDS}
        values: dict[Hashable, Value] = dict(found.items())
        return Entries(values, complete=OTHERS not in found)

    def changed(self, entries: Entries) -> dict[str, Value]:
        """The content of the instance when these are its entries."""
        kept = {name: value for name, value in self.instance.content.items() if name == FIELDS}
        more = {} if entries.complete else {OTHERS: UNKNOWN}
        return {**kept, **{str(name): value for name, value in entries.values.items()}, **more}


class Namespace:
    """The names of a module, class, function or comprehension, and the namespace around it.

    `outside` are modules from outside of the repository of which all names are imported; `is_kept` where
    something may see the names that outlives the run of what they belong to.
    """

    __slots__ = ("is_kept", "kind", "outer", "outside", "scope", "variables")

    def __init__(self, kind: str, scope: syntax.Scope, outer: Namespace | None) -> None:
        self.kind = kind
        self.scope = scope
        self.outer = outer
        self.variables: dict[str, Variable] = {}
        self.outside: list[str] = []
        self.is_kept = False

    def keep(self) -> Namespace:
        """These names, noted as seen by something that may outlive their run."""
        found: Namespace | None = self
        while found is not None and not found.is_kept:
            found.is_kept = True
            found = found.outer
        return self

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

    def holder(self, name: str) -> Variable | None:
        """The variable that a name stands for as seen from here, of several that may be the innermost."""
        return next(iter(self._holders(name)), None)

    def find(self, name: str) -> Value | None:
        """What a name stands for as seen from here."""
        found = self._holders(name)
        if len(found) > 1:
            return choice(present(variable.content) for variable in found)
        return present(found[0].content) if found else None

    def _holders(self, name: str) -> list[Variable]:
        """The variables that have the name, from the inside out up to the first that is sure to be there."""
        holders: list[Variable] = []
        found: Namespace | None = self
        while found is not None:
            if name in found.scope.outer_names:
                found = found.module
            variable = found.variables.get(name) if found is self or found.kind != "class" else None
            if variable is not None and variable.content is not ABSENT:
                holders.append(variable)
                if found.kind != "class" or not may_be_absent(variable.content):
                    break
            found = found.outer
        return holders


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


Draw: TypeAlias = "Callable[[], tuple[tuple[Value, ...], bool]]"
"""What gives the items of an iterator when somebody asks for them, and whether these are all."""


_CONSTANTS = (Known, Symbol, Data)


def now() -> int:
    """The moment, as `Cell.born` counts them."""
    return next(_births)


def choice(values: Iterable[Value]) -> Value:
    """One value for several: itself where there is one, unknown where there are none or too many.

    Beside what is unknown, constants are dropped, but not what a call or a change may reach.
    """
    flat: dict[object, Value] = {}
    for value in values:
        if isinstance(value, Choice):
            for each in value.values:
                flat.setdefault(identity(each), each)
        else:
            flat.setdefault(identity(value), value)
    if id(UNKNOWN) in flat:
        flat = {key: each for key, each in flat.items() if not isinstance(each, _CONSTANTS)}
    if not 0 < len(flat) <= _MOST_CHOICES:
        return UNKNOWN
    return next(iter(flat.values())) if len(flat) == 1 else Choice(tuple(flat.values()))


def identity(value: Value) -> object:
    """What tells objects apart; constants of one type and value are one."""
    if isinstance(value, Known):
        kind = type(value.value)
        return id(value) if kind.__hash__ is None else (kind, value.value)
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


def or_none(value: Value) -> Value:
    """What a value is where nothing counts as `None`."""
    return choice(NONE if each is ABSENT else each for each in alternatives(value))


def alternatives(value: Value) -> tuple[Value, ...]:
    """The values that one may be."""
    return value.values if isinstance(value, Choice) else (value,)


def text_of(value: Value | None) -> str | None:
    """The string that a value is known to be."""
    return value.value if isinstance(value, Known) and isinstance(value.value, str) else None


def is_small(value: Value) -> bool:
    """Whether a value can be looked at whole: it holds few others, and none that is nested deeply."""
    pending, count = [(value, 0)], 0
    while pending:
        each, depth = pending.pop()
        count += 1
        inner: Iterable[Value] = ()
        if isinstance(each, Items):
            inner = each.items
        elif isinstance(each, Table):
            inner = each.content.values.values()
        pending.extend((item, depth + 1) for item in inner)
        if len(pending) + count > _MOST_PARTS or depth > _MOST_NESTED:
            return False
    return True


def key_of(value: Value) -> Hashable | None:
    """What finds a value among the keys of a dict; None where it is not known."""
    if isinstance(value, Items) and not (_is_flat(value) or is_small(value)):
        return None
    return _key_of(value)


def _is_flat(value: Items) -> bool:
    """Whether it holds a few constants, which is soon told."""
    return len(value.items) < _FEW and all(type(each) is Known for each in value.items)


def _key_of(value: Value) -> Hashable | None:
    if isinstance(value, Known) and isinstance(value.value, Hashable):
        return NONE if value.value is None else value.value
    if isinstance(value, Items) and value.kind == "tuple" and value.is_fixed:
        keys = tuple(_key_of(item) for item in value.items)
        return None if None in keys else keys
    if isinstance(value, FunctionOf):
        return value if value.receiver is None else None
    is_ours = isinstance(value, Instance) and isinstance(value.callee, ClassOf)
    return value if is_ours or isinstance(value, ClassOf) else None


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
            return True if value.is_lazy else _filled(value.items, value.complete)
        case Table():
            return _filled(tuple(value.content.values.values()), value.content.complete)
        case Symbol(name=name) if "." not in name:
            return True
        case FunctionOf() | ClassOf() | ModuleOf() | PackageOf() | Method() | Partial() | Coroutine():
            return True
        case Instance(callee=ClassOf() as made):
            return None if made.may_be_false else True
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


def _is_sure_base(base: Value) -> bool:
    """Whether instances of a base from outside are known to count as true."""
    if not isinstance(base, Symbol):
        return False
    last = base.name.rpartition(".")[2]
    return base.name in _SURE_BASES or (base.name.startswith("airflow.") and last[:1].isupper())


def _filled(items: tuple[Value, ...], complete: bool) -> bool | None:
    if any(not may_be_absent(item) for item in items):
        return True
    return False if complete and not items else None
