"""What operators give: sums, comparisons, items, formatted texts. Nothing here changes anything."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from typing import Any

from airwarden.interpreter.values import (
    DATA,
    NONE,
    UNKNOWN,
    Choice,
    ClassOf,
    Data,
    Entries,
    FunctionOf,
    Instance,
    Items,
    Known,
    Method,
    ModuleOf,
    Partial,
    Symbol,
    Table,
    Unknown,
    Value,
    alternatives,
    choice,
    key_of,
    may_be_absent,
    present,
    text_of,
    truth,
)

_LONGEST = 10_000
_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "Add": operator.add,
    "Subtract": operator.sub,
    "Multiply": operator.mul,
    "FloorDivide": operator.floordiv,
    "Divide": operator.truediv,
    "Modulo": operator.mod,
}
_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "Equal": operator.eq,
    "NotEqual": operator.ne,
    "LessThan": operator.lt,
    "LessThanEqual": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanEqual": operator.ge,
}
_SETS = frozenset({"BitAnd", "BitOr", "Subtract"})
_PERCENT = re.compile(r"%(?:\(\w+\))?[-+ 0#]*(\d*)(?:\.\d{1,2})?([a-zA-Z%])")
_SPEC = re.compile(r"(?:[^{}]?[<>^=])?[-+ ]?0?\d{0,3}(?:\.\d{1,2})?[a-z]?")
_OBJECTS = (FunctionOf, ClassOf, ModuleOf, Partial, Method, Items, Table, Instance, Known)


def operated(name: str, left: Value, right: Value) -> Value:
    """What `left operator right` gives, by the operator's name in the syntax."""
    if isinstance(left, Choice) or isinstance(right, Choice):
        return choice(operated(name, a, b) for a in alternatives(left) for b in alternatives(right))
    if name in _COMPARISONS or name in ("Is", "IsNot", "In", "NotIn"):
        return compared(name, left, right)
    if name == "BitOr" and isinstance(left, Table) and isinstance(right, Table):
        return Table(left.content.merged(right))
    if name == "Add" and isinstance(left, Items) and isinstance(right, Items):
        return Items(left.kind, (*left.items, *right.items), left.complete and right.complete)
    if name in _SETS and isinstance(left, Items) and isinstance(right, Items):
        return _of_sets(name, left, right)
    if name == "Modulo" and text_of(left) is not None:
        return _percent(str(text_of(left)), right)
    if isinstance(left, Known) and isinstance(right, Known):
        return _calculated(name, left.value, right.value)
    if name == "Multiply" and isinstance(left, Items):
        return _repeated(left, right)
    if name == "Divide" and isinstance(left, Instance):
        return _below(left, right)
    return DATA if all(isinstance(each, (Data, Known)) for each in (left, right)) else UNKNOWN


def _below(folder: Instance, name: Value) -> Value:
    """`Path(...) / name`."""
    from airwarden.interpreter.values import Arguments

    if not isinstance(folder.callee, Symbol) or not folder.callee.name.startswith("pathlib."):
        return UNKNOWN
    parts = (*folder.arguments.positional, name)
    return Instance(folder.callee, Arguments(parts), folder.call, folder.file)


def _repeated(items: Items, times: Value) -> Value:
    count = times.value if isinstance(times, Known) else None
    if not isinstance(count, int) or count * len(items.items) > 1000:
        return Items(items.kind, items.items, complete=False)
    return Items(items.kind, items.items * count, items.complete)


def _of_sets(name: str, left: Items, right: Items) -> Value:
    """`left - right`, `left & right`, `left | right` of sets."""
    others = [key_of(item) for item in right.items]
    keys = [key_of(item) for item in left.items]
    if not (left.is_fixed and right.is_fixed) or None in others or None in keys:
        return Items("set", (), complete=False)
    pairs = zip(keys, left.items, strict=True)
    kept = [item for key, item in pairs if name == "BitOr" or (key in others) is (name == "BitAnd")]
    more = [item for key, item in zip(others, right.items, strict=True) if key not in keys]
    return Items("set", [*kept, *(more if name == "BitOr" else ())])


