"""What is known of builtins and of the standard library: the few of them that shape what DAG files make."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import PurePosixPath
from typing import Any, TypeAlias

from airwarden.bounded import json_of
from airwarden.interpreter.expressions import Expressions, Raised
from airwarden.interpreter.methods import called_method, next_of, table_of
from airwarden.interpreter.operations import compared, distinct, plain, sliced
from airwarden.interpreter.values import (
    ABSENT,
    DATA,
    FIELDS,
    NONE,
    OTHERS,
    UNKNOWN,
    Arguments,
    Attributes,
    Choice,
    ClassOf,
    Entries,
    FunctionOf,
    Instance,
    Items,
    Known,
    Method,
    Partial,
    Super,
    Symbol,
    Table,
    Value,
    alternatives,
    choice,
    key_of,
    may_be_absent,
    present,
    text_of,
    truth,
)

_Known: TypeAlias = Callable[[Expressions, Arguments], "Value | None"]

_LONGEST = 2_000
_MOST_DEPTH = 8
_TYPES = {"list": ("list",), "tuple": ("tuple",), "set": ("set",), "frozenset": ("set",)}


def known_call(run: Expressions, callee: Symbol, arguments: Arguments) -> Value | None:
    """What a call of a builtin or of the standard library gives; None for all but the known few."""
    known = _CALLS.get(callee.name)
    if known is not None:
        return known(run, arguments)
    owner, _, method = callee.name.partition(".")
    given = arguments.positional[0] if arguments.positional else None
    if owner in _PLAIN and callee.receiver is None and method and isinstance(given, (Known, Items, Table)):
        return called_method(run, Method(given, method), arguments.rest())
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
    return Table(entries if arguments.complete else entries.with_others(UNKNOWN))


def _collected(kind: str) -> _Known:
    def known(run: Expressions, arguments: Arguments) -> Value:
        if not arguments.positional:
            return Items(kind, (), arguments.complete)
        items, complete = _in_order(run, arguments.positional[0])
        run.charge(len(items) // 10 if kind == "set" else 0)
        return Items(kind, distinct(items) if kind == "set" else items, complete)

    return known


def _in_order(run: Expressions, value: Value) -> tuple[tuple[Value, ...], bool]:
    """What a loop over a value meets, where it matters which comes first: of a set, nobody knows."""
    items, complete = run.elements(value)
    if isinstance(value, Items) and value.kind == "set" and len(items) > 1:
        return (choice(items),) * len(items), complete
    return items, complete


def _from_keys(run: Expressions, arguments: Arguments) -> Value:
    keys, complete = run.elements(arguments.get(0, "iterable") or UNKNOWN)
    entries, value = Entries() if complete else Entries(complete=False), arguments.get(1, "value") or NONE
    for key in keys:
        given = choice((value, ABSENT)) if may_be_absent(key) else value
        entries = entries.with_entry(key_of(present(key)), given, None)
    return Table(entries)


def _sorted(run: Expressions, arguments: Arguments) -> Value:
    items, complete = run.elements(arguments.positional[0]) if arguments.positional else ((), False)
    function = arguments.keywords.get("key", NONE)
    keys = [_sort_key(item if function is NONE else _called(run, function, item)) for item in items]
    backwards = truth(arguments.keywords.get("reverse", Known(value=False)))
    known = [key[0] for key in keys if key is not None]
    try:
        if len(known) == len(items) and backwards is not None and not any(map(may_be_absent, items)):
            ordered = sorted(zip(known, items, strict=True), key=lambda pair: pair[0], reverse=backwards)  # type: ignore[arg-type,return-value]
            return Items("list", [item for _, item in ordered], complete)
    except TypeError:
        pass
    return Items("list", (choice(items),) * len(items) if len(items) > 1 else items, complete)


def _sort_key(value: Value) -> tuple[object] | None:
    """What a value is sorted by, where that is known."""
    whole = plain(value)
    if whole is not None or not isinstance(value, Items) or value.kind != "tuple" or not value.is_fixed:
        return whole
    first = plain(value.items[0]) if value.items else None
    return None if first is None else (first,)


def _called(run: Expressions, function: Value, *given: Value) -> Value:
    return run.call(function, Arguments(given), None)


def _lazy(draw: Callable[[Expressions, Arguments], tuple[Iterable[Value], bool]]) -> _Known:
    """A call that gives an iterator, which asks for its items when somebody asks it."""

    def known(run: Expressions, arguments: Arguments) -> Value:
        def drawn() -> tuple[tuple[Value, ...], bool]:
            items, complete = draw(run, arguments)
            return tuple(items), complete and arguments.complete

        return Items("iterator", (), draw=drawn)

    return known


def _reversed(run: Expressions, arguments: Arguments) -> tuple[Iterable[Value], bool]:
    items, fixed = run.iterated(arguments.positional[0]) if arguments.positional else ((), False)
    return (items[::-1], True) if fixed else Items("list", items).loosened


def _enumerate(run: Expressions, arguments: Arguments) -> tuple[Iterable[Value], bool]:
    items, fixed = run.iterated(arguments.positional[0]) if arguments.positional else ((), False)
    start = arguments.get(1, "start") or Known(0)
    first = start.value if isinstance(start, Known) and isinstance(start.value, int) else None
    numbers = (Known(first + n) if first is not None and fixed else DATA for n in range(len(items)))
    rows = [Items("tuple", row) for row in zip(numbers, items, strict=True)]
    return (rows, True) if fixed else Items("list", rows).loosened


def _zip(run: Expressions, arguments: Arguments) -> tuple[Iterable[Value], bool]:
    columns = [run.iterated(each) for each in arguments.positional]
    rows = [Items("tuple", row) for row in zip(*(items for items, _ in columns), strict=False)]
    fixed = all(fixed for _, fixed in columns)
    return (rows, True) if fixed else Items("list", rows).loosened


def _range(run: Expressions, arguments: Arguments) -> Value:
    known = [each.value for each in arguments.positional if isinstance(each, Known)]
    bounds = [each for each in known if isinstance(each, int)]
    if len(bounds) != len(arguments.positional):
        return Items("view", (), complete=False)
    try:
        numbers = range(*bounds)
    except (TypeError, ValueError):
        return UNKNOWN
    turns = numbers[:_LONGEST]
    run.charge(len(turns) // 20)
    return Items("view", [Known(each) for each in turns], turns == numbers)


def _product(run: Expressions, arguments: Arguments) -> tuple[Iterable[Value], bool]:
    rows: list[tuple[Value, ...]] = [()]
    fixed = not arguments.keywords
    for column in arguments.positional:
        items, known = run.iterated(column)
        fixed = fixed and known
        rows = [(*row, item) for row in rows for item in items][:_LONGEST]
    return [Items("tuple", row) for row in rows], fixed and len(rows) < _LONGEST


def _chain(run: Expressions, arguments: Arguments) -> tuple[Iterable[Value], bool]:
    parts = [run.elements(each) for each in arguments.positional]
    return [item for items, _ in parts for item in items], all(complete for _, complete in parts)


def _chain_of(run: Expressions, arguments: Arguments) -> tuple[Iterable[Value], bool]:
    parts, fixed = run.iterated(arguments.get(0, "iterable") or UNKNOWN)
    items, complete = _chain(run, Arguments(parts))
    return items, fixed and complete


def _map(run: Expressions, arguments: Arguments) -> tuple[Iterable[Value], bool]:
    function, *columns = arguments.positional or (UNKNOWN,)
    parts = [run.iterated(each) for each in columns]
    fixed = all(fixed for _, fixed in parts)
    if not fixed:
        run.maybe(partial(run.flow_of, partial(run.call, function, Arguments(complete=False), None)))
        return (), False
    rows = zip(*(items for items, _ in parts), strict=False)
    return [run.call(function, Arguments(row), None) for row in rows], True


def _star_map(run: Expressions, arguments: Arguments) -> tuple[Iterable[Value], bool]:
    function, rows = (*arguments.positional, UNKNOWN, UNKNOWN)[:2]
    items, fixed = run.iterated(rows)
    given = [run.iterated(item) for item in items]
    if not fixed or not all(known for _, known in given):
        run.maybe(partial(run.flow_of, partial(run.call, function, Arguments(complete=False), None)))
        return (), False
    return [run.call(function, Arguments(row), None) for row, _ in given], True


def _filter(run: Expressions, arguments: Arguments) -> tuple[Iterable[Value], bool]:
    function, given = (*arguments.positional, UNKNOWN, UNKNOWN)[:2]
    items, complete = run.elements(given)
    if any(map(may_be_absent, items)) and function is not NONE:
        return Items("list", items).loosened
    kept: list[Value] = []
    for item in items:
        known = truth(present(item) if function is NONE else _called(run, function, item))
        if known is not False:
            kept.append(item if known else choice((item, ABSENT)))
    return kept, complete


def _iter(run: Expressions, arguments: Arguments) -> Value:
    given = arguments.positional[0] if arguments.positional else UNKNOWN
    if len(arguments.positional) != 1 or isinstance(given, (Instance, Choice)):
        return UNKNOWN
    if isinstance(given, Items) and given.is_lazy:
        return given
    return Items("iterator", (), draw=lambda: _in_order(run, given))


def _next(run: Expressions, arguments: Arguments) -> Value:
    given, *default = arguments.positional or (UNKNOWN,)
    return next_of(run, given, default[0] if default else None)


def _count(run: Expressions, arguments: Arguments) -> Value:
    given = arguments.positional[0] if arguments.positional else UNKNOWN
    if isinstance(given, Items) and given.is_lazy:
        raise Raised("TypeError")
    items, fixed = run.iterated(given)
    return Known(len(items)) if fixed else DATA


def _sum(run: Expressions, arguments: Arguments) -> Value:
    items, fixed = run.iterated(arguments.positional[0]) if arguments.positional else ((), False)
    total = arguments.get(1, "start") or Known(0)
    for item in items:
        total = run.operation("Add", total, item)
    return total if fixed else UNKNOWN


def _extreme(pick: Callable[..., Any]) -> _Known:
    def known(run: Expressions, arguments: Arguments) -> Value:
        given = arguments.positional
        items, fixed = run.iterated(given[0]) if len(given) == 1 else (given, arguments.complete)
        constants = [item.value for item in items if isinstance(item, Known)]
        if not fixed or arguments.keywords or len(constants) < len(items) or not items:
            return choice(items) if fixed and items and "default" not in arguments.keywords else UNKNOWN
        try:
            return Known(pick(constants))
        except TypeError:
            raise Raised("TypeError") from None

    return known


def _any(is_any: bool) -> _Known:
    def known(run: Expressions, arguments: Arguments) -> Value:
        given = arguments.positional[0] if arguments.positional else UNKNOWN
        items, complete = run.elements(given, to_the_end=False)
        truths = [None if may_be_absent(item) else truth(item) for item in items]
        if is_any in truths:
            return Known(is_any)
        return Known(not is_any) if complete and None not in truths else UNKNOWN

    return known


def _islice(run: Expressions, arguments: Arguments) -> tuple[Iterable[Value], bool]:
    given, *limits = arguments.positional or (UNKNOWN,)
    items, fixed = run.iterated(given, to_the_end=False)
    bounds = [None, *limits] if len(limits) == 1 else limits
    found = sliced(Items("list", items, fixed), [*bounds, None, None, None][:3])
    return found.content if isinstance(found, Items) else ((), False)


def is_known(name: str) -> bool:
    """Whether it is known what a call of that name gives and does."""
    return name in _CALLS


def _proxy(run: Expressions, arguments: Arguments) -> Value:
    """`MappingProxyType(table)`: the dict itself, seen from outside."""
    given = arguments.positional[0] if arguments.positional else UNKNOWN
    return given if isinstance(given, Table) else _dict(run, arguments)


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
        except (TypeError, ValueError, OverflowError):
            raise Raised("ValueError") from None

    return known


def _bool(_: Expressions, arguments: Arguments) -> Value:
    known = truth(arguments.positional[0]) if arguments.positional else False
    return UNKNOWN if known is None else Known(known)


def _getattr(run: Expressions, arguments: Arguments) -> Value:
    name = text_of(arguments.get(1, "name"))
    if name is None or not arguments.positional:
        return UNKNOWN
    owner, default = arguments.positional[0], arguments.positional[2:]
    if run.has_attribute(owner, name) is False:
        if not default:
            raise Raised("AttributeError")
        return default[0]
    found = run.attribute(owner, name)
    is_sure = isinstance(owner, Instance) and not may_be_absent(owner.content.get(name, NONE))
    return found if is_sure or not default else choice((found, default[0]))


def _hasattr(run: Expressions, arguments: Arguments) -> Value:
    name = text_of(arguments.get(1, "name"))
    if name is None or not arguments.positional:
        return UNKNOWN
    has = run.has_attribute(arguments.positional[0], name)
    return UNKNOWN if has is None else Known(has)


def _setattr(run: Expressions, arguments: Arguments) -> Value:
    if len(arguments.positional) == 3:
        owner, name, value = arguments.positional
        node = arguments.nodes.get(2)
        written = node[1] if node is not None else run.frame.file.module
        for each in alternatives(name):
            if (text := text_of(each)) is not None and each is name:
                run.set_attribute(owner, text, value, written)
            elif text is not None:
                run.perhaps(lambda text=text: run.set_attribute(owner, text, value, written))  # type: ignore[misc]
            else:
                run.set_some_attribute(owner, value)
    return NONE


def _delattr(run: Expressions, arguments: Arguments) -> Value:
    name = text_of(arguments.get(1, "name"))
    if name is not None and arguments.positional:
        run.on_each(arguments.positional[0], lambda owner: run.delete_attribute(owner, name))
    elif arguments.positional:
        run.set_some_attribute(arguments.positional[0], UNKNOWN)
    return NONE


def _set_plainly(run: Expressions, arguments: Arguments) -> Value:
    """`object.__setattr__(self, name, value)`, which asks no property."""
    owner, name, value = (*arguments.positional, UNKNOWN, UNKNOWN, UNKNOWN)[:3]
    text = text_of(name)
    if isinstance(owner, Instance) and text is not None:
        run.memory.write(owner, {**owner.content, text: value})
    else:
        run.set_some_attribute(owner, value)
    return NONE


def _vars(_: Expressions, arguments: Arguments) -> Value | None:
    given = arguments.positional[0] if arguments.positional else None
    return Attributes(given) if isinstance(given, Instance) else UNKNOWN if given is not None else None


def _fields_of(_: Expressions, arguments: Arguments) -> Value:
    """`record._asdict()`."""
    given = arguments.positional[0] if arguments.positional else UNKNOWN
    return Table(Attributes(given).content) if isinstance(given, Instance) else UNKNOWN


def _as_dict(_: Expressions, arguments: Arguments) -> Value:
    """`dataclasses.asdict(record)`, whose values are copied where they are records, lists or dicts."""
    given = arguments.positional[0] if arguments.positional else UNKNOWN
    if not isinstance(given, Instance) or not isinstance(given.callee, ClassOf):
        return UNKNOWN
    values = Attributes(given).content.values
    plain_ones = {key: value if isinstance(value, _LEAVES) else UNKNOWN for key, value in values.items()}
    return Table(Entries(plain_ones))


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
    if isinstance(kind, Symbol) and kind.name == "object":
        return True
    if isinstance(value, Instance):
        return _is_derived(value.callee, kind)
    if isinstance(kind, ClassOf):
        return False if isinstance(value, (Items, Table, Known, FunctionOf)) else None
    if not isinstance(kind, Symbol) or "." in kind.name:
        return None
    if isinstance(value, Items):
        return value.kind in _TYPES.get(kind.name, ())
    if isinstance(value, Table):
        return kind.name == "dict"
    if isinstance(value, Known):
        return type(value.value).__name__ == kind.name or (
            kind.name == "int" and isinstance(value.value, bool)
        )
    return False if isinstance(value, (FunctionOf, Partial)) and kind.name in _PLAIN else None


def _is_derived(made: Symbol | ClassOf, kind: Value) -> bool | None:
    """Whether a class is another one, or derived from it; None where it is not known."""
    if made is kind or (isinstance(kind, Symbol) and isinstance(made, Symbol) and made.name == kind.name):
        return True
    if isinstance(made, Symbol):
        is_object = made.name.startswith(("airflow.", "pathlib.")) or made.name == "types.SimpleNamespace"
        is_object = is_object and made.name.rpartition(".")[2][:1].isupper()
        return False if is_object and isinstance(kind, Symbol) and kind.name in _PLAIN else None
    if any(each.keyword is not None for each in made.node.arguments):
        return None
    verdicts = {
        _is_derived(base, kind) if isinstance(base, (Symbol, ClassOf)) else None for base in made.bases
    }
    if made.form != "plain" and not isinstance(kind, ClassOf):
        verdicts.add(None)
    return True if True in verdicts else None if None in verdicts else False


def _type(_: Expressions, arguments: Arguments) -> Value | None:
    given = arguments.positional[0] if len(arguments.positional) == 1 else None
    return given.callee if isinstance(given, Instance) and isinstance(given.callee, ClassOf) else UNKNOWN


def _replaced(run: Expressions, arguments: Arguments) -> Value:
    """`dataclasses.replace(record, name=...)`."""
    record = arguments.positional[0] if arguments.positional else UNKNOWN
    if not isinstance(record, Instance) or not isinstance(record.callee, ClassOf):
        return UNKNOWN
    fields = {key: value for key, value in record.content.items() if key != FIELDS}
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
        case Items(kind="list" | "set"):
            return Items(value.kind, value.items, value.complete)
        case Choice(values=values):
            return choice(_copied(run, each) for each in values)
        case Instance() if _is_copied(value):
            return _twin(run, value, value.content)
        case Partial():
            return Partial(value.callee, value.arguments)
        case _:
            return value


def _twin(run: Expressions, value: Instance, content: Mapping[str, Value]) -> Instance:
    made = Instance(value.callee, value.arguments, value.call, value.file)
    run.memory.write(made, content)
    return made


def _is_copied(value: Instance) -> bool:
    """Whether a copy is another object: not of a member of an enum, nor of what a function gave."""
    if isinstance(value.callee, ClassOf):
        return value.callee.form != "enum"
    last = value.callee.name.rpartition(".")[2]
    return last[:1].isupper() and last != "DAG"


def _deepcopy(run: Expressions, arguments: Arguments) -> Value:
    return _copied_whole(run, arguments.positional[0], {}, 0) if arguments.positional else UNKNOWN


def _copied_whole(run: Expressions, value: Value, copies: dict[int, Value], depth: int) -> Value:
    """A copy of a value and of all that it holds; what it holds twice is copied once."""
    run.tick()
    if id(value) in copies:
        return copies[id(value)]
    if depth > _MOST_DEPTH:
        return UNKNOWN
    inner = partial(_copied_whole, run, copies=copies, depth=depth + 1)
    made: Value
    match value:
        case Table():
            made = copies[id(value)] = Table()
            entries = value.content
            values = {key: inner(each) for key, each in entries.values.items()}
            run.memory.write(made, replace(entries, values=values))
        case Items() if not value.is_lazy:
            made = copies[id(value)] = Items(value.kind, ())
            run.memory.write(made, (tuple(map(inner, value.items)), value.complete))
        case Choice(values=parts):
            made = choice(map(inner, parts))
        case Instance() if _is_copied(value):
            made = copies[id(value)] = _twin(run, value, {})
            run.memory.write(made, {name: inner(each) for name, each in value.content.items()})
        case Partial():
            made = Partial(value.callee, value.arguments)
        case _:
            made = value
    return made


def _namespace(run: Expressions, arguments: Arguments) -> Value:
    made = Instance(Symbol("types.SimpleNamespace"), arguments)
    content = dict(arguments.keywords)
    run.memory.write(made, content if arguments.complete else {**content, OTHERS: UNKNOWN})
    return made


def _loads(_: Expressions, arguments: Arguments) -> Value | None:
    text = text_of(arguments.positional[0]) if arguments.positional else None
    if text is None or len(text) > 50_000:
        return None
    try:
        return _of_json(json_of(text))
    except ValueError:
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
    if not fixed:
        run.maybe(partial(run.flow_of, partial(run.call, function, Arguments(complete=False), None)))
        return UNKNOWN
    if not (items or first):
        raise Raised("TypeError")
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
        return replace(given, kind="cached", memo=Table())
    return Symbol("functools.cache")


def _method_kind(kind: Any) -> _Known:
    def known(_: Expressions, arguments: Arguments) -> Value | None:
        given = arguments.positional[0] if arguments.positional else None
        if not isinstance(given, FunctionOf):
            return None
        return replace(given, kind=kind)

    return known


def _equal(_: Expressions, arguments: Arguments) -> Value:
    given = arguments.positional
    return compared("Equal", given[0], given[1]) if len(given) == 2 else UNKNOWN


def _partial_of(name: str) -> _Known:
    def known(_: Expressions, arguments: Arguments) -> Value:
        return Partial(Symbol(name), arguments)

    return known


def _attribute_of(run: Expressions, arguments: Arguments) -> Value:
    """`operator.attrgetter("name")(owner)`."""
    name, found = text_of(arguments.get(0, "")), arguments.positional[-1]
    if name is None or len(arguments.positional) != 2:
        return UNKNOWN
    for part in name.split("."):
        found = run.asked(found, part)
    return found


def _item_of(run: Expressions, arguments: Arguments) -> Value:
    """`operator.itemgetter(key)(owner)`."""
    return (
        run.item(arguments.positional[1], arguments.positional[0])
        if len(arguments.positional) == 2
        else UNKNOWN
    )


def _method_of(run: Expressions, arguments: Arguments) -> Value:
    """`operator.methodcaller("name", ...)(owner)`."""
    name, *given = arguments.positional or (UNKNOWN,)
    text = text_of(name)
    if text is None or not given:
        return UNKNOWN
    return run.call(run.asked(given[-1], text), Arguments(tuple(given[:-1]), arguments.keywords), None)


def _new(run: Expressions, arguments: Arguments) -> Value:
    """`object.__new__(cls)`: an instance that no constructor has seen."""
    made = arguments.positional[0] if arguments.positional else UNKNOWN
    return Instance(made, Arguments(), None, run.frame.file) if isinstance(made, ClassOf) else UNKNOWN


def _executed(run: Expressions, _: Arguments) -> Value:
    """`exec(text)`, which may do anything."""
    run.is_lost = True
    return run.unknown(Arguments())


def _setter(_: Expressions, arguments: Arguments) -> Value:
    """`@name.setter`: the property with what is done when it is given a value."""
    found, setter = (*arguments.positional, UNKNOWN, UNKNOWN)[:2]
    if not isinstance(found, FunctionOf) or not isinstance(setter, FunctionOf):
        return UNKNOWN
    return replace(found, setter=setter)


_LEAVES = (FunctionOf, Symbol, Partial, Known)
_PLAIN = frozenset({"bool", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple"})

_CALLS: Mapping[str, _Known] = {
    "airwarden.identity": _first,
    "airwarden.attributes": _fields_of,
    "airwarden.setter": _setter,
    "all": _any(False),
    "any": _any(True),
    "asyncio.run": _awaited,
    "bool": _bool,
    "callable": _callable,
    "classmethod": _method_kind("class"),
    "collections.OrderedDict": _dict,
    "copy.copy": _copy,
    "copy.deepcopy": _deepcopy,
    "dataclasses.asdict": _as_dict,
    "dataclasses.replace": _replaced,
    "delattr": _delattr,
    "dict": _dict,
    "dict.fromkeys": _from_keys,
    "eval": lambda run, _: run.unknown(Arguments()),
    "exec": _executed,
    "enumerate": _lazy(_enumerate),
    "filter": _lazy(_filter),
    "float": _text(float),
    "frozenset": _collected("set"),
    "functools.cache": _cached,
    "functools.cached_property": _method_kind("kept"),
    "functools.lru_cache": _cached,
    "functools.partial": _partial,
    "functools.reduce": _reduced,
    "functools.singledispatch": lambda *_: UNKNOWN,
    "functools.wraps": _wraps,
    "getattr": _getattr,
    "hasattr": _hasattr,
    "importlib.import_module": _import_module,
    "int": _text(int),
    "isinstance": _isinstance,
    "iter": _iter,
    "itertools.chain": _lazy(_chain),
    "itertools.chain.from_iterable": _lazy(_chain_of),
    "itertools.islice": _lazy(_islice),
    "itertools.product": _lazy(_product),
    "itertools.starmap": _lazy(_star_map),
    "json.loads": _loads,
    "len": _count,
    "list": _collected("list"),
    "map": _lazy(_map),
    "max": _extreme(max),
    "min": _extreme(min),
    "next": _next,
    "object.__new__": _new,
    "object.__setattr__": _set_plainly,
    "airwarden.attribute_of": _attribute_of,
    "airwarden.item_of": _item_of,
    "airwarden.method_of": _method_of,
    "operator.attrgetter": _partial_of("airwarden.attribute_of"),
    "operator.eq": _equal,
    "operator.itemgetter": _partial_of("airwarden.item_of"),
    "operator.methodcaller": _partial_of("airwarden.method_of"),
    "os.path.abspath": _first,
    "os.path.basename": _file_name(lambda path: path.name),
    "os.path.dirname": _file_name(lambda path: str(path.parent)),
    "os.path.realpath": _first,
    "os.path.splitext": _splitext,
    "property": _method_kind("property"),
    "range": _range,
    "reversed": _lazy(_reversed),
    "set": _collected("set"),
    "setattr": _setattr,
    "sorted": _sorted,
    "staticmethod": _method_kind("static"),
    "str": _text(str),
    "sum": _sum,
    "super": _super,
    "tuple": _collected("tuple"),
    "type": _type,
    "type.__new__": lambda run, _: run.making[-1] if run.making else UNKNOWN,
    "types.MappingProxyType": _proxy,
    "types.SimpleNamespace": _namespace,
    "typing.cast": lambda _, arguments: arguments.get(1, "val"),
    "vars": _vars,
    "zip": _lazy(_zip),
}

_ATTRIBUTES: Mapping[str, Value] = {
    "typing.TYPE_CHECKING": Known(False),
    "sys.version_info": Items("tuple", [Known(3), Known(12), Known(0), Known("final"), Known(0)]),
    "sys.version_info.major": Known(3),
}
