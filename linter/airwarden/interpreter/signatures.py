"""How the arguments of a call meet the parameters of a function."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

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


class Signature:
    """The parameters of a function, by how a call fills them."""

    __slots__ = ("_by_name", "_every", "_names", "_placed", "_required", "_rest", "_star")

    def __init__(self, parameters: Sequence[syntax.Parameter]) -> None:
        self._placed = [each for each in parameters if not each.star and not each.keyword_only]
        self._by_name = [each for each in parameters if each.keyword_only]
        self._star = next((each.name for each in parameters if each.star == "*"), None)
        self._rest = next((each.name for each in parameters if each.star == "**"), None)
        self._names = {each.name for each in parameters if not each.star}
        self._every = {each.name for each in parameters}
        self._required = [each.name for each in self._by_name if each.default is None]

    def bound(self, function: FunctionOf, arguments: Arguments) -> dict[str, Value]:
        """The value of every parameter inside a call; unknown where it is not known to be given."""
        values: dict[str, Value] = {}
        for index, parameter in enumerate(self._placed):
            given = arguments.get(index, parameter.name)
            values[parameter.name] = _or_default(given, parameter, function, arguments)
        for parameter in self._by_name:
            given = arguments.keywords.get(parameter.name)
            values[parameter.name] = _or_default(given, parameter, function, arguments)
        if self._star is not None:
            values[self._star] = Items("tuple", arguments.positional[len(self._placed) :], arguments.complete)
        if self._rest is not None:
            values[self._rest] = _rest(arguments, self._every)
        return values

    def accepts(self, bound_ones: int, given: Arguments) -> bool:
        """Whether a call fits, where the first `bound_ones` parameters are filled already."""
        placed = self._placed[bound_ones:] if bound_ones else self._placed
        count, named = len(given.positional), given.keywords
        if count > len(placed) and self._star is None:
            return False
        if any(each.name in named for each in placed[:count]):
            return False
        if self._rest is None and not named.keys() <= self._names:
            return False
        missing = all(each.default is not None or each.name in named for each in placed[count:])
        return missing and all(name in named for name in self._required)


def accepts(parameters: Sequence[syntax.Parameter], bound_ones: int, given: Arguments) -> bool:
    """Whether a call fits parameters of which the first `bound_ones` are filled already."""
    return Signature(parameters).accepts(bound_ones, given)


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