def _calculated(name: str, left: object, right: object) -> Value:
    if name not in _ARITHMETIC or not all(
        isinstance(each, (str, int, float, bytes)) for each in (left, right)
    ):
        return UNKNOWN
    if name == "Multiply" and _size(left) * _size(right) > _LONGEST:
        return UNKNOWN
    if max(_size(left), _size(right)) > 10 * _LONGEST and name != "Add":
        return UNKNOWN
    try:
        return Known(_ARITHMETIC[name](left, right))
    except (ArithmeticError, TypeError, ValueError):
        return UNKNOWN


def _size(value: object) -> int:
    if isinstance(value, (str, bytes)):
        return len(value)
    return abs(int(value)) if isinstance(value, (int, float)) and abs(value) < 1e300 else _LONGEST


def compared(name: str, left: Value, right: Value) -> Value:
    """What a comparison gives; unknown where only a run can tell."""
    if name in ("NotEqual", "IsNot", "NotIn"):
        opposite = compared({"NotEqual": "Equal", "IsNot": "Is", "NotIn": "In"}[name], left, right)
        return Known(not opposite.value) if isinstance(opposite, Known) else UNKNOWN
    if name == "In":
        return _contained(left, right)
    if name in ("Is", "Equal") and isinstance(left, _OBJECTS) and isinstance(right, _OBJECTS):
        same = _is_same(left, right, name == "Is")
        if same is not None:
            return Known(same)
    a, b = plain(left), plain(right)
    if a is None or b is None:
        return UNKNOWN
    try:
        return Known(bool(_COMPARISONS["Equal" if name == "Is" else name](a[0], b[0])))
    except TypeError:
        return UNKNOWN


def _is_same(left: Value, right: Value, is_identity: bool) -> bool | None:
    """Whether two values are one object; None where it takes more to say."""
    if left is right:
        return True
    if isinstance(left, FunctionOf) and isinstance(right, FunctionOf):
        return left.node is right.node if left.receiver is right.receiver else None
    if isinstance(left, Known) is not isinstance(right, Known):
        is_open = _is_outside(left, right) or plain(left) is not None is not plain(right)
        return None if is_open else False
    objects = (Instance, ClassOf, FunctionOf, ModuleOf)
    if (
        isinstance(left, objects)
        and isinstance(right, objects)
        and (is_identity or _are_members(left, right))
    ):
        return None if _is_outside(left, right) else False
    return None


def _are_members(*values: Value) -> bool:
    """Whether values are members of plain enums, which are equal to themselves alone."""
    return all(
        isinstance(value, Instance)
        and isinstance(value.callee, ClassOf)
        and value.callee.form == "enum"
        and not _is_constant_enum(value.callee)
        for value in values
    )


def _is_constant_enum(made: ClassOf) -> bool:
    names = {base.name for base in made.bases if isinstance(base, Symbol)}
    return not names.isdisjoint({"enum.IntEnum", "enum.StrEnum", "str", "int"})


def plain(value: Value) -> tuple[object] | None:
    """The constant that a value is: its own, a tuple's or list's, or that of an enum's member."""
    if isinstance(value, Known):
        return (value.value,)
    if isinstance(value, Items) and value.kind in ("list", "tuple") and value.is_fixed:
        parts = [plain(item) for item in value.items]
        found = [part[0] for part in parts if part is not None]
        whole: object = tuple(found) if value.kind == "tuple" else found
        return (whole,) if len(found) == len(parts) else None
    is_member = isinstance(value, Instance) and isinstance(value.callee, ClassOf)
    if is_member and isinstance(value, Instance) and isinstance(value.callee, ClassOf):
        inner = value.content.get("value")
        return plain(inner) if inner is not None and _is_constant_enum(value.callee) else None
    return None


def _is_outside(*values: Value) -> bool:
    """Whether a value may be anything, `None` included: what a function from outside gave."""
    return any(isinstance(value, Instance) and truth(value) is None for value in values)


def _contained(item: Value, container: Value) -> Value:
    key = key_of(item)
    if isinstance(container, Table) and key is not None:
        value = container.content.values.get(key)
        if value is not None:
            return UNKNOWN if may_be_absent(value) else Known(True)
        return Known(False) if container.content.complete else UNKNOWN
    if isinstance(container, Items) and key is not None:
        keys = [key_of(each) for each in container.items]
        if key in keys and not may_be_absent(container.items[keys.index(key)]):
            return Known(True)
        return Known(False) if container.is_fixed and None not in keys else UNKNOWN
    whole, part = text_of(container), text_of(item)
    return UNKNOWN if whole is None or part is None else Known(part in whole)


