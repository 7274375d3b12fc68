"""Whether two alerts are known to be the same."""

from __future__ import annotations

from airwarden.depth import Steps
from airwarden.interpreter.values import (
    ABSENT,
    Arguments,
    ClassOf,
    Data,
    FunctionOf,
    Instance,
    Items,
    Known,
    Partial,
    Symbol,
    Unknown,
    Value,
)
from airwarden.patterns import regex

_MOST_COMPARED = 300
"""Pairs of values that are compared for two alerts, which may each hold the same again and again."""
_ADDRESS = regex(r"conn_id$|^(?:channel|to|cc|bcc|target_arn|queue_url|endpoint|tag|project_id)$")


def has_same_address(one: Instance, other: Instance) -> bool:
    """Whether two notifiers are of one class and known to tell the same people in the same way."""
    mine, yours = one.arguments, other.arguments
    if _kind(one) != _kind(other) or not (mine.complete and yours.complete):
        return False
    if len(mine.positional) != len(yours.positional):
        return False
    is_own = isinstance(one.callee, ClassOf)
    names = {*mine.keywords, *yours.keywords}
    counted = [name for name in names if is_own or _ADDRESS.search(name)]
    return all(map(is_same, mine.positional, yours.positional)) and all(
        is_same(mine.keywords.get(name, ABSENT), yours.keywords.get(name, ABSENT)) for name in counted
    )


def _kind(instance: Instance) -> object:
    """What two notifiers of one class have in common: Slack's goes by two names of one module."""
    made = instance.callee
    return made.name.rpartition(".")[0] if isinstance(made, Symbol) else made


def is_same(one: Value, other: Value) -> bool:
    """Whether two values are known to be one, or to be equal."""
    return _is_same(one, other, Steps(_MOST_COMPARED))


def _is_same(one: Value, other: Value, steps: Steps) -> bool:
    if not steps.take():
        return False
    match one, other:
        case ((Unknown() | Data()), _):
            return False
        case Known(value=mine), Known(value=yours):
            return type(mine) is type(yours) and mine == yours
        case Items(), Items() if one.is_fixed and other.is_fixed and len(one.items) == len(other.items):
            return all(_is_same(*each, steps) for each in zip(one.items, other.items, strict=True))
        case FunctionOf(), FunctionOf():
            return one.node is other.node and one.receiver is other.receiver
        case Symbol(), Symbol():
            return one.name == other.name and one.receiver is other.receiver
        case Partial(callee=mine, arguments=first), Partial(callee=yours, arguments=second):
            return _is_same(mine, yours, steps) and _are_same(first, second, steps)
        case _:
            return one is other


def _are_same(first: Arguments, second: Arguments, steps: Steps) -> bool:
    return (
        first.complete
        and second.complete
        and len(first.positional) == len(second.positional)
        and first.keywords.keys() == second.keywords.keys()
        and all(_is_same(*each, steps) for each in zip(first.positional, second.positional, strict=True))
        and all(_is_same(value, second.keywords[name], steps) for name, value in first.keywords.items())
    )
