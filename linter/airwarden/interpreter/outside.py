"""What is known of builtins and of the standard library: the few of them that shape what DAG files make."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Any, TypeAlias

from airwarden.interpreter.expressions import Expressions, Raised
from airwarden.interpreter.methods import table_of
from airwarden.interpreter.operations import compared, sliced
from airwarden.interpreter.values import (
    DATA,
    NONE,
    UNKNOWN,
    Arguments,
    Choice,
    ClassOf,
    Entries,
    FunctionOf,
    Instance,
    Items,
    Known,
    Method,
    ModuleOf,
    Partial,
    Super,
    Symbol,
    Table,
    Value,
    choice,
    text_of,
    truth,
)

_Known: TypeAlias = Callable[[Expressions, Arguments], "Value | None"]

_LONGEST = 2_000
_TYPES = {"list": ("list",), "tuple": ("tuple",), "set": ("set",), "frozenset": ("set",)}


def known_call(run: Expressions, callee: Symbol, arguments: Arguments) -> Value | None:
    """What a call of a builtin or of the standard library gives; None for all but the known few."""
    known = _CALLS.get(callee.name)
    if known is not None:
        return known(run, arguments)
    last = callee.name.rpartition(".")[2]
    if callee.receiver is not None and last in ("joinpath", "resolve", "absolute", "with_suffix"):
        return _path_method(callee.receiver, last, arguments)
    return None


def known_attribute(owner: Symbol | Instance, name: str) -> Value | None:
    """What an attribute of a path or of something else that is known gives; None for all others."""
    if isinstance(owner, Symbol):
        return _ATTRIBUTES.get(f"{owner.name}.{name}")
    path = _path_of(owner)
    if path is None:
        return None
    if name in ("stem", "name", "suffix"):
        return Known(str(getattr(path, name)))
    return _path(owner, path.parent) if name == "parent" else None


# Paths


def _path_of(value: Value) -> PurePosixPath | None:
    if not isinstance(value, Instance) or not isinstance(value.callee, Symbol):
        return None
    if value.callee.name not in ("pathlib.Path", "pathlib.PurePath", "pathlib.PurePosixPath"):
        return None
    parts = [text_of(each) for each in value.arguments.positional]
    known = parts and None not in parts and value.arguments.complete
    return PurePosixPath(*(part or "" for part in parts)) if known else None


def _path(like: Instance, path: PurePosixPath) -> Instance:
    return Instance(like.callee, Arguments((Known(str(path)),)), like.call, like.file)


def _path_method(receiver: Instance, name: str, arguments: Arguments) -> Value | None:
    path = _path_of(receiver)
    given = [text_of(each) for each in arguments.positional]
    if path is None or None in given:
        return None
    if name == "joinpath":
        return _path(receiver, path.joinpath(*(each or "" for each in given)))
    return receiver if name in ("resolve", "absolute") else None


def _file_name(part: Callable[[PurePosixPath], str]) -> _Known:
    def known(_: Expressions, arguments: Arguments) -> Value | None:
        text = text_of(arguments.get(0, "p"))
        path = _path_of(arguments.positional[0]) if arguments.positional else None
        if text is None and path is None:
            return None
        return Known(part(PurePosixPath(text) if text is not None else path or PurePosixPath()))

    return known


def _splitext(_: Expressions, arguments: Arguments) -> Value | None:
    text = text_of(arguments.get(0, "p"))
    if text is None:
        return None
    suffix = PurePosixPath(text).suffix
    return Items("tuple", [Known(text.removesuffix(suffix) if suffix else text), Known(suffix)])


# Containers


def _dict(run: Expressions, arguments: Arguments) -> Value:
    first = arguments.positional[:1]
    table = table_of(run, first[0]) if first else Table()
    entries = table.content if isinstance(table, Table) else Entries(complete=False)
    for name, value in arguments.keywords.items():
        entries = entries.with_entry(name, value, arguments.nodes.get(name))
    return Table(entries if arguments.complete else entries.with_entry(None, UNKNOWN, None))


def _collected(kind: str) -> _Known:
    def known(run: Expressions, arguments: Arguments) -> Value:
        if not arguments.positional:
            return Items(kind, ())
        given = arguments.positional[0]
        items, fixed = run.iterated(given)
        return (
            Items(kind, given.items, given.complete)
            if isinstance(given, Items)
            else Items(kind, items, fixed)
        )

    return known


def _sorted(run: Expressions, arguments: Arguments) -> Value:
    items, fixed = run.iterated(arguments.positional[0]) if arguments.positional else ((), False)
    constants = [item.value for item in items if isinstance(item, Known)]
    if len(constants) != len(items) or "key" in arguments.keywords:
        return Items("list", items, fixed)
    try:
        ordered = sorted(constants, reverse=truth(arguments.keywords.get("reverse", Known(False))) is True)  # type: ignore[type-var]
    except TypeError:
        return Items("list", items, fixed)
    return Items("list", [Known(each) for each in ordered], fixed)


def _reversed(run: Expressions, arguments: Arguments) -> Value:
    items, fixed = run.iterated(arguments.positional[0]) if arguments.positional else ((), False)
    return Items("iterator", items[::-1], fixed)


def _enumerate(run: Expressions, arguments: Arguments) -> Value:
    items, fixed = run.iterated(arguments.positional[0]) if arguments.positional else ((), False)
    start = arguments.get(1, "start") or Known(0)
    first = start.value if isinstance(start, Known) and isinstance(start.value, int) else 0
    return Items("iterator", [Items("tuple", [Known(i), item]) for i, item in enumerate(items, first)], fixed)


def _zip(run: Expressions, arguments: Arguments) -> Value:
    columns = [run.iterated(each) for each in arguments.positional]
    rows = zip(*(items for items, _ in columns), strict=False)
    return Items("iterator", [Items("tuple", row) for row in rows], all(fixed for _, fixed in columns))


def _range(_: Expressions, arguments: Arguments) -> Value:
    known = [each.value for each in arguments.positional if isinstance(each, Known)]
    bounds = [each for each in known if isinstance(each, int)]
    if len(bounds) != len(arguments.positional):
        return Items("list", (), complete=False)
    try:
        numbers = range(*bounds)
    except (TypeError, ValueError):
        return UNKNOWN
    return Items("list", [Known(each) for each in numbers[:_LONGEST]], len(numbers) <= _LONGEST)


def _product(run: Expressions, arguments: Arguments) -> Value:
    rows: list[tuple[Value, ...]] = [()]
    fixed = not arguments.keywords
    for column in arguments.positional:
        items, known = run.iterated(column)
        fixed = fixed and known
        rows = [(*row, item) for row in rows for item in items][:_LONGEST]
    return Items("list", [Items("tuple", row) for row in rows], fixed and len(rows) < _LONGEST)


def _chain(run: Expressions, arguments: Arguments) -> Value:
    parts = [run.iterated(each) for each in arguments.positional]
    return Items("list", [item for items, _ in parts for item in items], all(fixed for _, fixed in parts))


def _map(run: Expressions, arguments: Arguments) -> Value:
    function, *columns = arguments.positional or (UNKNOWN,)
    parts = [run.iterated(each) for each in columns]
    rows = list(zip(*(items for items, _ in parts), strict=False))
    found: list[Value] = []
    pending = run.lazily(lambda: found.extend([run.call(function, Arguments(row), None) for row in rows]))
    items = Items("iterator", found[: len(rows)], all(fixed for _, fixed in parts))
    items.pending = pending
    return items


def is_known(name: str) -> bool:
    """Whether it is known what a call of that name gives and does."""
    return name in _CALLS


def _filter(run: Expressions, arguments: Arguments) -> Value:
    if len(arguments.positional) != 2:
        return UNKNOWN
    function, given = arguments.positional
    items, fixed = run.iterated(given)
    kept, sure = [], fixed
    for item in items:
        known = truth(item if function is NONE else run.call(function, Arguments((item,)), None))
        sure = sure and known is not None
        kept += [] if known is False else [item]
    return Items("iterator", kept, sure)


def _next(run: Expressions, arguments: Arguments) -> Value:
    items, fixed = run.iterated(arguments.positional[0]) if arguments.positional else ((), False)
    if items and fixed:
        return items[0]
    return arguments.positional[1] if fixed and len(arguments.positional) > 1 else UNKNOWN


def _count(run: Expressions, arguments: Arguments) -> Value:
    items, fixed = run.iterated(arguments.positional[0]) if arguments.positional else ((), False)
    return Known(len(items)) if fixed else DATA


def _any(is_any: bool) -> _Known:
    def known(run: Expressions, arguments: Arguments) -> Value:
        items, fixed = run.iterated(arguments.positional[0]) if arguments.positional else ((), False)
        truths = [truth(item) for item in items]
        if is_any in truths:
            return Known(is_any)
        return Known(not is_any) if fixed and None not in truths else UNKNOWN

    return known


# Objects


def _text(kind: type) -> _Known:
    def known(_: Expressions, arguments: Arguments) -> Value | None:
        given = arguments.positional[0] if arguments.positional else None
        if (
            not isinstance(given, Known)
            or len(arguments.positional) > 1
            or not isinstance(given.value, (str, int, float))
        ):
            return DATA
        try:
            return Known(kind(given.value))
        except (TypeError, ValueError):
            raise Raised from None

    return known


def _bool(_: Expressions, arguments: Arguments) -> Value:
    known = truth(arguments.positional[0]) if arguments.positional else False
    return UNKNOWN if known is None else Known(known)


def _getattr(run: Expressions, arguments: Arguments) -> Value:
    name = text_of(arguments.get(1, "name"))
    if name is None or not arguments.positional:
        return UNKNOWN
    found = run.attribute(arguments.positional[0], name)
    if found is not UNKNOWN or not _is_whole(arguments.positional[0]):
        return found
    if len(arguments.positional) > 2:
        return arguments.positional[2]
    raise Raised


def _is_whole(owner: Value) -> bool:
    """Whether all attributes of a value are known: a module's, or an instance's of a class without bases."""
    if isinstance(owner, ModuleOf):
        return not owner.names.outside
    return isinstance(owner, Instance) and isinstance(owner.callee, ClassOf) and not owner.callee.bases


def _setattr(run: Expressions, arguments: Arguments) -> Value:
    if len(arguments.positional) == 3:
        owner, name, value = arguments.positional
        text = text_of(name)
        node = arguments.nodes.get(2)
        if text is not None and node is not None:
            run.set_attribute(owner, text, value, node[1])
    return NONE


def _isinstance(_: Expressions, arguments: Arguments) -> Value:
    if len(arguments.positional) != 2:
        return UNKNOWN
    value, kinds = arguments.positional
    wanted = list(kinds.items) if isinstance(kinds, Items) else [kinds]
    verdicts = {_is_of(value, kind) for kind in wanted}
    if True in verdicts:
        return Known(True)
    return UNKNOWN if None in verdicts else Known(False)


def _is_of(value: Value, kind: Value) -> bool | None:
    if isinstance(value, Choice):
        verdicts = {_is_of(each, kind) for each in value.values}
        return verdicts.pop() if len(verdicts) == 1 else None
    if isinstance(value, Instance) and (
        value.callee is kind
        or (isinstance(kind, Symbol) and isinstance(value.callee, Symbol) and value.callee.name == kind.name)
    ):
        return True
    if not isinstance(kind, Symbol) or "." in kind.name:
        return False if isinstance(value, (Items, Table)) and isinstance(kind, ClassOf) else None
    if isinstance(value, Items):
        return value.kind in _TYPES.get(kind.name, ())
    if isinstance(value, Table):
        return kind.name == "dict"
    if isinstance(value, Known):
        return type(value.value).__name__ == kind.name or (
            kind.name == "int" and isinstance(value.value, bool)
        )
    return False if isinstance(value, (FunctionOf, Partial, Instance)) and kind.name in _PLAIN else None


def _type(_: Expressions, arguments: Arguments) -> Value | None:
    given = arguments.positional[0] if len(arguments.positional) == 1 else None
    return given.callee if isinstance(given, Instance) else UNKNOWN


def _replaced(run: Expressions, arguments: Arguments) -> Value:
    """`dataclasses.replace(record, name=...)`."""
    record = arguments.positional[0] if arguments.positional else UNKNOWN
    if not isinstance(record, Instance) or not isinstance(record.callee, ClassOf):
        return UNKNOWN
    fields = {key: value for key, value in record.content.items() if key != "_fields"}
    return run.call(record.callee, Arguments((), {**fields, **arguments.keywords}), None)


def _callable(_: Expressions, arguments: Arguments) -> Value:
    given = arguments.positional[0] if arguments.positional else UNKNOWN
    if isinstance(given, (FunctionOf, ClassOf, Partial, Method)):
        return Known(True)
    return Known(False) if isinstance(given, (Known, Items, Table)) else UNKNOWN


def _super(run: Expressions, arguments: Arguments) -> Value:
    owner = arguments.positional[0] if arguments.positional else run.owner()
    receiver = arguments.positional[1] if len(arguments.positional) > 1 else run.receiver()
    return Super(owner, receiver) if isinstance(owner, ClassOf) else UNKNOWN


def _partial(_: Expressions, arguments: Arguments) -> Value:
    if not arguments.positional:
        return UNKNOWN
    return Partial(arguments.positional[0], arguments.rest())


def _copy(run: Expressions, arguments: Arguments) -> Value:
    return _copied(run, arguments.positional[0]) if arguments.positional else UNKNOWN


def _copied(run: Expressions, value: Value) -> Value:
    match value:
        case Table():
            return Table(value.content)
        case Items():
            return Items(value.kind, value.items, value.complete)
        case Choice(values=values):
            return choice(_copied(run, each) for each in values)
        case Instance(callee=ClassOf()):
            made = Instance(value.callee, value.arguments, value.call, value.file)
            run.memory.write(made, value.content)
            return made
        case _:
            return value


def _deepcopy(run: Expressions, arguments: Arguments) -> Value:
    return _copied_whole(run, arguments.positional[0], 0) if arguments.positional else UNKNOWN


def _copied_whole(run: Expressions, value: Value, depth: int) -> Value:
    run.tick()
    if depth > 8:
        return UNKNOWN
    match value:
        case Table():
            values = {key: _copied_whole(run, each, depth + 1) for key, each in value.content.values.items()}
            return Table(Entries(values, value.content.nodes, value.content.complete))
        case Items():
            return Items(
                value.kind, [_copied_whole(run, each, depth + 1) for each in value.items], value.complete
            )
        case _:
            return _copied(run, value)


def _namespace(run: Expressions, arguments: Arguments) -> Value:
    made = Instance(Symbol("types.SimpleNamespace"), arguments)
    run.memory.write(made, dict(arguments.keywords))
    return made


def _loads(_: Expressions, arguments: Arguments) -> Value | None:
    text = text_of(arguments.positional[0]) if arguments.positional else None
    if text is None or len(text) > 50_000:
        return None
    try:
        return _of_json(json.loads(text))
    except (ValueError, RecursionError):
        return UNKNOWN


def _of_json(document: object) -> Value:
    if isinstance(document, dict):
        return Table(Entries({key: _of_json(value) for key, value in document.items()}))
    if isinstance(document, list):
        return Items("list", [_of_json(each) for each in document])
    return NONE if document is None else Known(document)


def _import_module(run: Expressions, arguments: Arguments) -> Value | None:
    name = text_of(arguments.get(0, "name"))
    return None if name is None else run.imported_module(name)


def _awaited(run: Expressions, arguments: Arguments) -> Value:
    return run.await_(arguments.positional[0]) if arguments.positional else UNKNOWN


def _reduced(run: Expressions, arguments: Arguments) -> Value:
    if len(arguments.positional) < 2:
        return UNKNOWN
    function, given, *first = arguments.positional
    items, fixed = run.iterated(given)
    if not fixed or not (items or first):
        return UNKNOWN
    value, rest = (first[0], items) if first else (items[0], items[1:])
    for item in rest:
        value = run.call(function, Arguments((value, item)), None)
    return value


def _first(_: Expressions, arguments: Arguments) -> Value | None:
    return arguments.positional[0] if arguments.positional else None


def _wraps(_: Expressions, __: Arguments) -> Value:
    return Symbol("airwarden.identity")


def _cached(_: Expressions, arguments: Arguments) -> Value:
    """`functools.cache`, `functools.lru_cache` and `functools.lru_cache(...)`, which gives the former."""
    given = arguments.positional[0] if arguments.positional else None
    if isinstance(given, FunctionOf):
        return FunctionOf(given.node, given.file, given.names, given.defaults, given.receiver, "cached")
    return Symbol("functools.cache")


def _method_kind(kind: Any) -> _Known:
    def known(_: Expressions, arguments: Arguments) -> Value | None:
        given = arguments.positional[0] if arguments.positional else None
        if not isinstance(given, FunctionOf):
            return None
        return FunctionOf(given.node, given.file, given.names, given.defaults, None, kind)

    return known


def _islice(run: Expressions, arguments: Arguments) -> Value:
    items, fixed = run.iterated(arguments.positional[0]) if arguments.positional else ((), False)
    return sliced(Items("list", items, fixed), [None, *arguments.positional[1:2]]) if fixed else UNKNOWN


def _equal(_: Expressions, arguments: Arguments) -> Value:
    given = arguments.positional
    return compared("Equal", given[0], given[1]) if len(given) == 2 else UNKNOWN


_PLAIN = frozenset({"bool", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple"})

_CALLS: Mapping[str, _Known] = {
    "airwarden.identity": _first,
    "all": _any(False),
    "any": _any(True),
    "asyncio.run": _awaited,
    "bool": _bool,
    "callable": _callable,
    "classmethod": _method_kind("class"),
    "collections.OrderedDict": _dict,
    "copy.copy": _copy,
    "copy.deepcopy": _deepcopy,
    "dataclasses.replace": _replaced,
    "dict": _dict,
    "enumerate": _enumerate,
    "filter": _filter,
    "float": _text(float),
    "frozenset": _collected("set"),
    "functools.cache": _cached,
    "functools.cached_property": _method_kind("property"),
    "functools.lru_cache": _cached,
    "functools.partial": _partial,
    "functools.reduce": _reduced,
    "functools.singledispatch": lambda *_: UNKNOWN,
    "functools.wraps": _wraps,
    "getattr": _getattr,
    "importlib.import_module": _import_module,
    "int": _text(int),
    "isinstance": _isinstance,
    "iter": _first,
    "itertools.chain": _chain,
    "itertools.islice": _islice,
    "itertools.product": _product,
    "json.loads": _loads,
    "len": _count,
    "list": _collected("list"),
    "map": _map,
    "next": _next,
    "operator.eq": _equal,
    "os.path.abspath": _first,
    "os.path.basename": _file_name(lambda path: path.name),
    "os.path.dirname": _file_name(lambda path: str(path.parent)),
    "os.path.realpath": _first,
    "os.path.splitext": _splitext,
    "property": _method_kind("property"),
    "range": _range,
    "reversed": _reversed,
    "set": _collected("set"),
    "setattr": _setattr,
    "sorted": _sorted,
    "staticmethod": _method_kind("static"),
    "str": _text(str),
    "super": _super,
    "tuple": _collected("tuple"),
    "type": _type,
    "types.MappingProxyType": _dict,
    "types.SimpleNamespace": _namespace,
    "typing.cast": lambda _, arguments: arguments.get(1, "val"),
    "zip": _zip,
}

_ATTRIBUTES: Mapping[str, Value] = {
    "typing.TYPE_CHECKING": Known(False),
    "sys.version_info": Items("tuple", [Known(3), Known(12), Known(0), Known("final"), Known(0)]),
    "sys.version_info.major": Known(3),
}