def negated(value: Value) -> Value:
    """What `not value` gives."""
    known = truth(value)
    return UNKNOWN if known is None else Known(not known)


def item_of(value: Value, key: Value) -> Value:
    """What `value[key]` gives."""
    match value, key:
        case Choice(), _:
            return choice(item_of(each, key) for each in value.values)
        case Table(), _:
            return entry_of(value, key)
        case Items(), Known(value=int() as index):
            within = value.is_fixed and -len(value.items) <= index < len(value.items)
            return value.items[index] if within else UNKNOWN
        case Items(), Unknown() | Data() if value.is_fixed and value.items:
            return choice(value.items)
        case Known(value=str() as text), Known(value=int() as index) if -len(text) <= index < len(text):
            return Known(text[index])
        case ((Data() | Known(value=str())), _):
            return DATA
        case Instance(callee=Symbol()), _:
            return value
        case Symbol(), _:
            return Instance(value)
        case _:
            return UNKNOWN


def entry_of(table: Table, key: Value, default: Value = UNKNOWN) -> Value:
    """What `table.get(key, default)` gives."""
    if isinstance(key, Choice):
        return choice(entry_of(table, each, default) for each in key.values)
    name = key_of(key)
    if name is None:
        is_open = not table.content.complete or not table.content.values
        given = () if default is UNKNOWN else (default,)
        return UNKNOWN if is_open else choice((*map(present, table.content.values.values()), *given))
    value = table.content.values.get(name)
    if value is None:
        return default if table.content.complete else table.content.others
    return choice((present(value), default)) if may_be_absent(value) else value


def sliced(value: Value, bounds: Sequence[Value | None]) -> Value:
    """What `value[lower:upper:step]` gives."""
    limits = [_limit(each) for each in bounds]
    if UNKNOWN in limits or 0 in limits[2:]:
        return Items("list", value.items, complete=False) if isinstance(value, Items) else UNKNOWN
    span = slice(*(None if isinstance(each, Unknown) else each for each in limits))
    if isinstance(value, Items):
        return Items(value.kind, value.items[span], value.complete) if value.is_fixed else UNKNOWN
    text = text_of(value)
    return UNKNOWN if text is None else Known(text[span])


def _limit(bound: Value | None) -> int | Unknown | None:
    if bound is None or bound is NONE:
        return None
    return bound.value if isinstance(bound, Known) and isinstance(bound.value, int) else UNKNOWN


def formatted(value: Value, conversion: str | None, spec: str | None) -> str | None:
    """The text of `{value!conversion:spec}` in an f-string; None where it is not known."""
    if (
        not isinstance(value, Known)
        or conversion is not None
        or not isinstance(value.value, (str, int, float))
    ):
        return None
    if spec is None or not _SPEC.fullmatch(spec):
        return None
    try:
        return format(value.value, spec)
    except (ValueError, TypeError):
        return None


def _percent(template: str, given: Value) -> Value:
    arguments: Any
    if isinstance(given, Items) and given.kind == "tuple" and given.is_fixed:
        arguments = tuple(item.value if isinstance(item, Known) else None for item in given.items)
    elif isinstance(given, Table) and given.content.complete:
        arguments = {k: v.value if isinstance(v, Known) else None for k, v in given.content.values.items()}
        return UNKNOWN if None in arguments.values() else _filled(template, arguments)
    else:
        arguments = (given.value if isinstance(given, Known) else None,)
    return UNKNOWN if None in arguments else _filled(template, arguments)


def _filled(template: str, arguments: Any) -> Value:
    widths = [int(width or 0) for width, _ in _PERCENT.findall(template)]
    if "*" in template or any(width > 1000 for width in widths) or len(template) > _LONGEST:
        return UNKNOWN
    try:
        return Known(template % arguments)
    except (TypeError, ValueError, KeyError):
        return UNKNOWN


def merged(tables: Sequence[Value]) -> Table:
    """A new dict with the entries of all, the last one's over the others'."""
    entries = Entries()
    for table in tables:
        entries = entries.merged(table)
    return Table(entries)
