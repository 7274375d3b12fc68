"""Deadline alerts: what DAGs are given to call when a deadline is missed, and why that can't work.

Run on Airflow 3.2.1 and 3.3.2. Airflow keeps the dotted path of what is to be called, and imports it again in
the triggerer (`AsyncCallback`) or on a worker (`SyncCallback`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import Enum

from airwarden import syntax
from airwarden.alerts.callbacks import Alerts
from airwarden.dag import DagFile
from airwarden.depth import Steps
from airwarden.interpreter.values import (
    Choice,
    ClassOf,
    FunctionOf,
    Instance,
    Items,
    Known,
    Partial,
    Symbol,
    Table,
    Value,
    Written,
    alternatives,
    may_be_absent,
)
from airwarden.loading import Loaded, MadeDag
from airwarden.records import dataclass

_MOST_DEPTH = 4
_MOST_VALUES = 2_000
"""Values that are looked through for alerts in one: lists may hold one another again and again."""
_MODULES = ("", ".definitions.callback", ".definitions.deadline")
_BASES = frozenset(
    {
        "airflow.notifications.basenotifier.BaseNotifier",
        "airflow.providers.common.compat.notifier.BaseNotifier",
        "airflow.sdk.BaseNotifier",
        "airflow.sdk.bases.notifier.BaseNotifier",
    }
)
_SYNC_ONLY = frozenset(
    f"airflow.providers.{name}"
    for name in (
        "amazon.aws.notifications.chime.ChimeNotifier",
        "amazon.aws.notifications.chime.send_chime_notification",
        "opsgenie.notifications.opsgenie.OpsgenieNotifier",
        "opsgenie.notifications.opsgenie.send_opsgenie_notification",
    )
)


class Misuse(Enum):
    """Why nobody is told that a deadline was missed."""

    BARE = "DeadlineAlert takes an AsyncCallback or a SyncCallback and nothing else: the file does not load"
    INSTANCE = "the callback takes the class of a notifier, not an instance of it: the file does not load"
    PARTIAL = "the callback takes no partial, as that has no path to import it by: the file does not load"
    LAMBDA = "a lambda can't be imported where the callback runs: nobody is told"
    NESTED = "a function inside another or a class can't be imported where the callback runs: nobody is told"
    NOT_ASYNC = (
        "AsyncCallback takes what can be awaited, which a plain function is not: the file does not load"
    )
    SYNC_NOTIFIER = "this notifier can't be awaited, as AsyncCallback does in the triggerer: nobody is told"
    CONTEXT = "kwargs may not hold context, which Airflow itself passes: the file does not load"


@dataclass(frozen=True, eq=False)
class Misused:
    """A deadline alert that can't tell anybody: why, where that is written, and a DAG that is given it."""

    why: Misuse
    written: Written
    dag: MadeDag | None


def _named(name: str) -> tuple[str, ...]:
    return tuple(f"airflow.sdk{module}.{name}" for module in _MODULES)


def misused(alerts: Alerts, file: DagFile) -> Iterator[Misused]:
    """The deadline alerts that a file gives to DAGs, or has a name for, and that are known not to work."""
    for loaded in alerts.loads(file):
        with alerts.memory.applied(loaded.changes):
            found = [each for given in _given(loaded, file) for each in _judged(alerts, *given)]
        yield from found


def _given(loaded: Loaded, file: DagFile) -> Iterator[tuple[Instance, MadeDag | None]]:
    """Every alert and callback that a DAG is given, or that a name of the file itself stands for."""
    for made in loaded.dags:
        late = [each.value for each in made.reassigned if each.name == "deadline"]
        for value in (made.argument("deadline"), *late):
            yield from ((each, made) for each in _instances(value, 0, Steps(_MOST_VALUES)))
    if loaded.path == file.path:
        for variable in loaded.names.variables.values():
            yield from ((each, None) for each in _instances(variable.content, 0, Steps(_MOST_VALUES)))


