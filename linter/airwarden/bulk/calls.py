"""What a call of a library gives, by the tables of `bulk_apis` and the arguments that bound or divert it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from airwarden import syntax
from airwarden.bulk.apis import ANY, Member, bulk_apis
from airwarden.bulk.queries import FEW
from airwarden.bulk.values import (
    EMPTY,
    SMALL,
    UNKNOWN,
    Step,
    Value,
    born,
    derived,
    display,
    element,
    gathered,
    is_a,
    is_bulk,
    joined,
)
from airwarden.dag import DagFile

_BOUNDING = frozenset({"n_rows", "nrows"})
_CHUNKING = frozenset({"chunked", "chunksize", "iterator"})
_SIZES = ("n", "limit", "num", "size", "k")
_DESTINATIONS = ("path_or_buf", "path", "buf", "file", "excel_writer", "con", "target")
_READ = frozenset({"content", "file", "lines"})
_SCALARS = frozenset(
    {"bool", "datetime.date", "datetime.datetime", "decimal.Decimal", "float", "int", "round"}
)


@dataclass(frozen=True)
class Arguments:
    """The arguments of one call: as written, and their values. `is_short` says of a query among them
    whether its text bounds the answer.
    """

    file: DagFile
    call: syntax.Call
    positional: tuple[Value, ...]
    keywords: Mapping[str, Value]
    is_short: Callable[[], bool]

    @property
    def first(self) -> Value:
        """The first positional argument's value."""
        return self.positional[0] if self.positional else UNKNOWN

    @property
    def values(self) -> tuple[Value, ...]:
        """The values of all arguments."""
        return (*self.positional, *self.keywords.values())

    def destination(self) -> syntax.Expression | None:
        """What the call writes to, where it is told to."""
        names = (self.call.keyword(name) for name in _DESTINATIONS)
        written = next((value for value in names if value is not None), self.call.positional(0))
        is_none = isinstance(written, syntax.Constant) and written.value is None
        return None if is_none else written


def bounded(value: Value) -> Value:
    """What is left of a bulk value where the code bounds its size."""
    return replace(value, type="small", steps=(), held=())


def function_result(name: str, arguments: Arguments) -> Value:
    """What a call of a function or class from outside of the repository gives."""
    builtin = _BUILTINS.get(name)
    if builtin is not None:
        return builtin(arguments)
    if name in _SCALARS:
        return arguments.first if arguments.first.type == "field" else SMALL
    result = bulk_apis().called(name)
    if result is None:
        return UNKNOWN
    if result.endswith("argument"):
        return _of_argument(result, arguments)
    return _produced(result, name, arguments)


def _of_argument(result: str, arguments: Arguments) -> Value:
    first = arguments.first
    if result == "argument":
        return first
    if first.bulk is not None and result != "iterator of argument":
        return derived(first.bulk, result.partition(" ")[0])
    if first.type in _READ:
        return derived(first, "iterator") if result == "iterator of argument" else UNKNOWN
    if first.type == "line":
        return derived(first, "record")
    return first if first.type in ("record", "field", "small") else UNKNOWN


def _produced(result: str, name: str, arguments: Arguments) -> Value:
    """A new value of a type, `result`, unless the arguments keep it small or divide it into chunks."""
    inner = result.rpartition(" of ")[2]
    kind = bulk_apis().types[inner].kind
    names = {argument.keyword for argument in arguments.call.arguments}
    step = Step(arguments.file, arguments.call, f"{name}() gives {bulk_apis().types[inner].noun}")
    value = born(result, step)
    if not kind:
        return value
    is_cut = arguments.first.type == "small" and arguments.first.kind
    if is_cut or not names.isdisjoint(_BOUNDING) or arguments.is_short():
        return bounded(born(inner, step))
    if is_bulk(result) and not names.isdisjoint(_CHUNKING):
        return born(f"chunks of {result}", step)
    return value


def member_of(receiver: Value, name: str) -> Member | None:
    """What the tables say of `receiver.name`."""
    if receiver.type in ("small", "container", "chunks", "instance", "definition"):
        return None
    return bulk_apis().member(receiver.type, name) or bulk_apis().member(ANY, name)


def attribute_result(receiver: Value, name: str) -> Value:
    """What `receiver.name` gives, where it is no call."""
    if receiver.type in ("small", "field"):
        return receiver
    member = member_of(receiver, name)
    if member is None or not member.is_attribute:
        return derived(receiver, "field") if receiver.type == "record" else UNKNOWN
    if member.result == "same":
        return receiver
    return derived(receiver, member.result)


def method_result(receiver: Value, name: str, arguments: Arguments) -> Value:
    """What `receiver.name(...)` gives."""
    if receiver.type in ("small", "field"):
        return receiver
    if receiver.type in ("container", "chunks"):
        return _container_method(receiver, name, arguments)
    member = member_of(receiver, name)
    if member is None or member.is_attribute:
        return derived(receiver, "field") if (receiver.type, name) == ("record", "get") else UNKNOWN
    result = member.result
    if member.unless and _holds(member.unless, arguments):
        if not member.otherwise:
            return bounded(receiver)
        result = member.otherwise
    return _member_result(receiver, name, result, arguments)


