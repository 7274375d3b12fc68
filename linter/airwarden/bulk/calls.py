"""What a call of a library gives, by the tables of `bulk_apis` and the arguments that bound or divert it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from airwarden import syntax
from airwarden.bulk.apis import ANY, Member, bulk_apis
from airwarden.bulk.queries import FEW, asks_sql
from airwarden.bulk.values import (
    BY_HAND,
    EMPTY,
    FALSE,
    SHORT_QUERY,
    SMALL,
    TRUE,
    UNKNOWN,
    Step,
    Value,
    any_of,
    born,
    derived,
    display,
    element,
    gathered,
    is_a,
    is_bulk,
    is_dict,
    is_written_out,
    joined,
    mapped,
    part_of,
)
from airwarden.dag import DagFile
from airwarden.records import dataclass

_BY_PATH = frozenset({"file", "pathlib.Path"})
_HTTP_HOOK = "airflow.providers.http.hooks.http.HttpHook"
_BOUNDING = frozenset({"n_rows", "nrows"})
_CONSTRUCTORS = frozenset(
    {
        "pandas.DataFrame",
        "pandas.DataFrame.from_dict",
        "pandas.DataFrame.from_records",
        "pandas.Series",
        "pandas.concat",
        "polars.DataFrame",
        "polars.Series",
        "polars.concat",
        "pyarrow.table",
    }
)
_JOINING = frozenset({"append", "combine_first", "join", "merge"})
_CHUNKING = frozenset({"chunked", "chunksize", "iterator"})
_SIZES = ("n", "limit", "num", "size", "k")
_DESTINATIONS = ("path_or_buf", "path", "buf", "file", "excel_writer", "con", "target")
_READ = ("content", "file", "lines")
_SCALARS = frozenset(
    {"bool", "datetime.date", "datetime.datetime", "decimal.Decimal", "float", "int", "round"}
)


@dataclass(frozen=True)
class Arguments:
    """The arguments of one call: as written, and their values. `is_short` says of a query among them
    whether its text bounds the answer, `is_thin` whether it asks for little of each row, `is_known` whether
    its text is known at all.
    """

    file: DagFile
    call: syntax.Call
    positional: tuple[Value, ...]
    keywords: Mapping[str, Value]
    is_short: Callable[[], bool]
    is_thin: Callable[[], bool] = lambda: False
    is_known: Callable[[], bool] = lambda: True

    @property
    def first(self) -> Value:
        """The first positional argument's value."""
        return self.positional[0] if self.positional else UNKNOWN

    @property
    def data(self) -> Value:
        """What a frame is made of, where the call makes one."""
        return self.keywords.get("data", UNKNOWN) if not self.positional else self.first

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
        return BY_HAND if name.startswith("os.path.") and BY_HAND in arguments.positional else UNKNOWN
    if result.endswith("argument"):
        return _of_argument(result, arguments)
    return _produced(result, name, arguments)


def _of_argument(result: str, arguments: Arguments) -> Value:
    first = arguments.first
    if result == "argument":
        return first
    if result == "content of argument":
        return derived(first, "document") if first.type == "file" else UNKNOWN
    if result == "records of argument" and is_a(first, "response content"):
        return derived(first, "response document")
    if first.bulk is not None and result != "iterator of argument":
        return derived(first.bulk, result.partition(" ")[0])
    if _is_read(first):
        return derived(first, "iterator") if result == "iterator of argument" else UNKNOWN
    if is_a(first, "line"):
        return derived(first, "record")
    return first if first.type in ("record", "field", "small") else UNKNOWN


def _is_read(value: Value) -> bool:
    """Whether a value is a file, its content or its lines."""
    return any(is_a(value, name) for name in _READ)


