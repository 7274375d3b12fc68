"""What a text takes from the moment at which its file is loaded, though each message should have its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields

from airwarden import syntax
from airwarden.alerts.context import context_names
from airwarden.dag import DagFile
from airwarden.findings import Region
from airwarden.patterns import regex
from airwarden.records import dataclass

_TWO_BRACES = regex(r"(?<!\{)\{\{(?!\{)([^{}]*)\}\}(?!\})")
_ONE_BRACE = regex(r"(?<!\{)\{(?!\{)([^{}]*)\}(?!\})")
_ROOT = regex(r"\s*(\w+)\s*(?:[.|\[]|\Z)")
_OF_A_RUN = frozenset(
    ["context", "dag", "dag_run", "ds", "exception", "logical_date", "run_id", "task_instance", "ti", "ts"]
)
_CLOCKS = frozenset(
    [
        "airflow.sdk.timezone.utcnow",
        "airflow.utils.timezone.utcnow",
        "datetime.date.today",
        "datetime.datetime.now",
        "datetime.datetime.today",
        "datetime.datetime.utcnow",
        "pendulum.now",
        "pendulum.today",
        "time.strftime",
        "time.time",
    ]
)


@dataclass(frozen=True)
class Frozen:
    """What a text takes from the moment at which it is made: its source, and where it stands.

    `is_template` for a template that is none any more, as formatting made single braces of its double ones.
    """

    source: str
    region: Region
    is_template: bool


def frozen_in(written: syntax.Expression, scope: syntax.Scope, file: DagFile) -> Iterator[Frozen]:
    """What the text that an expression gives takes from the moment at which it is evaluated."""
    seen = set[int]()
    pending: list[tuple[syntax.Expression, syntax.Expression]] = [(written, written)]
    while pending:
        node, place = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        moment, template = _moment_of(node, scope, file), _formatted_away(node)
        found = moment or template
        if found is not None:
            yield Frozen(found, file.region(place), moment is None)
        value = file.value(node, scope)
        if value is not node:
            pending.append((value, place))
        inner = [each for each in _inner(node) if isinstance(each, syntax.Expression)]
        pending += [(each, each if place is node else place) for each in reversed(inner)]


def _moment_of(node: syntax.Expression, scope: syntax.Scope, file: DagFile) -> str | None:
    """The clock that an expression reads, or the part of a run's context that it is."""
    match node:
        case syntax.Call(function=function) if (clock := file.full_name(function, scope)) in _CLOCKS:
            return f"{(clock or '').removeprefix('datetime.')}()"
        case syntax.Name(id=name) if name in _OF_A_RUN and _is_unbound(name, scope):
            return name
        case _:
            return None


def _formatted_away(node: syntax.Expression) -> str | None:
    """The template that formatting makes plain text of."""
    match node:
        case syntax.FormattedString(parts=parts):
            return _lost_braces([part for part in parts if isinstance(part, str)], _ONE_BRACE)
        case syntax.Call(
            function=syntax.Attribute(value=syntax.Constant(value=str() as text), name="format")
        ):
            return _lost_braces([text], _TWO_BRACES)
        case _:
            return None


def _is_unbound(name: str, scope: syntax.Scope) -> bool:
    return scope.lookup(name) is None and "*" not in scope.module.bindings


def _lost_braces(texts: Sequence[str], pattern: re.Pattern[str]) -> str | None:
    for inner in (match[1] for text in texts for match in pattern.finditer(text)):
        root = _ROOT.match(inner)
        if root is not None and (root[1] in _OF_A_RUN or root[1] in context_names()):
            return f"{{{{ {inner.strip()} }}}}"
    return None


def _inner(node: syntax.Node) -> Iterator[syntax.Node]:
    """The nodes directly inside a node, but for what a lambda would do later."""
    if isinstance(node, (syntax.Lambda, syntax.Opaque)):
        return
    pending: list[object] = [getattr(node, each.name) for each in fields(node)]  # type: ignore[arg-type]
    while pending:
        each = pending.pop(0)
        if isinstance(each, tuple):
            pending[:0] = each
        elif isinstance(each, (syntax.Argument, syntax.Generator)):
            pending[:0] = [getattr(each, name.name) for name in fields(each)]
        elif isinstance(each, syntax.Node):
            yield each
