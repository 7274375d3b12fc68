"""What operators give: sums, comparisons, items, formatted texts. Nothing here changes anything."""

from __future__ import annotations

import builtins
import operator
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

from airwarden.interpreter.values import (
    ABSENT,
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
    is_small,
    key_of,
    may_be_absent,
    present,
    text_of,
    truth,
)
from airwarden.patterns import regex

_LONGEST = 10_000
LONGEST_TEXT = 100_000
"""Characters of a text that is put together; a DAG file's longest query has 40,000."""
_MOST_ITEMS = 10_000
_MOST_COMPARED = 50
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
COMPARING = frozenset({*_COMPARISONS, "In", "Is", "IsNot", "NotIn"})
"""The operators whose chains are joined by `and`."""
_SETS = frozenset({"BitAnd", "BitOr", "Subtract"})
_PERCENT = regex(r"%(?:\(\w+\))?[-+ 0#]*(\d{0,4})(?:\.\d{1,2})?([a-zA-Z%])")
_SPEC = regex(r"(?:[^{}]?[<>^=])?[-+ ]?0?\d{0,3}(?:\.\d{1,2})?[a-z]?")
_OBJECTS = (FunctionOf, ClassOf, ModuleOf, Partial, Method, Items, Table, Instance, Known)


def operated(name: str, left: Value, right: Value) -> Value:
    """What `left operator right` gives, by the operator's name in the syntax."""
    if isinstance(left, Choice) or isinstance(right, Choice):
        return choice(operated(name, a, b) for a in alternatives(left) for b in alternatives(right))
    if name in COMPARING:
        return compared(name, left, right)
    if name == "BitOr" and isinstance(left, Table) and isinstance(right, Table):
        return Table(left.content.merged(right))
    if name == "Add" and isinstance(left, Items) and isinstance(right, Items):
        if left.kind != right.kind or left.kind not in ("list", "tuple"):
            return UNKNOWN
        if len(left.items) + len(right.items) > _MOST_ITEMS:
            return Items(left.kind, (), complete=False)
        return Items(left.kind, (*left.items, *right.items), left.complete and right.complete)
    if name in _SETS and isinstance(left, Items) and isinstance(right, Items):
        return _of_sets(name, left, right)
    if name == "Modulo" and text_of(left) is not None:
        return _percent(str(text_of(left)), right)
    if isinstance(left, Known) and isinstance(right, Known):
        return _calculated(name, left.value, right.value)
    if name == "Multiply" and isinstance(left, Items):
        return repeated(left, right)
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


def repeated(items: Items, times: Value) -> Items:
    """`items * times`."""
    count = times.value if isinstance(times, Known) else None
    if not isinstance(count, int) or max(count, count * len(items.items)) > 1000:
        return Items(items.kind, *items.loosened)
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
    if max(_size(left), _size(right)) > 10 * _LONGEST and (name != "Add" or _is_long(left, right)):
        return UNKNOWN
    try:
        return Known(_ARITHMETIC[name](left, right))
    except (ArithmeticError, TypeError, ValueError):
        return UNKNOWN


def fault_of(name: str, left: Value, right: Value) -> str | None:
    """The exception that an operator is known to raise."""
    if name not in _ARITHMETIC or not isinstance(left, Known) or not isinstance(right, Known):
        return None
    if isinstance(left.value, (str, bytes)) and name in ("Modulo", "Multiply"):
        return None
    if name == "Multiply" and isinstance(right.value, (str, bytes)):
        return None
    if _is_long(left.value, right.value):
        return None
    try:
        _ARITHMETIC[name](left.value, right.value)
    except (ZeroDivisionError, TypeError) as fault:
        return type(fault).__name__
    except (ArithmeticError, ValueError):
        return None
    return None


def _is_long(*values: object) -> bool:
    """Whether it would take long to calculate with such texts or numbers."""
    return any(
        len(each) > LONGEST_TEXT // 2 if isinstance(each, (str, bytes)) else _bits(each) > 2_000
        for each in values
    )


def _bits(value: object) -> int:
    return value.bit_length() if isinstance(value, int) else 0


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
    if name == "Is" and isinstance(left, Known) and isinstance(right, Known):
        same = _is_one_constant(left.value, right.value)
        return UNKNOWN if same is None else Known(same)
    if name in ("Is", "Equal") and isinstance(left, _OBJECTS) and isinstance(right, _OBJECTS):
        same = _is_same(left, right, name == "Is")
        if same is not None or name == "Is":
            return UNKNOWN if same is None else Known(same)
    a, b = plain(left), plain(right)
    if a is None or b is None or name == "Is":
        return UNKNOWN
    try:
        return Known(bool(_COMPARISONS[name](a[0], b[0])))
    except TypeError:
        return UNKNOWN


