"""What the outcome of a test tells of the size of the values that it tests."""

from __future__ import annotations

from collections.abc import Iterator

from airwarden import syntax
from airwarden.bulk.queries import FEW
from airwarden.bulk.variables import path_of

_FAILED = 300
_DATA = frozenset(
    {"Iterable", "Mapping", "Sequence", "Table", "bytes", "dict", "list", "object", "str", "tuple"}
)
"""Classes that bulk data may be an instance of, besides those of frames."""


def shrunk(test: syntax.Expression, outcome: bool) -> Iterator[str]:
    """The paths of what is None, empty, short or no data at all when a test comes out so."""
    match test:
        case syntax.Operation(operators=("Not",), operands=(inner,)):
            yield from shrunk(inner, not outcome)
        case syntax.Operation(
            operators=(word,),
            operands=(
                syntax.Attribute(value=inner, name="status_code"),
                syntax.Constant(value=int() as code),
            ),
        ):
            if _tells_failure(word, code, outcome):
                yield from _paths(inner)
        case syntax.Attribute(value=inner, name="ok"):
            if not outcome:
                yield from _paths(inner)
        case syntax.Operation(operators=(word,), operands=(inner, syntax.Constant(value=bound))):
            if _is_short(word, bound, outcome):
                yield from _paths(inner)
        case syntax.Operation(operators=operators, operands=operands):
            if set(operators) == {"Or" if outcome else "And"}:
                yield from set.intersection(*(set(shrunk(each, outcome)) for each in operands))
        case syntax.Attribute(value=inner, name="empty"):
            if outcome:
                yield from _paths(inner)
        case syntax.Call(function=syntax.Name(id="isinstance"), arguments=(tested, kind)):
            if not _names_data(kind.value) if outcome else _names_frame(kind.value):
                yield from _paths(tested.value)
        case syntax.Name() | syntax.Attribute() | syntax.Call():
            if not outcome:
                yield from _paths(test)
        case _:
            pass


def _tells_failure(word: str, code: int, outcome: bool) -> bool:
    """Whether a response is known to have failed when a comparison of its status comes out so; what it then
    says is short.
    """
    if code < _FAILED:
        return word == ("NotEqual" if outcome else "Equal")
    return word in (
        ("Equal", "GreaterThan", "GreaterThanEqual") if outcome else ("LessThan", "LessThanEqual")
    )


def _is_short(word: str, bound: object, outcome: bool) -> bool:
    """Whether `x` is None or `len(x)` within bounds when a comparison of it comes out so."""
    if bound is None or bound == 0:
        return word in (("Is", "Equal") if outcome else ("IsNot", "NotEqual", "GreaterThan"))
    if not isinstance(bound, int) or bound > FEW:
        return False
    return word in (
        ("Equal", "LessThan", "LessThanEqual") if outcome else ("GreaterThan", "GreaterThanEqual")
    )


def _names_data(kind: syntax.Expression) -> bool:
    """Whether a class, or one of several, may be that of bulk data."""
    if isinstance(kind, syntax.Sequence):
        return any(_names_data(item) for item in kind.items)
    name = (path_of(kind) or "list").rpartition(".")[2]
    return name in _DATA or name.endswith(("DataFrame", "Series"))


def _names_frame(kind: syntax.Expression) -> bool:
    """Whether a class is that of a frame: what is none of it may be anything else."""
    return not isinstance(kind, syntax.Sequence) and (path_of(kind) or "").endswith("DataFrame")


def _paths(expression: syntax.Expression) -> Iterator[str]:
    """The path of `x`, also in `len(x)`."""
    match expression:
        case syntax.Call(function=syntax.Name(id="len"), arguments=(syntax.Argument(value=inner),)):
            expression = inner
        case _:
            pass
    path = path_of(expression)
    if path is not None:
        yield path