def _instances(value: Value, depth: int, steps: Steps) -> Iterator[Instance]:
    """The alerts and callbacks in a value, and in what it holds."""
    inner: tuple[Value | None, ...] = ()
    match value:
        case Items():
            inner = value.items
        case Table():
            inner = tuple(value.content.values.values())
        case Choice(values=values):
            inner = values
        case Instance(callee=Symbol(name=name)) if name in _QUESTIONS:
            yield value
            inner = (value.arguments.get(2, "callback"),)
        case _:
            return
    for each in inner if depth < _MOST_DEPTH else ():
        if each is not None and steps.take():
            yield from _instances(each, depth + 1, steps)


def _judged(alerts: Alerts, made: Instance, dag: MadeDag | None) -> Iterator[Misused]:
    questions = _QUESTIONS.get(made.callee.name, ())
    for index, name, judge in questions:
        value = made.arguments.get(index, name)
        written = made.arguments.nodes.get(name) or made.arguments.nodes.get(index)
        verdicts = [] if value is None else [judge(alerts, each) for each in alternatives(value)]
        why = next(iter(verdicts), None)
        if why is not None and written is not None and None not in verdicts:
            yield Misused(why, written, dag)


def _as_callback(_: Alerts, value: Value) -> Misuse | None:
    """What is wrong with the callback of a `DeadlineAlert`."""
    match value:
        case Symbol(name=name) | Instance(callee=Symbol(name=name)):
            return Misuse.BARE if _names_a_notifier(name) else None
        case Instance(callee=ClassOf() as made):
            return Misuse.BARE if _is_notifier(made) else None
        case FunctionOf() | ClassOf() | Partial() | Items() | Table() | Known():
            return Misuse.BARE
        case _:
            return None


def _as_callable(_: Alerts, value: Value) -> Misuse | None:
    """What is wrong with what an `AsyncCallback` or a `SyncCallback` is to call."""
    match value:
        case Instance(callee=Symbol(name=name)):
            return Misuse.INSTANCE if _names_a_notifier(name) else None
        case Instance(callee=ClassOf() as made):
            return Misuse.INSTANCE if _is_notifier(made) else None
        case Partial():
            return Misuse.PARTIAL
        case FunctionOf(node=syntax.Lambda()):
            return Misuse.LAMBDA
        case FunctionOf(node=syntax.Function(decorators=(), scope=scope)):
            is_top = scope.parent is not None and scope.parent.kind == "module"
            return None if is_top else Misuse.NESTED
        case _:
            return None


def _as_awaitable(alerts: Alerts, value: Value) -> Misuse | None:
    """What is wrong with what an `AsyncCallback` is to await."""
    match value:
        case FunctionOf(node=syntax.Function(decorators=(), is_async=False)):
            return Misuse.NOT_ASYNC
        case Symbol(name=name) if name in _SYNC_ONLY:
            return Misuse.SYNC_NOTIFIER
        case ClassOf() if _is_notifier(value):
            own = alerts.class_attribute(value, "async_notify")
            is_open = any(base.name not in _BASES for base in value.outside_bases)
            return None if is_open or isinstance(own, FunctionOf) else Misuse.SYNC_NOTIFIER
        case _:
            return _as_callable(alerts, value)


def _as_kwargs(_: Alerts, value: Value) -> Misuse | None:
    """What is wrong with the arguments of a callback."""
    if not isinstance(value, Table):
        return None
    given = value.content.values.get("context")
    return None if given is None or may_be_absent(given) else Misuse.CONTEXT


def _is_notifier(made: ClassOf) -> bool:
    """Whether a class of the repository is a notifier."""
    names = [base.name for base in made.outside_bases]
    return any(name in _BASES or _names_a_notifier(name) for name in names)


def _names_a_notifier(name: str) -> bool:
    parts = name.split(".")
    return parts[:2] == ["airflow", "providers"] and "notifications" in parts[3:-1]


_QUESTIONS: Mapping[str, tuple[tuple[int, str, Callable[[Alerts, Value], Misuse | None]], ...]] = {
    **dict.fromkeys(_named("DeadlineAlert"), ((2, "callback", _as_callback),)),
    **dict.fromkeys(
        _named("AsyncCallback"), ((0, "callback_callable", _as_awaitable), (1, "kwargs", _as_kwargs))
    ),
    **dict.fromkeys(
        _named("SyncCallback"), ((0, "callback_callable", _as_callable), (1, "kwargs", _as_kwargs))
    ),
}
"""Of each class the arguments that may be wrong, by position and name, and what judges them."""