def _is_one_constant(left: object, right: object) -> bool | None:
    """Whether two constants are one object, which of equal ones only a run can tell."""
    if type(left) is not type(right) or left != right:
        return False
    return True if left is None or isinstance(left, bool) or left is Ellipsis else None


def _is_same(left: Value, right: Value, is_identity: bool) -> bool | None:
    """Whether two values are one object, or equal; None where it takes more to say."""
    if _has_own_equality(left, right) and not is_identity:
        return None
    if left is right:
        return True if not isinstance(left, Known) else None
    if isinstance(left, FunctionOf) and isinstance(right, FunctionOf):
        return _is_same_function(left, right, is_identity)
    if isinstance(left, Known) is not isinstance(right, Known):
        are_plain = plain(left) is not None is not plain(right)
        return None if _is_outside(left, right) or (are_plain and not is_identity) else False
    if isinstance(left, (Known, Method)) or isinstance(right, Method) or _is_outside(left, right):
        return None
    containers = (Items, Table)
    if isinstance(left, containers) and isinstance(right, containers):
        return False if is_identity else None
    is_plain = is_identity or _are_members(left, right)
    return None if isinstance(left, Instance) and isinstance(right, Instance) and not is_plain else False


def _is_same_function(left: FunctionOf, right: FunctionOf, is_identity: bool) -> bool | None:
    """Whether two functions are one; a method is bound anew each time that it is asked for."""
    if left.node is not right.node:
        return False
    if left.receiver is not None or right.receiver is not None:
        return None if is_identity or left.receiver is not right.receiver else True
    return None if left.names is right.names else False


def _has_own_equality(*values: Value) -> bool:
    """Whether a value is of a class of the repository that says itself what it equals."""
    made = [value.callee for value in values if isinstance(value, Instance)]
    return any(isinstance(each, ClassOf) and _defines(each, "__eq__") for each in made)


def _defines(made: ClassOf, name: str) -> bool:
    return any(name in each.node.scope.bindings for each in made.lineage)


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
    return None if isinstance(value, Items) and not is_small(value) else _plain(value)


def _plain(value: Value) -> tuple[object] | None:
    if isinstance(value, Known):
        return (value.value,)
    if isinstance(value, Items) and value.kind in ("list", "tuple") and value.is_fixed:
        parts = [_plain(item) for item in value.items]
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
    if isinstance(container, Table):
        key = key_of(item)
        found = ABSENT if key is None else container.content.get(key)
        if key is None or (found is not ABSENT and may_be_absent(found)):
            return UNKNOWN
        return Known(found is not ABSENT)
    if isinstance(container, Items):
        return _among(item, container)
    whole, part = text_of(container), text_of(item)
    return UNKNOWN if whole is None or part is None else Known(part in whole)


def _among(item: Value, container: Items) -> Value:
    if container.is_lazy:
        return UNKNOWN
    outcomes = list[bool | None]()
    for each in container.items:
        if type(each) is Known and type(item) is Known:
            outcomes.append(bool(item.value == each.value))
            continue
        same = truth(operated("Equal", item, present(each)))
        outcomes.append(None if same and may_be_absent(each) else same)
    if True in outcomes:
        return Known(value=True)
    return UNKNOWN if None in outcomes or not container.complete else Known(value=False)


def distinct(items: Iterable[Value]) -> list[Value]:
    """The members of a set, each once as far as that can be told without comparing all with all."""
    found: list[Value] = []
    keys: set[Hashable] = set()
    others: list[Value] = []
    for item in items:
        key = key_of(item)
        if key is None:
            if len(others) < _MOST_COMPARED and any(truth(operated("Equal", item, each)) for each in others):
                continue
            others.append(item)
        elif key in keys:
            continue
        else:
            keys.add(key)
        found.append(item)
    return found


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
        case Items(kind="list" | "tuple"), Known(value=int() as index):
            within = value.is_fixed and -len(value.items) <= index < len(value.items)
            return value.items[index] if within else UNKNOWN
        case Items(kind="list" | "tuple"), Unknown() | Data() if value.is_fixed and value.items:
            return choice(value.items)
        case Items(kind="list" | "tuple"), Choice():
            return choice(item_of(value, each) for each in key.values)
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


