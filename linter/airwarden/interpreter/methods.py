"""The methods of constants, lists and dicts; those that change their object do so through the memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from airwarden.interpreter.expressions import Expressions, Raised
from airwarden.interpreter.memory import joined_entries
from airwarden.interpreter.operations import LONGEST_TEXT, compared, distinct, entry_of, may_lack, operated
from airwarden.interpreter.values import (
    ABSENT,
    DATA,
    NONE,
    UNKNOWN,
    Arguments,
    Choice,
    Entries,
    Items,
    Known,
    Method,
    Table,
    Value,
    View,
    choice,
    is_small,
    key_of,
    may_be_absent,
    present,
    text_of,
    truth,
    value_of,
)
from airwarden.patterns import regex

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
_SPEC = regex(r"(?<!\{)\{[^{}:]*:([^{}]*)\}")
_LONG_SPEC = regex(r"[:!][^{}]*\d{4}[^{}]*\}")
_SHORT_SPEC = regex(r"[ <>^=+-]*0?\d{0,3}[a-z]?")


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
    if None in given or None in named.values() or not _is_small(text, name, [*given, *named.values()]):
        return DATA
    run.charge(len(text) // 100)
    try:
        return _constant(getattr(text, name)(*given, **named))
    except (TypeError, ValueError, LookupError, AttributeError):
        return DATA


def _joined(run: Expressions, separator: str, arguments: Arguments) -> Value:
    items, fixed = run.iterated(arguments.positional[0]) if arguments.positional else ((), False)
    texts = [text_of(item) for item in items]
    if not fixed or None in texts or len(texts) > 1000:
        return DATA
    if sum(len(text or "") + len(separator) for text in texts) > LONGEST_TEXT:
        return DATA
    return Known(separator.join(text or "" for text in texts))


def _plain(value: Value) -> object:
    if isinstance(value, Known):
        return value.value
    if isinstance(value, Items) and value.is_fixed and is_small(value):
        parts = [_plain(item) for item in value.items]
        return None if None in parts else tuple(parts)
    return None


def _is_small(text: str, name: str, given: list[object]) -> bool:
    if not all(isinstance(each, (str, int, float)) for each in given) and name == "format":
        return False
    sizes = [len(each) if isinstance(each, str) else each if isinstance(each, int) else 0 for each in given]
    if name == "zfill" and max(sizes, default=0) > 1000:
        return False
    if name == "format" and not all(_SHORT_SPEC.fullmatch(spec) for spec in _SPEC.findall(text)):
        return False
    if name == "format" and (len(text) > _LONGEST or _LONG_SPEC.search(text)):
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


def _add(run: Expressions, items: Items, arguments: Arguments) -> Value:
    run.charge(len(items.items) // 10)
    run.memory.write(items, (tuple(distinct((*items.items, *arguments.positional[:1]))), items.complete))
    return NONE


def _extend(run: Expressions, items: Items, arguments: Arguments) -> Value:
    more, complete = run.elements(arguments.positional[0] if arguments.positional else UNKNOWN)
    found = (*items.items, *more)
    run.charge(len(found) // 10)
    run.memory.write(
        items, (tuple(distinct(found)) if items.kind == "set" else found, items.complete and complete)
    )
    return NONE


def _extend_in_place(run: Expressions, items: Items, arguments: Arguments) -> Value:
    _extend(run, items, arguments)
    return items


def _insert(run: Expressions, items: Items, arguments: Arguments) -> Value:
    index, added = arguments.positional[:1], arguments.positional[1:2]
    place = index[0].value if index and isinstance(index[0], Known) else None
    if isinstance(place, int) and items.is_fixed:
        found = list(items.items)
        found[place:place] = added
        run.memory.write(items, (tuple(found), True))
    else:
        run.memory.write(items, items.loosened)
    return NONE


def _pop_item(run: Expressions, items: Items, arguments: Arguments) -> Value:
    index = arguments.positional[0] if arguments.positional else Known(-1)
    place = index.value if isinstance(index, Known) else None
    if not items.is_fixed or not isinstance(place, int) or (items.kind == "set" and len(items.items) > 1):
        run.may_raise("KeyError" if items.kind == "set" else "IndexError")
        possible = choice(map(present, items.items)) if items.complete and items.items else UNKNOWN
        run.memory.write(items, (items.loosened[0], items.complete))
        return possible
    found = list(items.items)
    if not -len(found) <= place < len(found):
        raise Raised("KeyError" if items.kind == "set" else "IndexError")
    taken = found.pop(place)
    run.memory.write(items, (tuple(found), True))
    return taken


def _remove(run: Expressions, items: Items, arguments: Arguments) -> Value:
    place = _place_of(run, items, arguments)
    if place is None:
        run.may_raise("KeyError" if items.kind == "set" else "ValueError")
        run.memory.write(items, (items.loosened[0], items.complete))
    elif place < 0:
        raise Raised("KeyError" if items.kind == "set" else "ValueError")
    else:
        run.memory.write(items, ((*items.items[:place], *items.items[place + 1 :]), True))
    return NONE


def _discard(run: Expressions, items: Items, arguments: Arguments) -> Value:
    try:
        return _remove(run, items, arguments)
    except Raised:
        return NONE


def _place_of(run: Expressions, items: Items, arguments: Arguments) -> int | None:
    """The number of the first item that equals an argument, -1 for none; None where it is not known."""
    if not arguments.positional or not items.is_fixed:
        return None
    run.charge(len(items.items) // 10)
    for place, item in enumerate(items.items):
        same = truth(operated("Equal", arguments.positional[0], item))
        if same is not False:
            return place if same else None
    return -1


def _index(run: Expressions, items: Items, arguments: Arguments) -> Value:
    place = _place_of(run, items, arguments)
    if place is not None and place < 0:
        raise Raised("ValueError")
    return DATA if place is None or len(arguments.positional) > 1 else Known(place)


def _clear_items(run: Expressions, items: Items, _: Arguments) -> Value:
    run.memory.write(items, ((), True))
    return NONE


def _shuffle(run: Expressions, items: Items, _: Arguments) -> Value:
    if len(items.items) > 1 or not items.complete:
        either = choice(items.items) if items.complete else UNKNOWN
        run.memory.write(items, ((either,) * len(items.items), items.complete))
    return NONE


def _reverse(run: Expressions, items: Items, _: Arguments) -> Value:
    found = (items.items[::-1], True) if items.is_fixed else items.loosened
    run.memory.write(items, found)
    return NONE


def _copy_items(_: Expressions, items: Items, __: Arguments) -> Value:
    return Items(items.kind, items.items, items.complete)


def _count(_: Expressions, __: Items, ___: Arguments) -> Value:
    return DATA


def _union(run: Expressions, items: Items, arguments: Arguments) -> Value:
    parts = [items.content, *(run.elements(each) for each in arguments.positional)]
    found = [item for part, _ in parts for item in part]
    run.charge(len(found) // 10)
    return Items("set", distinct(found), all(complete for _, complete in parts))


def _loosen(run: Expressions, items: Items, _: Arguments) -> Value:
    """A method that changes a set in a way that is not followed."""
    run.memory.write(items, items.loosened)
    return NONE


def _get_item(run: Expressions, value: Any, arguments: Arguments) -> Value:
    return run.item(value, arguments.get(0, "key") or UNKNOWN)


def _set_item(run: Expressions, value: Any, arguments: Arguments) -> Value:
    run.set_item(value, arguments.get(0, "key") or UNKNOWN, arguments.get(1, "value") or UNKNOWN, None)
    return NONE


def _delete_item(run: Expressions, value: Any, arguments: Arguments) -> Value:
    run.delete_item(value, arguments.get(0, "key") or UNKNOWN)
    return NONE


def _has(run: Expressions, value: Any, arguments: Arguments) -> Value:
    run.charge(len(value.items) // 10 if isinstance(value, Items) else 0)
    return compared("In", arguments.get(0, "key") or UNKNOWN, value)


def _next(run: Expressions, items: Items, _: Arguments) -> Value:
    return next_of(run, items, None)


def next_of(run: Expressions, value: Value, default: Value | None) -> Value:
    """What `next(value, default)` gives."""
    if not isinstance(value, Items) or not value.is_lazy:
        return UNKNOWN
    items, complete = run.elements(value, to_the_end=False)
    if items and not may_be_absent(items[0]):
        run.memory.write(value, (items[1:], complete))
        return items[0]
    if complete and not items:
        if default is None:
            raise Raised("StopIteration")
        return default
    run.memory.write(value, Items("list", items, complete).loosened)
    if default is None:
        run.may_raise("StopIteration")
    possible = (*map(present, items), *(() if default is None else (default,)))
    return choice(possible) if complete else UNKNOWN


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
    run.memory.write(table, entries if arguments.complete else entries.with_others(UNKNOWN))
    return NONE


def _update_in_place(run: Expressions, table: Table, arguments: Arguments) -> Value:
    _update(run, table, arguments)
    return table


def _setdefault(run: Expressions, table: Table, arguments: Arguments) -> Value:
    key, given = arguments.get(0, "key"), arguments.get(1, "default") or NONE
    name = None if key is None else key_of(key)
    if name is None:
        run.memory.write(table, table.content.with_others(given))
        return UNKNOWN
    before = table.content.get(name)
    if before is not ABSENT and not may_be_absent(before):
        return before
    value = given if before is ABSENT else choice((present(before), given))
    run.memory.write(table, table.content.with_entry(name, value, arguments.nodes.get(1)))
    return value


def _pop(run: Expressions, table: Table, arguments: Arguments) -> Value:
    key, default = arguments.get(0, "key"), arguments.get(1, "default")
    if key is None:
        run.memory.write(table, table.content.without(None))
        return UNKNOWN
    name = key_of(key)
    if default is None and name is not None and table.content.get(name) is ABSENT:
        raise Raised("KeyError")
    if default is None and may_lack(table, key):
        run.may_raise("KeyError")
    value = entry_of(table, key, default)
    run.memory.write(table, table.content.without(name))
    return value


def _clear(run: Expressions, table: Table, _: Arguments) -> Value:
    run.memory.write(table, Entries())
    return NONE


def _popitem(run: Expressions, table: Table, _: Arguments) -> Value:
    entries = table.content
    is_sure = entries.complete and entries.ordered and not any(map(may_be_absent, entries.values.values()))
    if is_sure and entries.values:
        key, value = list(entries.values.items())[-1]
        run.memory.write(table, entries.without(key))
        return Items("tuple", [value_of(key), value])
    if entries.complete and not entries.values:
        raise Raised("KeyError")
    run.memory.write(table, entries.without(None))
    return UNKNOWN


def _copy(_: Expressions, table: Table, __: Arguments) -> Value:
    return Table(table.content)


def _keys(_: Expressions, table: Table, __: Arguments) -> Value:
    return View(table, lambda key, _: value_of(key))


def _values(_: Expressions, table: Table, __: Arguments) -> Value:
    return View(table, lambda _, value: value)


def _items(_: Expressions, table: Table, __: Arguments) -> Value:
    return View(table, lambda key, value: Items("tuple", [value_of(key), value]))


def table_of(run: Expressions, value: Value) -> Value:
    """The dict that `dict(value)` makes: of a dict, or of pairs."""
    if isinstance(value, Choice):
        found = [table_of(run, each) for each in value.values]
        tables = [each for each in found if isinstance(each, Table)]
        return Table(joined_entries([each.content for each in tables]))
    if isinstance(value, Table):
        return Table(value.content)
    pairs, complete = run.elements(value)
    entries = Entries() if complete else Entries(complete=False)
    for pair in pairs:
        parts, known = run.iterated(present(pair))
        key = key_of(parts[0]) if known and len(parts) == 2 else None
        given = parts[1] if known and len(parts) == 2 else UNKNOWN
        entries = entries.with_entry(key, choice((given, ABSENT)) if may_be_absent(pair) else given, None)
    return Table(entries)


_OnItems: TypeAlias = Callable[[Expressions, Any, Arguments], Value]

_ITEMS_METHODS: Mapping[str, _OnItems] = {
    "__contains__": _has,
    "__delitem__": _delete_item,
    "__getitem__": _get_item,
    "__iadd__": _extend_in_place,
    "__next__": _next,
    "__setitem__": _set_item,
    "add": _add,
    "append": _append,
    "clear": _clear_items,
    "copy": _copy_items,
    "count": _count,
    "difference_update": _loosen,
    "discard": _discard,
    "extend": _extend,
    "index": _index,
    "insert": _insert,
    "intersection_update": _loosen,
    "pop": _pop_item,
    "remove": _remove,
    "reverse": _reverse,
    "sort": _shuffle,
    "symmetric_difference_update": _loosen,
    "union": _union,
    "update": _extend,
}

_TABLE_METHODS: Mapping[str, _OnItems] = {
    "__contains__": _has,
    "__delitem__": _delete_item,
    "__getitem__": _get_item,
    "__ior__": _update_in_place,
    "__setitem__": _set_item,
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
