"""The methods of constants, lists and dicts; those that change their object do so through the memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from airwarden.interpreter.expressions import Expressions
from airwarden.interpreter.operations import entry_of
from airwarden.interpreter.values import (
    DATA,
    NONE,
    UNKNOWN,
    Arguments,
    Entries,
    Items,
    Known,
    Method,
    Table,
    Value,
    key_of,
    may_be_absent,
    present,
    text_of,
    value_of,
)

_TEXT_METHODS = frozenset(
    [
        "capitalize",
        "casefold",
        "count",
        "endswith",
        "find",
        "format",
        "isalnum",
        "isalpha",
        "isdigit",
        "islower",
        "isupper",
        "join",
        "lower",
        "lstrip",
        "partition",
        "removeprefix",
        "removesuffix",
        "replace",
        "rfind",
        "rpartition",
        "rsplit",
        "rstrip",
        "split",
        "splitlines",
        "startswith",
        "strip",
        "swapcase",
        "title",
        "upper",
        "zfill",
    ]
)
_LONGEST = 10_000
_SPEC = re.compile(r"(?<!\{)\{[^{}:]*:([^{}]*)\}")
_SHORT_SPEC = re.compile(r"[ <>^=+-]*0?\d{0,3}[a-z]?")


def called_method(run: Expressions, method: Method, arguments: Arguments) -> Value:
    """What a method of a constant, list or dict gives, after it has done what it does."""
    receiver = method.receiver
    if isinstance(receiver, Known):
        return _of_constant(run, receiver, method.name, arguments)
    methods = _TABLE_METHODS if isinstance(receiver, Table) else _ITEMS_METHODS
    found = methods.get(method.name)
    return UNKNOWN if found is None else found(run, receiver, arguments)


# Constants


def _of_constant(run: Expressions, receiver: Known, name: str, arguments: Arguments) -> Value:
    text = receiver.value
    if not isinstance(text, str) or name not in _TEXT_METHODS or not arguments.complete:
        return DATA
    if name == "join":
        return _joined(run, text, arguments)
    given = [_plain(value) for value in arguments.positional]
    named = {key: _plain(value) for key, value in arguments.keywords.items()}
    if None in given or None in named.values() or not _is_small(text, name, given):
        return DATA
    try:
        return _constant(getattr(text, name)(*given, **named))
    except (TypeError, ValueError, LookupError, AttributeError):
        return DATA


def _joined(run: Expressions, separator: str, arguments: Arguments) -> Value:
    items, fixed = run.iterated(arguments.positional[0]) if arguments.positional else ((), False)
    texts = [text_of(item) for item in items]
    if not fixed or None in texts or len(texts) > 1000:
        return DATA
    return Known(separator.join(text or "" for text in texts))


def _plain(value: Value) -> object:
    if isinstance(value, Known):
        return value.value
    if isinstance(value, Items) and value.is_fixed:
        parts = [_plain(item) for item in value.items]
        return None if None in parts else tuple(parts)
    return None


def _is_small(text: str, name: str, given: list[object]) -> bool:
    sizes = [len(each) if isinstance(each, str) else each if isinstance(each, int) else 0 for each in given]
    if name == "zfill" and max(sizes, default=0) > 1000:
        return False
    if name == "format" and not all(_SHORT_SPEC.fullmatch(spec) for spec in _SPEC.findall(text)):
        return False
    if name == "format" and re.search(r"\{[^{}]*[.\[]|\{[^{}]*\{", text):
        return False
    return len(text) * max(1, *sizes, 1) < _LONGEST * 10


def _constant(value: object) -> Value:
    if isinstance(value, (list, tuple)):
        return Items("list" if isinstance(value, list) else "tuple", [_constant(each) for each in value])
    return Known(value)


# Lists, tuples and sets


def _append(run: Expressions, items: Items, arguments: Arguments) -> Value:
    run.memory.write(items, ((*items.items, *arguments.positional[:1]), items.complete))
    return NONE


def _extend(run: Expressions, items: Items, arguments: Arguments) -> Value:
    given = arguments.positional[0] if arguments.positional else UNKNOWN
    more, fixed = run.iterated(given)
    added = given.items if isinstance(given, Items) else more
    complete = items.complete and (fixed or (isinstance(given, Items) and given.complete))
    run.memory.write(items, ((*items.items, *added), complete))
    return NONE


def _insert(run: Expressions, items: Items, arguments: Arguments) -> Value:
    index, added = arguments.positional[:1], arguments.positional[1:2]
    found = list(items.items)
    known = bool(index) and isinstance(index[0], Known) and isinstance(index[0].value, int)
    if known and isinstance(index[0], Known) and isinstance(index[0].value, int):
        found[index[0].value : index[0].value] = added
    run.memory.write(items, (tuple(found), items.complete and known))
    return NONE


def _pop_item(run: Expressions, items: Items, arguments: Arguments) -> Value:
    index = arguments.positional[0] if arguments.positional else Known(-1)
    if not items.is_fixed or not isinstance(index, Known) or not isinstance(index.value, int):
        run.memory.write(items, (items.items, False))
        return UNKNOWN
    found = list(items.items)
    if not -len(found) <= index.value < len(found):
        return UNKNOWN
    taken = found.pop(index.value)
    run.memory.write(items, (tuple(found), True))
    return taken


def _remove(run: Expressions, items: Items, arguments: Arguments) -> Value:
    unwanted = [key_of(each) for each in arguments.positional[:1]]
    keys = [key_of(each) for each in items.items]
    if not unwanted or unwanted[0] is None or not items.is_fixed or None in keys:
        run.memory.write(items, (items.items, False))
    elif unwanted[0] in keys:
        place = keys.index(unwanted[0])
        run.memory.write(items, ((*items.items[:place], *items.items[place + 1 :]), True))
    return NONE


def _clear_items(run: Expressions, items: Items, _: Arguments) -> Value:
    run.memory.write(items, ((), True))
    return NONE


def _shuffle(run: Expressions, items: Items, _: Arguments) -> Value:
    if len(items.items) > 1:
        run.memory.write(items, (items.items, False))
    return NONE


def _reverse(run: Expressions, items: Items, _: Arguments) -> Value:
    run.memory.write(items, (items.items[::-1], items.complete))
    return NONE


def _copy_items(_: Expressions, items: Items, __: Arguments) -> Value:
    return Items(items.kind, items.items, items.complete)


def _count(_: Expressions, __: Items, ___: Arguments) -> Value:
    return DATA


# Dicts


def _get(_: Expressions, table: Table, arguments: Arguments) -> Value:
    key, default = arguments.get(0, "key"), arguments.get(1, "default")
    return UNKNOWN if key is None else entry_of(table, key, NONE if default is None else default)


def _update(run: Expressions, table: Table, arguments: Arguments) -> Value:
    entries = table.content
    for given in arguments.positional[:1]:
        entries = entries.merged(table_of(run, given))
    for name, value in arguments.keywords.items():
        entries = entries.with_entry(name, value, arguments.nodes.get(name))
    if not arguments.complete:
        entries = entries.with_entry(None, UNKNOWN, None)
    run.memory.write(table, entries)
    return NONE


def _setdefault(run: Expressions, table: Table, arguments: Arguments) -> Value:
    key = arguments.get(0, "key")
    given = arguments.get(1, "default") or NONE
    name = None if key is None else key_of(key)
    present_one = None if name is None else table.content.values.get(name)
    if name is not None and present_one is not None and not may_be_absent(present_one):
        return present_one
    if name is None or not (table.content.complete or present_one is not None):
        run.memory.write(table, table.content.with_entry(None, UNKNOWN, None))
        return UNKNOWN
    value = given if present_one is None else entry_of(table, Known(name), given)
    run.memory.write(table, table.content.with_entry(name, value, arguments.nodes.get(1)))
    return value


def _pop(run: Expressions, table: Table, arguments: Arguments) -> Value:
    key, default = arguments.get(0, "key"), arguments.get(1, "default")
    name = None if key is None else key_of(key)
    if key is None or name is None:
        run.memory.write(table, table.content.with_entry(None, UNKNOWN, None))
        return UNKNOWN
    value = entry_of(table, key, UNKNOWN if default is None else default)
    run.memory.write(table, table.content.without(name))
    return value


def _clear(run: Expressions, table: Table, _: Arguments) -> Value:
    run.memory.write(table, Entries())
    return NONE


def _popitem(run: Expressions, table: Table, _: Arguments) -> Value:
    run.memory.write(table, table.content.with_entry(None, UNKNOWN, None))
    return UNKNOWN


def _copy(_: Expressions, table: Table, __: Arguments) -> Value:
    return Table(table.content)


def _keys(_: Expressions, table: Table, __: Arguments) -> Value:
    return _listed(table, lambda key, _: value_of(key))


def _values(_: Expressions, table: Table, __: Arguments) -> Value:
    return _listed(table, lambda _, value: value)


def _items(_: Expressions, table: Table, __: Arguments) -> Value:
    return _listed(table, lambda key, value: Items("tuple", [value_of(key), value]))


def _listed(table: Table, make: Callable[[Any, Value], Value]) -> Value:
    entries = table.content
    sure = entries.complete and not any(map(may_be_absent, entries.values.values()))
    return Items("view", [make(key, present(value)) for key, value in entries.values.items()], sure)


def table_of(run: Expressions, value: Value) -> Value:
    """The dict that `dict(value)` makes: of a dict, or of pairs."""
    if isinstance(value, Table):
        return Table(value.content)
    pairs, fixed = run.iterated(value)
    entries = Entries(complete=fixed)
    for pair in pairs:
        parts, known = run.iterated(pair)
        key = key_of(parts[0]) if known and len(parts) == 2 else None
        entries = entries.with_entry(key, parts[1] if key is not None else UNKNOWN, None)
    return Table(entries)


_OnItems: TypeAlias = Callable[[Expressions, Any, Arguments], Value]

_ITEMS_METHODS: Mapping[str, _OnItems] = {
    "add": _append,
    "append": _append,
    "clear": _clear_items,
    "copy": _copy_items,
    "count": _count,
    "discard": _remove,
    "extend": _extend,
    "index": _count,
    "insert": _insert,
    "pop": _pop_item,
    "remove": _remove,
    "reverse": _reverse,
    "sort": _shuffle,
    "update": _extend,
}

_TABLE_METHODS: Mapping[str, _OnItems] = {
    "clear": _clear,
    "copy": _copy,
    "get": _get,
    "items": _items,
    "keys": _keys,
    "pop": _pop,
    "popitem": _popitem,
    "setdefault": _setdefault,
    "update": _update,
    "values": _values,
}
