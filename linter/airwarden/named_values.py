"""What a DAG file writes out under which name: arguments, variables, keys, attributes, defaults."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal, TypeAlias

from airwarden import syntax
from airwarden.dag import DagFile
from airwarden.depth import Steps
from airwarden.joined_texts import Nodes, whole_text
from airwarden.patterns import regex
from airwarden.records import dataclass

Form: TypeAlias = Literal["argument", "variable", "key", "attribute", "parameter", "item", "fallback"]

_ENUMS = frozenset({"enum.Enum", "enum.StrEnum"})
_ITEM_METHODS = frozenset(
    {"config", "get", "getenv", "option", "pop", "putenv", "set", "setdefault", "setenv"}
)
_GETTERS = frozenset({"config", "get", "getenv", "option", "pop"})
_DEFAULTS = ("default", "default_var", "fallback", "value")
_WRAPPERS = frozenset({"Field", "Param", "SecretStr", "dedent", "field", "quote", "quote_plus", "str"})
_TEXT_METHODS = frozenset({"encode", "strip"})
_DEEPEST = 8
_MOST_LOOKED_AT = 100
"""Expressions that are looked at for the literals of one value."""
_DOTTED = regex(r"\w[.-]\w")
_VARIABLE = regex(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_MADE = regex(r"(?=.*\d)(?=.*[A-Za-z])\S{8,}")
"""What beside the name of a variable is its value, and neither a default nor the name of something else."""


@dataclass(frozen=True, eq=False)
class NamedValue:
    """An expression and the name it gets: `name=value`, `{"name": value}`, `set("name", value)`, ...

    `form` says how: `item` is a key and its value given to a call, `fallback` what a call gives for want of
    a value.
    """

    name: str
    form: Form
    value: syntax.Expression
    scope: syntax.Scope


def named_values(
    file: DagFile, wanted: Callable[[str], bool], nodes: Nodes | None = None
) -> Iterator[NamedValue]:
    """Every value of a file that is given a wanted name where it is written.

    `nodes` are the compounds of the file, where they are there already.
    """
    nodes = syntax.compounds_of(file.module) if nodes is None else nodes
    values = [*_variables(file, wanted), *_assigned_items(file)]
    for site in file.module.calls:
        values.extend(_arguments(file, site, wanted))
    if any(wanted(parameter.name) for parameter in _all_parameters(file, nodes)):
        for site in file.module.calls:
            values.extend(_own_parameters(file, site))
    for node, scope in nodes:
        reader = _READERS.get(type(node))
        if reader is not None:
            values.extend(reader(file, node, scope))
    return (value for value in values if wanted(value.name))


def _all_parameters(file: DagFile, nodes: Nodes) -> Iterator[syntax.Parameter]:
    for function in file.module.functions:
        yield from function.parameters
    for node, _ in nodes:
        if isinstance(node, syntax.Lambda):
            yield from node.parameters


def literals(
    file: DagFile, value: syntax.Expression, scope: syntax.Scope
) -> Iterator[tuple[syntax.Expression, str]]:
    """The literals that a value may be, each with its text: plain, joined, encoded, wrapped, or a default."""
    return _literals(file, value, scope, 0, Steps(_MOST_LOOKED_AT))


def _literals(
    file: DagFile, value: syntax.Expression, scope: syntax.Scope, depth: int, steps: Steps
) -> Iterator[tuple[syntax.Expression, str]]:
    if depth > _DEEPEST or not steps.take():
        return
    match value:
        case syntax.Constant(value=str() | bytes() | int() | float() as constant):
            yield value, _text(constant)
        case syntax.FormattedString(parts=parts) if all(isinstance(part, str) for part in parts):
            yield value, "".join(part for part in parts if isinstance(part, str))
        case _ if (text := whole_text(file, value, scope)) is not None:
            yield value, text
        case syntax.Name():
            assigned = file.value(value, scope)
            yield from [] if assigned is value else _literals(file, assigned, scope, depth + 1, steps)
        case _:
            for inner in _possible(value):
                yield from _literals(file, inner, scope, depth + 1, steps)


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


def _variables(file: DagFile, wanted: Callable[[str], bool]) -> Iterator[NamedValue]:
    functions = [function.scope for function in file.module.functions]
    for scope in [file.module.scope, *functions, *(made.scope for made in file.module.classes)]:
        names = [name for name in scope.bindings if wanted(name)]
        if names and isinstance(scope.owner, syntax.Class) and _is_enum(file, scope.owner):
            continue
        for name in names:
            for binding in scope.bindings[name]:
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


def _arguments(file: DagFile, site: syntax.CallSite, wanted: Callable[[str], bool]) -> Iterator[NamedValue]:
    for argument in site.call.arguments:
        if argument.keyword and wanted(argument.keyword):
            yield NamedValue(argument.keyword, "argument", argument.value, site.scope)
    for key, value in _call_items(site.call):
        form: Form = "fallback" if _is_fallback(site.call, value) else "item"
        yield from _item(file, key, value, site.scope, form)


def _call_items(call: syntax.Call) -> Iterator[tuple[syntax.Expression, syntax.Expression]]:
    """The keys that a call sets or asks for, each with the value, or the value in its absence."""
    if len(call.arguments) < 2:
        return
    key, second = call.positional(0), call.positional(1)
    if key is not None and second is not None and _last_name(call.function) in _ITEM_METHODS:
        yield key, second
    keywords = {argument.keyword for argument in call.arguments}
    default = next((call.keyword(name) for name in _DEFAULTS if name in keywords), None)
    if default is not None:
        keys = (key, second, call.keyword("key"), call.keyword("name"))
        yield from ((each, default) for each in keys if each is not None)


def _is_fallback(call: syntax.Call, value: syntax.Expression) -> bool:
    return _last_name(call.function) in _GETTERS or any(
        value is call.keyword(name) for name in _DEFAULTS if name != "value"
    )


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


def _own_parameters(file: DagFile, site: syntax.CallSite) -> Iterator[NamedValue]:
    """What a call gives by place to a function of the file, or an operator for it with `op_args`."""
    if site.call.has_unpacking:
        return
    called, given = site.call.function, [each.value for each in site.call.arguments if not each.keyword]
    target = site.call.keyword("python_callable")
    if target is not None:
        listed = site.call.keyword("op_args")
        called, given = target, list(listed.items) if isinstance(listed, syntax.Sequence) else []
    if not given or any(isinstance(each, syntax.Starred) for each in given):
        return
    names = [parameter.name for parameter in _parameters(file, called, site.scope)]
    if names[:1] in (["self"], ["cls"]):
        names = names[1:]
    for name, value in zip(names, given, strict=False):
        yield NamedValue(name, "argument", value, site.scope)


def _parameters(
    file: DagFile, called: syntax.Expression, scope: syntax.Scope
) -> tuple[syntax.Parameter, ...]:
    found = scope.lookup(called.id) if isinstance(called, syntax.Name) else None
    made = found[1][-1].value if found else None
    if isinstance(made, syntax.Class):
        makers = [each.value for each in made.scope.bindings.get("__init__", [])]
        function = makers[-1] if makers else None
    else:
        function = file.function(called, scope)
    return function.parameters if isinstance(function, syntax.Function) else ()


def _pair(_: DagFile, node: syntax.Sequence, scope: syntax.Scope) -> Iterator[NamedValue]:
    """`("spark.ssl.keyPassword", value)`, `("API_KEY", value)`: a pair whose first part is no plain word."""
    if node.kind != "tuple" or len(node.items) != 2:
        return
    match node.items:
        case (syntax.Constant(value=str(key)), value) if _DOTTED.search(key):
            yield NamedValue(key, "key", value, scope)
        case (syntax.Constant(value=str(key)), syntax.Constant(value=str(text)) as value):
            if _VARIABLE.fullmatch(key) and _MADE.fullmatch(text):
                yield NamedValue(key, "key", value, scope)


def _defaults(_: DagFile, node: syntax.Lambda, __: syntax.Scope) -> Iterator[NamedValue]:
    for parameter in node.parameters:
        if parameter.default is not None:
            yield NamedValue(parameter.name, "parameter", parameter.default, node.scope)


def _unpacked(_: DagFile, loop: syntax.For, scope: syntax.Scope) -> Iterator[NamedValue]:
    """`for user, password in [("etl", value), ...]`."""
    if not isinstance(loop.target, syntax.Sequence) or not isinstance(loop.iterable, syntax.Sequence):
        return
    for row in loop.iterable.items:
        if isinstance(row, syntax.Sequence) and len(row.items) == len(loop.target.items):
            for name, value in zip(loop.target.items, row.items, strict=True):
                if isinstance(name, syntax.Name):
                    yield NamedValue(name.id, "variable", value, scope)


_READERS: dict[type[syntax.Node], Callable[[DagFile, Any, syntax.Scope], Iterator[NamedValue]]] = {
    syntax.Mapping: _entries,
    syntax.Sequence: _pair,
    syntax.For: _unpacked,
    syntax.Lambda: _defaults,
}
"""What gives names without binding them, by the kind of node."""


def _last_name(function: syntax.Expression) -> str:
    match function:
        case syntax.Name(id=name) | syntax.Attribute(name=name):
            return name
        case _:
            return ""
