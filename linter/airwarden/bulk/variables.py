"""The variables of a running function: by what path they are known, and what they hold where paths meet."""

from __future__ import annotations

from airwarden import syntax
from airwarden.bulk.values import Value, joined


def path_of(expression: syntax.Expression) -> str | None:
    """The dotted path of a variable or of an attribute of one; None for anything else."""
    suffix = ""
    while isinstance(expression, syntax.Attribute):
        suffix = f".{expression.name}{suffix}"
        expression = expression.value
    return expression.id + suffix if isinstance(expression, syntax.Name) else None


def root_path(expression: syntax.Expression) -> str | None:
    """The path of the container that `a[key]`, `a.get(key)` or `a` itself is a part of."""
    while True:
        if isinstance(expression, syntax.Subscript):
            expression = expression.value
        elif isinstance(expression, syntax.Call) and isinstance(expression.function, syntax.Attribute):
            if expression.function.name not in ("get", "setdefault"):
                return None
            expression = expression.function.value
        else:
            return path_of(expression)


def mentions(expression: syntax.Expression, path: str | None) -> bool:
    """Whether a variable stands in an expression: `total[key] = total.get(key, 0) + 1` makes no row a key."""
    match expression:
        case syntax.Name() | syntax.Attribute() if path_of(expression) == path:
            return path is not None
        case syntax.Attribute(value=inner) | syntax.Subscript(value=inner):
            return mentions(inner, path)
        case syntax.Operation(operands=operands):
            return any(mentions(each, path) for each in operands)
        case syntax.Call(function=function, arguments=arguments):
            return mentions(function, path) or any(mentions(each.value, path) for each in arguments)
        case syntax.Conditional(body=body, orelse=orelse):
            return mentions(body, path) or mentions(orelse, path)
        case _:
            return False


def met(ends: list[dict[str, Value]]) -> dict[str, Value]:
    """What variables hold where several paths meet."""
    if len(ends) == 1:
        return ends[0]
    variables = dict(ends[0])
    for end in ends[1:]:
        for name, value in end.items():
            known = variables.get(name)
            if known is not value:
                variables[name] = value if known is None else joined([known, value])
    return variables
