"""The SLAs of DAGs and tasks, which Airflow 3 ignores."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from airwarden import syntax
from airwarden.alerts.callbacks import Alerts
from airwarden.dag import DagFile
from airwarden.interpreter.values import (
    ABSENT,
    UNKNOWN,
    Arguments,
    Choice,
    Data,
    Instance,
    Known,
    Symbol,
    Table,
    Value,
    Written,
    alternatives,
)
from airwarden.loading import MadeDag
from airwarden.patterns import regex
from airwarden.records import dataclass

SlaName: TypeAlias = Literal["sla", "sla_miss_callback"]

_ARITHMETIC = frozenset({"Add", "Subtract", "Multiply", "Divide"})
_OPERATOR = regex(r"airflow\.[\w.]+(?:Operator|Sensor)(?:\.partial)?")
_PERIODS = frozenset({"datetime.timedelta", "pendulum.duration"})


@dataclass(frozen=True, eq=False)
class Sla:
    """An SLA that a DAG or one of its tasks is given, and where that is written; `dag` where it is known."""

    name: SlaName
    written: Written
    dag: MadeDag | None = None


def slas(alerts: Alerts, file: DagFile) -> Iterator[Sla]:
    """Every SLA that a file gives to operators of Airflow, and those of the DAGs that it makes.

    Left out are what may be None, and what another file gives to an operator of Airflow.
    """
    seen = set[int]()
    for value in _given_to_operators(file):
        seen.add(id(value))
        yield Sla("sla", (file, value))
    for loaded in alerts.loads(file):
        with alerts.memory.applied(loaded.changes):
            found = [each for made in loaded.dags for each in _of_dag(made)]
        for sla in found:
            where, node = sla.written
            is_told = where is not file and any(node is each for each in _given_to_operators(where))
            if id(node) not in seen and not is_told:
                seen.add(id(node))
                yield sla


def _given_to_operators(file: DagFile) -> Iterator[syntax.Expression]:
    """The periods that a file writes out as the `sla` of an operator of Airflow."""
    for site in file.module.calls:
        value = site.call.keyword("sla")
        if value is not None and _is_period(value, site.scope, file):
            names = file.names(site.call.function, site.scope)
            if any(_OPERATOR.fullmatch(name) for name in names):
                yield value


def _is_period(value: syntax.Expression, scope: syntax.Scope, file: DagFile) -> bool:
    match file.value(value, scope):
        case syntax.Call(function=function):
            return file.full_name(function, scope) in _PERIODS
        case resolved:
            return _is_sum(resolved)


def _is_sum(node: syntax.Node) -> bool:
    """Whether a node is arithmetic, which never gives None."""
    return isinstance(node, syntax.Operation) and _ARITHMETIC.issuperset(node.operators)


def _of_dag(made: MadeDag) -> Iterator[Sla]:
    """The SLAs of a DAG, of its `default_args` and of its tasks."""
    yield from _argument(made, made.arguments, "sla_miss_callback")
    for late in made.reassigned:
        if late.name == "sla_miss_callback":
            yield from _given(made, "sla_miss_callback", late.value, late.written)
    yield from _entry(made, made.instance.content.get("default_args", ABSENT))
    for task in made.tasks:
        yield from _argument(made, task.arguments, "sla")
        yield from _entry(made, task.arguments.keywords.get("default_args", ABSENT))


def _argument(made: MadeDag, arguments: Arguments, name: SlaName) -> Iterator[Sla]:
    yield from _given(made, name, arguments.keywords.get(name), arguments.nodes.get(name))


def _entry(made: MadeDag, defaults: Value) -> Iterator[Sla]:
    for table in alternatives(defaults):
        if isinstance(table, Table):
            entries = table.content
            yield from _given(made, "sla", entries.values.get("sla"), entries.nodes.get("sla"))


def _given(made: MadeDag, name: SlaName, value: Value | None, written: Written | None) -> Iterator[Sla]:
    if value is not None and written is not None and (_is_sum(written[1]) or _is_something(value)):
        yield Sla(name, written, made)


def _is_something(value: Value) -> bool:
    """Whether a value is known not to be None, at least on one way."""
    match value:
        case Choice(values=values):
            return any(_is_something(each) for each in values)
        case Known(value=constant):
            return constant is not None
        case Instance(callee=Symbol(name=name, receiver=receiver)):
            return receiver is None and not name.endswith((".get", ".getenv"))
        case Data():
            return False
        case _:
            return value is not UNKNOWN and value is not ABSENT