def _member_result(receiver: Value, name: str, result: str, arguments: Arguments) -> Value:
    if result == "same":
        return bounded(receiver) if receiver.type == "cursor" and arguments.is_short() else receiver
    if result in ("", "small"):
        return Value(result)
    made = bulk_apis().types.get(result)
    if receiver.kind and made and (is_bulk(receiver.type) or not made.bulk or not made.kind):
        return derived(receiver, result)
    return _produced(result, name, arguments)


def _holds(condition: str, arguments: Arguments) -> bool:
    call = arguments.call
    if condition == "destination":
        return arguments.destination() is not None
    if condition != "bound":
        return call.keyword(condition) is not None
    sizes = (call.keyword(name) for name in _SIZES)
    size = next((value for value in sizes if value is not None), call.positional(0))
    literal = size.value if isinstance(size, syntax.Constant) else None
    return not isinstance(literal, int) or literal <= FEW


def _container_method(receiver: Value, name: str, arguments: Arguments) -> Value:
    key = arguments.call.positional(0)
    if name in ("get", "pop", "setdefault"):
        return receiver.get(key.value) if isinstance(key, syntax.Constant) else element(receiver)
    if name in ("copy", "values"):
        return receiver
    if name == "items":
        return Value("chunks", held=((None, display([(0, SMALL), (1, element(receiver))])),))
    return UNKNOWN


def _listed(arguments: Arguments) -> Value:
    return gathered(arguments.first) if arguments.positional else EMPTY


def _dict(arguments: Arguments) -> Value:
    first = arguments.first
    if first.type == "chunks" and first.get(None).type == "record":
        return first.get(None)
    if first.type in ("record", "container") or first.bulk is not None:
        return first
    return display(arguments.keywords.items())


def _zipped(arguments: Arguments) -> Value:
    record = next((value for value in arguments.positional if value.type == "record"), None)
    if record is not None:
        return Value("chunks", held=((None, record),))
    items = [element(value) for value in arguments.positional]
    return Value("chunks", held=((None, display(enumerate(items))),))


def _enumerated(arguments: Arguments) -> Value:
    return Value(
        "chunks", held=((None, Value("container", held=((0, SMALL), (1, element(arguments.first))))),)
    )


def _filtered(arguments: Arguments) -> Value:
    return arguments.positional[1] if len(arguments.positional) > 1 else UNKNOWN


def _text(arguments: Arguments) -> Value:
    return _of_argument("text of argument", arguments)


def _buffered(arguments: Arguments) -> Value:
    """A buffer in memory: a file again where it is made of a file's content."""
    first = arguments.first
    if first.type in _READ:
        return derived(first, "file")
    return derived(first.bulk, "filled buffer") if first.bulk is not None else Value("buffer")


_BUILTINS: Mapping[str, Callable[[Arguments], Value]] = {
    "bytes": _text,
    "dict": _dict,
    "enumerate": _enumerated,
    "filter": _filtered,
    "io.BytesIO": _buffered,
    "io.StringIO": _buffered,
    "io.TextIOWrapper": _buffered,
    "iter": lambda arguments: arguments.first,
    "len": lambda _: SMALL,
    "list": _listed,
    "repr": _text,
    "reversed": _listed,
    "sorted": _listed,
    "str": _text,
    "tuple": _listed,
    "zip": _zipped,
}


def joined_text(values: list[Value]) -> Value:
    """A text made of several values: bulk where one of them is, a field where one is of a record."""
    bulk = next((found for value in values if (found := value.bulk) is not None), None)
    if bulk is not None:
        return derived(bulk, "text")
    fields = [value for value in values if value.type in ("record", "field")]
    return derived(fields[0], "field") if fields else SMALL


def operated(operators: tuple[str, ...], values: list[Value]) -> Value:
    """What operands joined by operators give."""
    if operators[0] == "And":
        return values[-1]
    if operators[0] == "Or":
        return joined(values)
    if len(values) == 1:
        return values[0] if operators[0] == "Invert" and is_a(values[0], "frame") else SMALL
    if not _KEEPING.issuperset(operators):
        return UNKNOWN
    bulk = [value for value in values if value.bulk is not None]
    containers = [value for value in values if value.type == "container"]
    if bulk and len(containers) < len(values):
        return bulk[0]
    if containers:
        return Value("container", held=tuple(item for value in containers for item in value.held))
    return next((value for value in values if value.type in ("record", "field")), UNKNOWN)


_KEEPING = frozenset({"Add", "BitOr", "Divide", "FloorDivide", "Multiply", "Power", "Subtract"})