def _produced(result: str, name: str, arguments: Arguments) -> Value:
    """A new value of a type, `result`, unless the arguments keep it small or divide it into chunks."""
    inner = result.rpartition(" of ")[2]
    names = {*arguments.keywords, *(argument.keyword for argument in arguments.call.arguments)}
    step = _birth(inner, name, arguments)
    if inner in _BY_PATH and BY_HAND in arguments.values:
        return BY_HAND
    if inner == _HTTP_HOOK and not _gets(arguments.call):
        return UNKNOWN
    if name.endswith(".post") and inner == "requests.Response" and not _asks(arguments.call):
        return UNKNOWN
    if not bulk_apis().types[inner].kind:
        return born(result, step)
    if _is_cut(name, arguments) or not names.isdisjoint(_BOUNDING) or arguments.is_short():
        return bounded(born(inner, step))
    if name == "pandas.DataFrame" and arguments.data is UNKNOWN and names <= {"columns", "dtype", "index"}:
        return born("empty frame", step)
    if is_bulk(result) and not names.isdisjoint(_CHUNKING):
        return born(f"chunks of {result}", step)
    return narrowed(born(result, step), arguments).after(arguments.data.bulk)


def narrowed(rows: Value, arguments: Arguments) -> Value:
    """Rows of a query whose text is not known; or of one that asks for one value each, or a row a group."""
    if rows.kind == "rows" and asks_sql(arguments.call) and not arguments.is_known():
        return replace(rows, kind="unknown rows")
    if rows.kind not in ("lazy", "rows") or is_a(rows, "frame") or not arguments.is_thin():
        return rows
    if rows.kind == "lazy":
        rows = replace(rows, type="cursor", noun="all rows of a query")
    return replace(rows, kind="column", noun=f"one column of {rows.noun}")


def _birth(name: str, function: str, arguments: Arguments) -> Step:
    deed = "opens a file" if name == "file" else f"gives {bulk_apis().types[name].noun}"
    return Step(arguments.file, arguments.call, f"{function}() {deed}")


def _is_cut(name: str, arguments: Arguments) -> bool:
    """Whether a call is given what is known to be small: what was cut before, or what is written out."""
    data = arguments.data
    return (data.type == "small" and bool(data.kind)) or (name in _CONSTRUCTORS and is_written_out(data))


def _gets(call: syntax.Call) -> bool:
    """Whether an `HttpHook` asks by GET; without a word it posts."""
    method = call.keyword("method") or call.positional(0)
    return isinstance(method, syntax.Constant) and method.value == "GET"


def _asks(call: syntax.Call) -> bool:
    """Whether a request that posts asks a question of GraphQL."""
    body = call.keyword("json")
    keys = [key for key, _ in body.entries] if isinstance(body, syntax.Mapping) else []
    return any(isinstance(key, syntax.Constant) and key.value == "query" for key in keys)


def member_of(receiver: Value, name: str) -> Member | None:
    """What the tables say of `receiver.name`."""
    if receiver.type in ("small", "container", "chunks", "instance", "definition"):
        return None
    return bulk_apis().member(receiver.type, name) or bulk_apis().member(ANY, name)


def attribute_result(receiver: Value, name: str) -> Value:
    """What `receiver.name` gives, where it is no call."""
    if receiver.type in ("small", "field"):
        return receiver
    if receiver.type == "container":
        return receiver.get(name)
    member = member_of(receiver, name)
    if member is None and receiver.bulk and is_a(receiver, "pandas.DataFrame"):
        return derived(receiver, "column")
    if member is None or not member.is_attribute:
        return derived(receiver, "field") if receiver.type == "record" else UNKNOWN
    if member.result == "same":
        return receiver
    return SMALL if member.result == "small" else derived(receiver, member.result)


def method_result(receiver: Value, name: str, arguments: Arguments) -> Value:
    """What `receiver.name(...)` gives."""
    if receiver.type in ("small", "field"):
        return receiver
    if receiver.type in ("container", "chunks"):
        return _container_method(receiver, name, arguments)
    if is_a(receiver, "document") and name in ("get", "pop"):
        return part_of(receiver, arguments.call.positional(0))
    member = member_of(receiver, name)
    if member is None and name == "find" and _asks_mongo(arguments):
        return _produced("cursor", name, arguments)
    if member is None or member.is_attribute:
        return derived(receiver, "field") if (receiver.type, name) == ("record", "get") else UNKNOWN
    result = member.result
    if member.unless and _holds(member.unless, arguments):
        if not member.otherwise:
            return bounded(receiver)
        result = member.otherwise
    return _member_result(receiver, name, result, arguments)


