"""What a DAG file writes out under which name: arguments, variables, keys, attributes, defaults."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from airwarden import syntax
from airwarden.dag import DagFile

Form: TypeAlias = Literal["argument", "variable", "key", "attribute", "parameter", "item"]

_ENUMS = frozenset({"enum.Enum", "enum.StrEnum"})
_ITEM_METHODS = frozenset(
    {"config", "get", "getenv", "option", "pop", "putenv", "set", "setdefault", "setenv"}
)
_DEFAULTS = ("default", "default_var", "fallback", "value")
_WRAPPERS = frozenset({"Field", "Param", "SecretStr", "dedent", "quote", "quote_plus", "str"})
_TEXT_METHODS = frozenset({"encode", "strip"})
_DEEPEST = 8
_FIELDS = {
    kind: kind.__slots__
    for kind in vars(syntax).values()
    if isinstance(kind, type) and issubclass(kind, syntax.Node)
}


@dataclass(frozen=True, eq=False)
class NamedValue:
    """An expression and the name it gets: `name=value`, `{"name": value}`, `set("name", value)`, ...

    `form` says how: `item` is a key and its value, or its default, given to a call.
    """

    name: str
    form: Form
    value: syntax.Expression
    scope: syntax.Scope


def named_values(file: DagFile, wanted: Callable[[str], bool]) -> Iterator[NamedValue]:
    """Every value of a file that is given a wanted name where it is written."""
    values = [*_variables(file), *_assigned_items(file)]
    for site in file.module.calls:
        values.extend(_arguments(file, site))
    if any(wanted(text.value) for text in file.module.texts):
        for mapping, scope in _mappings(file.module):
            values.extend(_entries(file, mapping, scope))
    return (value for value in values if wanted(value.name))


def literals(
    file: DagFile, value: syntax.Expression, scope: syntax.Scope, depth: int = 0
) -> Iterator[tuple[syntax.Expression, str]]:
    """The literals that a value may be, each with its text: plain, joined, encoded, wrapped, or a default."""
    if depth > _DEEPEST:
        return
    match value:
        case syntax.Constant(value=str() | bytes() | int() | float() as constant):
            yield value, _text(constant)
        case syntax.FormattedString(parts=parts) if all(isinstance(part, str) for part in parts):
            yield value, "".join(part for part in parts if isinstance(part, str))
        case syntax.Operation(operators=operators) if set(operators) == {"Add"}:
            text = file.text(value, scope)
            yield from [] if text is None else [(value, text)]
        case syntax.Name():
            assigned = file.value(value, scope)
            yield from [] if assigned is value else literals(file, assigned, scope, depth + 1)
        case _:
            for inner in _possible(value):
                yield from literals(file, inner, scope, depth + 1)


def _possible(value: syntax.Expression) -> Iterator[syntax.Expression]:
    match value:
        case syntax.Operation(operators=operators, operands=operands) if set(operators) == {"Or"}:
            yield from operands
        case syntax.Conditional(body=body, orelse=orelse):
            yield from (body, orelse)
        case syntax.Call(function=syntax.Attribute(value=inner, name=name)) if name in _TEXT_METHODS:
            yield inner
        case syntax.Call(function=function) as call if _last_name(function) in _WRAPPERS:
            wrapped = call.argument(0, "default")
            yield from [] if wrapped is None else [wrapped]
        case syntax.Call() as call:
            yield from (default for _, default in _call_items(call))
        case _:
            pass


def _text(constant: str | bytes | float) -> str:
    return constant.decode("latin-1") if isinstance(constant, bytes) else str(constant)


def _variables(file: DagFile) -> Iterator[NamedValue]:
    functions = [function.scope for function in file.module.functions]
    for scope in [file.module.scope, *functions, *(made.scope for made in file.module.classes)]:
        if isinstance(scope.owner, syntax.Class) and _is_enum(file, scope.owner):
            continue
        for name, bindings in scope.bindings.items():
            for binding in bindings:
                if isinstance(binding.value, syntax.Parameter) and binding.value.default is not None:
                    yield NamedValue(name, "parameter", binding.value.default, scope)
                elif isinstance(binding.value, syntax.Expression) and not binding.context:
                    yield NamedValue(name, "variable", binding.value, scope)


def _is_enum(file: DagFile, made: syntax.Class) -> bool:
    return any(file.full_name(base.value, file.module.scope) in _ENUMS for base in made.arguments)


def _assigned_items(file: DagFile) -> Iterator[NamedValue]:
    for assigned in file.module.item_assignments:
        if isinstance(assigned.target, syntax.Attribute):
            yield NamedValue(assigned.target.name, "attribute", assigned.value, assigned.scope)
        else:
            yield from _item(file, assigned.target.index, assigned.value, assigned.scope, "key")


def _arguments(file: DagFile, site: syntax.CallSite) -> Iterator[NamedValue]:
    for argument in site.call.arguments:
        if argument.keyword:
            yield NamedValue(argument.keyword, "argument", argument.value, site.scope)
    for key, value in _call_items(site.call):
        yield from _item(file, key, value, site.scope, "item")


def _call_items(call: syntax.Call) -> Iterator[tuple[syntax.Expression, syntax.Expression]]:
    """The keys that a call sets or asks for, each with the value, or the value in its absence."""
    key, second = call.positional(0), call.positional(1)
    if key is not None and second is not None and _last_name(call.function) in _ITEM_METHODS:
        yield key, second
    default = next(filter(None, map(call.keyword, _DEFAULTS)), None)
    if default is not None:
        keys = (key, second, call.keyword("key"), call.keyword("name"))
        yield from ((each, default) for each in keys if each is not None)


def _item(
    file: DagFile, key: syntax.Expression, value: syntax.Expression, scope: syntax.Scope, form: Form
) -> Iterator[NamedValue]:
    name = file.text(key, scope)
    if name:
        yield NamedValue(name, form, value, scope)


def _entries(file: DagFile, mapping: syntax.Mapping, scope: syntax.Scope) -> Iterator[NamedValue]:
    """The entries of a dict, and the one that `{"name": ..., "value": ...}` stands for."""
    known: dict[str, syntax.Expression] = {}
    for key, value in mapping.entries:
        for named in () if key is None else _item(file, key, value, scope, "key"):
            known[named.name] = value
            yield named
    if "name" in known and "value" in known:
        yield from _item(file, known["name"], known["value"], scope, "key")


def _last_name(function: syntax.Expression) -> str:
    match function:
        case syntax.Name(id=name) | syntax.Attribute(name=name):
            return name
        case _:
            return ""


def _mappings(module: syntax.Module) -> Iterator[tuple[syntax.Mapping, syntax.Scope]]:
    pending: list[tuple[syntax.Node, syntax.Scope]] = [(node, module.scope) for node in reversed(module.body)]
    while pending:
        node, scope = pending.pop()
        if isinstance(node, syntax.Mapping):
            yield node, scope
        inner = getattr(node, "scope", scope)
        pending.extend((child, inner) for child in reversed(list(_children(node))))


def _children(node: syntax.Node) -> Iterator[syntax.Node]:
    for field in _FIELDS[type(node)]:
        yield from _nodes_in(getattr(node, field))


def _nodes_in(value: object) -> Iterator[syntax.Node]:
    if isinstance(value, syntax.Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes_in(item)
