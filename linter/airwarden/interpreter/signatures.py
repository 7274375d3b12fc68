"""How the arguments of a call meet the parameters of a function."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from airwarden import syntax
from airwarden.interpreter.values import (
    UNKNOWN,
    Arguments,
    Entries,
    FunctionOf,
    Items,
    Table,
    Value,
    choice,
    may_be_absent,
    present,
)


def bound(function: FunctionOf, arguments: Arguments) -> dict[str, Value]:
    """The value of every parameter inside a call; unknown where it is not known to be given."""
    parameters = function.node.parameters
    plain = positional_of(function)
    values: dict[str, Value] = {}
    for index, parameter in enumerate(plain):
        given = arguments.get(index, parameter.name)
        values[parameter.name] = _or_default(given, parameter, function, arguments)
    for parameter in parameters:
        if parameter.keyword_only:
            given = arguments.keywords.get(parameter.name)
            values[parameter.name] = _or_default(given, parameter, function, arguments)
        elif parameter.star == "*":
            values[parameter.name] = Items("tuple", arguments.positional[len(plain) :], arguments.complete)
        elif parameter.star == "**":
            values[parameter.name] = _rest(arguments, {each.name for each in parameters})
    return values


def positional_of(function: FunctionOf) -> list[syntax.Parameter]:
    """The parameters that positional arguments fill, the receiver's included."""
    return [each for each in function.node.parameters if not each.star and not each.keyword_only]


def _or_default(
    given: Value | None, parameter: syntax.Parameter, function: FunctionOf, arguments: Arguments
) -> Value:
    if given is not None and not may_be_absent(given):
        return given
    default = function.defaults.get(parameter.name, UNKNOWN) if arguments.complete else arguments.others
    return default if given is None else choice((present(given), default))


def _rest(arguments: Arguments, names: set[str]) -> Table:
    values: dict[Hashable, Value] = {key: v for key, v in arguments.keywords.items() if key not in names}
    nodes = {key: arguments.nodes[key] for key in values if key in arguments.nodes}  # type: ignore[index]
    return Table(Entries(values, nodes, arguments.complete, arguments.others))


def accepts(parameters: Sequence[syntax.Parameter], bound_ones: int, given: Arguments) -> bool:
    """Whether a call fits parameters of which the first `bound_ones` are filled already."""
    stars = {each.star for each in parameters}
    plain = [each for each in parameters if not each.star and not each.keyword_only][bound_ones:]
    count = len(given.positional)
    if (count > len(plain) and "*" not in stars) or not _names_fit(parameters, plain[:count], given.keywords):
        return False
    named = [*plain[count:], *(each for each in parameters if each.keyword_only)]
    return all(each.default is not None or each.name in given.keywords for each in named)


def _names_fit(
    parameters: Sequence[syntax.Parameter],
    filled: Sequence[syntax.Parameter],
    keywords: Mapping[str, Value],
) -> bool:
    if any(each.name in keywords for each in filled):
        return False
    names = {each.name for each in parameters if not each.star}
    return any(each.star == "**" for each in parameters) or keywords.keys() <= names