def _asks_mongo(arguments: Arguments) -> bool:
    """Whether a `find` of nobody knows what is that of a collection of MongoDB: it is given a dict."""
    asked = arguments.keywords.get("filter", arguments.first)
    return is_dict(asked) or arguments.call.keyword("projection") is not None


def _cast(arguments: Arguments) -> Value:
    """What `typing.cast` says a value is, where that is a type of the tables; else the value itself."""
    named = arguments.first.definition
    made = bulk_apis().named(named.name) if named is not None and named.file is None else None
    value = arguments.positional[1] if len(arguments.positional) > 1 else UNKNOWN
    if made is None or not value.is_vague:
        return value
    noun = bulk_apis().types[made].noun
    return born(made, Step(arguments.file, arguments.call, f"said to be {noun}"))


def _member_result(receiver: Value, name: str, result: str, arguments: Arguments) -> Value:
    in_place = arguments.call.keyword("inplace")
    if isinstance(in_place, syntax.Constant) and in_place.value is True:
        return SMALL
    if receiver.type == "empty frame" and name in _JOINING:
        return derived(receiver, "pandas.DataFrame")
    if result == "same":
        return bounded(receiver) if receiver.type == "cursor" and arguments.is_short() else receiver
    if result in ("", "small"):
        return Value(result)
    made = bulk_apis().types.get(result)
    is_kept = is_bulk(receiver.type) or receiver.kind in ("column", "unknown rows")
    if receiver.kind and made and (is_kept or not made.bulk or not made.kind):
        return derived(receiver, result)
    return _produced(result, name, arguments)


def _holds(condition: str, arguments: Arguments) -> bool:
    call = arguments.call
    if condition == "destination":
        return arguments.destination() is not None
    if condition == "argument":
        return bool(call.arguments)
    if condition != "bound":
        return call.keyword(condition) is not None
    if call.keyword("frac") is not None:
        return False
    sizes = (call.keyword(name) for name in _SIZES)
    size = next((value for value in sizes if value is not None), call.positional(0))
    literal = size.value if isinstance(size, syntax.Constant) else None
    return not isinstance(literal, int) or literal <= FEW


def _container_method(receiver: Value, name: str, arguments: Arguments) -> Value:
    key = arguments.call.positional(0)
    if name in ("get", "pop", "popleft", "setdefault"):
        return receiver.at(key.value) if isinstance(key, syntax.Constant) else any_of(receiver)
    if name == "values":
        return replace(receiver, noun="")
    if name == "items":
        return Value("chunks", held=((None, display([(0, SMALL), (1, any_of(receiver))])),))
    return receiver if name == "copy" else UNKNOWN


def _listed(arguments: Arguments) -> Value:
    return gathered(arguments.first) if arguments.positional else EMPTY


def _dict(arguments: Arguments) -> Value:
    first = arguments.first
    if first.type == "chunks" and first.get(None).type == "record":
        return first.get(None)
    if first.type in ("record", "container") or first.bulk is not None:
        return first
    return mapped(arguments.keywords.items())


def _zipped(arguments: Arguments) -> Value:
    column = next((value for value in arguments.positional if value.bulk and is_a(value, "column")), None)
    if column is not None:
        return derived(column, "records")
    record = next((value for value in arguments.positional if value.type == "record"), None)
    if record is not None:
        return Value("chunks", held=((None, record),))
    items = [element(value) for value in arguments.positional]
    return Value("chunks", held=((None, display(enumerate(items))),))