def entry_of(table: Table, key: Value, default: Value | None = None) -> Value:
    """What `table.get(key, default)` gives; without a default, what `table[key]` gives if it is there."""
    if isinstance(key, Choice):
        return choice(entry_of(table, each, default) for each in key.values)
    name, entries = key_of(key), table.content
    given = () if default is None else (default,)
    if name is None:
        others = () if entries.complete else (entries.others,)
        return choice((*map(present, entries.values.values()), *others, *given))
    value = entries.get(name)
    if value is ABSENT:
        return UNKNOWN if default is None else default
    return choice((present(value), *given)) if may_be_absent(value) else value


def may_lack(value: Value, key: Value) -> bool:
    """Whether it is not known that `value[key]` is there."""
    if isinstance(value, Table):
        name = key_of(key)
        return name is None or may_be_absent(value.content.get(name))
    if isinstance(value, Items):
        return not value.is_fixed or not (isinstance(key, Known) and isinstance(key.value, int))
    return isinstance(value, Choice) and any(may_lack(each, key) for each in value.values)


def sliced(value: Value, bounds: Sequence[Value | None]) -> Value:
    """What `value[lower:upper:step]` gives."""
    if isinstance(value, Choice):
        return choice(sliced(each, bounds) for each in value.values)
    span = span_of(bounds)
    if isinstance(value, Items):
        if span is None or not value.is_fixed:
            return Items(value.kind, *value.loosened)
        return Items(value.kind, value.items[span], value.complete)
    text = text_of(value)
    return UNKNOWN if text is None or span is None else Known(text[span])


def span_of(bounds: Sequence[Value | None]) -> slice | None:
    """The slice that bounds and a step make; None where they are not known."""
    limits: list[int | None] = []
    for bound in bounds:
        limit = None if bound is None or not isinstance(bound, Known) else bound.value
        if bound is not None and bound is not NONE and not isinstance(limit, int):
            return None
        limits.append(limit if isinstance(limit, int) else None)
    return None if limits[2:] == [0] else slice(*limits)


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
    if len(template) > _LONGEST or "%" in _PERCENT.sub("", template):
        return UNKNOWN
    widths = [int(width or 0) for width, _ in _PERCENT.findall(template)]
    longest = max((len(each) for each in _values_of(arguments) if isinstance(each, str)), default=0)
    if any(width > 1000 for width in widths) or len(widths) * longest > LONGEST_TEXT:
        return UNKNOWN
    try:
        return Known(template % arguments)
    except (TypeError, ValueError, KeyError):
        return UNKNOWN


def _values_of(arguments: Any) -> Iterable[object]:
    return arguments.values() if isinstance(arguments, dict) else arguments


def merged(tables: Sequence[Value]) -> Table:
    """A new dict with the entries of all, the last one's over the others'."""
    entries = Entries()
    for table in tables:
        entries = entries.merged(table)
    return Table(entries)


def caught_by(failure: Value, kind: Value) -> bool | None:
    """Whether `except kind` catches what was raised; None where only a run can tell."""
    if isinstance(kind, Items):
        verdicts = {caught_by(failure, present(each)) for each in kind.items}
        is_open = None in verdicts or not kind.complete
        return True if True in verdicts else None if is_open else False
    if isinstance(failure, Choice) or isinstance(kind, Choice):
        pairs = [(one, two) for one in alternatives(failure) for two in alternatives(kind)]
        found = {caught_by(one, two) for one, two in pairs}
        return found.pop() if len(found) == 1 else None
    made = failure.callee if isinstance(failure, Instance) else failure
    return _is_error_of(made, kind)


def _is_error_of(made: Value, kind: Value) -> bool | None:
    error = _builtin_error(kind)
    if made is kind:
        return True
    if isinstance(made, ClassOf):
        if any(each is kind for each in made.lineage):
            return True
        bases = [base for each in made.lineage for base in each.bases if not isinstance(base, ClassOf)]
        verdicts = {_is_error_of(base, kind) for base in bases}
        return True if True in verdicts else None if None in verdicts else False
    raised = _builtin_error(made)
    if raised is not None:
        return issubclass(raised, error) if error is not None else None if kind is UNKNOWN else False
    if isinstance(made, Symbol) and isinstance(kind, Symbol) and made.name == kind.name:
        return True
    return True if error in (Exception, BaseException) else None


def _builtin_error(value: Value) -> type[BaseException] | None:
    found = getattr(builtins, value.name, None) if isinstance(value, Symbol) else None
    return found if isinstance(found, type) and issubclass(found, BaseException) else None