def _enumerated(arguments: Arguments) -> Value:
    return Value(
        "chunks", held=((None, Value("container", held=((0, SMALL), (1, element(arguments.first))))),)
    )


def _queued(arguments: Arguments) -> Value:
    return Value("chunks") if "maxlen" in arguments.keywords else _listed(arguments)


def _chained(arguments: Arguments) -> Value:
    return Value("chunks", held=((None, joined([element(value) for value in arguments.positional])),))


def _together(arguments: Arguments) -> Value:
    """What several coroutines give, in a list."""
    return display(enumerate(arguments.positional))


def _next(arguments: Arguments) -> Value:
    first = arguments.first
    return UNKNOWN if first.type == "chunks" else element(first)


def _filtered(arguments: Arguments) -> Value:
    return arguments.positional[1] if len(arguments.positional) > 1 else UNKNOWN


def _text(arguments: Arguments) -> Value:
    if _is_shortened(arguments.first):
        return SMALL
    return _of_argument("text of argument", arguments)


def _buffered(arguments: Arguments) -> Value:
    """A buffer in memory: a file again where it is made of a file's content."""
    first = arguments.first
    if _is_read(first):
        return derived(first, "file")
    return derived(first.bulk, "filled buffer") if first.bulk is not None else Value("buffer")


_BUILTINS: Mapping[str, Callable[[Arguments], Value]] = {
    "asyncio.gather": _together,
    "bytes": _text,
    "collections.deque": _queued,
    "dict": _dict,
    "enumerate": _enumerated,
    "filter": _filtered,
    "functools.partial": lambda arguments: arguments.first,
    "io.BytesIO": _buffered,
    "io.StringIO": _buffered,
    "io.TextIOWrapper": _buffered,
    "itertools.chain": _chained,
    "iter": lambda arguments: arguments.first,
    "len": lambda _: SMALL,
    "list": _listed,
    "repr": _text,
    "next": _next,
    "reversed": _listed,
    "sorted": _listed,
    "str": _text,
    "tuple": _listed,
    "typing.cast": _cast,
    "zip": _zipped,
}


def _is_shortened(value: Value) -> bool:
    """Whether the text of a value shows its beginning and end alone, as that of a frame does."""
    return is_a(value, "frame")


def joined_text(values: list[Value]) -> Value:
    """A text made of several values: bulk where one of them is, a field where one is of a record."""
    bulk = next((found for value in values if (found := value.bulk) and not _is_shortened(found)), None)
    if bulk is not None:
        return derived(bulk, "text")
    fields = [value for value in values if value.type in ("record", "field")]
    values = [each for value in values for each in (dict(value.held).values() or [value])]
    if fields:
        return derived(fields[0], "field" if len(fields) == 1 else "record")
    return next((value for value in values if value in (BY_HAND, SHORT_QUERY)), SMALL)


def operated(operators: tuple[str, ...], values: list[Value]) -> Value:
    """What operands joined by operators give."""
    if operators[0] == "And":
        return values[-1]
    if operators[0] == "Or":
        return joined(values)
    if operators == ("Not",) and values[0] in (FALSE, TRUE):
        return TRUE if values[0] == FALSE else FALSE
    if len(values) == 1:
        return values[0] if operators[0] == "Invert" and is_a(values[0], "frame") else SMALL
    if not _KEEPING.issuperset(operators):
        return UNKNOWN
    told = next((value for value in values if value in (BY_HAND, SHORT_QUERY)), None)
    if told is not None:
        return told
    bulk = [value for value in values if value.bulk is not None]
    containers = [value for value in values if value.type == "container"]
    if bulk and len(containers) < len(values):
        return bulk[0]
    if containers:
        return Value("container", held=tuple(item for value in containers for item in value.held))
    return next((value for value in values if value.type in _KEPT), UNKNOWN)


_KEPT = frozenset({"field", "pathlib.Path", "record"})
_KEEPING = frozenset({"Add", "BitOr", "Divide", "FloorDivide", "Multiply", "Power", "Subtract"})
