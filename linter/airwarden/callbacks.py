"""Alerts: what a DAG does when its run fails, and whether the message reaches an accepted notifier.

Names prove nothing: a callback reaches Slack when a call of Slack's client, hook, operator or notifier can be
followed from it. It is known not to when every call it makes is known and none does.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache, cached_property
from pathlib import Path

from airwarden import syntax
from airwarden.call_sites import Caller, CallSites
from airwarden.dag import DAG_CLASSES, Dag, DagFile
from airwarden.evaluated import (
    DATA,
    NONE,
    UNKNOWN,
    Choice,
    ClassOf,
    Data,
    FunctionOf,
    Instance,
    Items,
    Known,
    Place,
    Symbol,
    Table,
    Value,
)
from airwarden.evaluation import Evaluator
from airwarden.findings import Region, Related
from airwarden.repo import Repo

_TABLES = Path(__file__).parent / "tables"
_SLACK_ADDRESS = re.compile(r"hooks\.slack(-gov)?\.com")
_FAILURE = "on_failure_callback"
_DAG_WORDS = frozenset({"dag_id", "schedule", "schedule_interval", "default_args", "start_date", "catchup"})
_MOST_SITES = 5
_NOTIFIER_METHODS = ("notify", "__call__", "async_notify")


class Reach(Enum):
    """Where a callback's message goes."""

    NOBODY = "nobody"
    ACCEPTED = "an accepted notifier"
    OTHER = "somewhere else"
    UNKNOWN = "unknown"


@dataclass(frozen=True, eq=False)
class DagAlert:
    """What becomes of the failure of a DAG that a file makes.

    `dag_level` is where the DAG's own callback goes: `NOBODY` where it has none. `callback` is where that
    is written. `task_level` are the callbacks of its tasks, in `default_args` or on a task. `call_sites` are
    the calls of the factory that makes the DAG so.
    """

    dag: Dag
    id: str | None
    region: Region
    dag_level: Reach
    callback: Related | None
    task_level: tuple[Related, ...]
    call_sites: tuple[Related, ...] = ()

    @property
    def written(self) -> tuple[Related, ...]:
        """Where the callback and the calls that make the DAG are written."""
        return (*((self.callback,) if self.callback else ()), *self.call_sites)

    @property
    def subject(self) -> str:
        """What names the DAG in a fingerprint."""
        return f"dag {self.id}" if self.id else "dag"

    @property
    def title(self) -> str:
        """What names the DAG in a message."""
        return f"DAG {self.id!r}" if self.id else "This DAG"


class Alerts:
    """The alerts of the DAGs of one repository."""

    def __init__(self, repo: Repo) -> None:
        self.repo = repo
        self.evaluator = Evaluator(repo)
        self.call_sites = CallSites(repo, self.evaluator)
        self.accepted = repo.config.accepted_notifiers
        self._reached: dict[int, Reach] = {}
        self._alerts: dict[str, tuple[DagAlert, ...]] = {}

    def of(self, file: DagFile) -> tuple[DagAlert, ...]:
        """The alert of every DAG that a file makes; none where Airflow is told to ignore the file."""
        if file.path not in self._alerts:
            self._alerts[file.path] = self._of(file)
        return self._alerts[file.path]

    @property
    def unknown(self) -> tuple[str, ...]:
        """The DAGs asked for so far of which it can't be known whom their failure tells: `path:line id`."""
        return tuple(
            f"{alert.region.path}:{alert.region.line} {alert.id or '(an id that only a run can tell)'}"
            for _, alerts in sorted(self._alerts.items())
            for alert in alerts
            if alert.dag_level is Reach.UNKNOWN
        )

    def _of(self, file: DagFile) -> tuple[DagAlert, ...]:
        if self.repo.is_airflow_ignored(file.path):
            return ()
        found = [dag for dag in (*file.dags, *self._subclassed(file)) if not file.is_subdag(dag)]
        dags = sorted(found, key=lambda dag: dag.order)
        file.locate([dag.anchor for dag in dags])
        return tuple(self._alert(file, dag, dags) for dag in dags)

    def _subclassed(self, file: DagFile) -> Iterator[Dag]:
        """DAGs made by a subclass of DAG from another module of the repository."""
        known = {id(dag.call) for dag in file.dags}
        for site in file.module.calls:
            keywords = {argument.keyword for argument in site.call.arguments}
            if id(site.call) in known or _DAG_WORDS.isdisjoint(keywords):
                continue
            callee = self.evaluator.evaluate(site.call.function, Place(file, site.scope, order=site.order))
            if isinstance(callee, ClassOf) and self._is_dag_class(callee, 0):
                yield Dag(site.call, site.call, None, site.scope, site.order)

    def _is_dag_class(self, made: ClassOf, depth: int) -> bool:
        for base in self.evaluator.bases(made):
            if isinstance(base, Symbol) and base.name in DAG_CLASSES:
                return True
            if isinstance(base, ClassOf) and depth < 8 and self._is_dag_class(base, depth + 1):
                return True
        return False

    def _alert(self, file: DagFile, dag: Dag, dags: list[Dag]) -> DagAlert:
        plain = self._alert_at(file, dag, dags, Place(file, dag.scope, order=dag.order), ())
        if plain.dag_level is not Reach.UNKNOWN:
            return plain
        alerts = [
            self._alert_at(file, dag, dags, caller.place, (_made_by(caller),))
            for caller in self.call_sites.callers(file, dag.scope, dag.order)
        ]
        return _worst(alerts) or plain

    def _alert_at(
        self, file: DagFile, dag: Dag, dags: list[Dag], place: Place, call_sites: tuple[Related, ...]
    ) -> DagAlert:
        arguments = self._arguments(dag, place)
        value = arguments.entries.get(_FAILURE, NONE if arguments.complete else UNKNOWN)
        if value is NONE and self._sets_own_callback(dag, place):
            value = UNKNOWN
        at = arguments.nodes.get(_FAILURE)
        return DagAlert(
            dag,
            file.dag_id(dag),
            file.region(dag.anchor),
            self.reach(value),
            None if at is None else Related(at[0].region(at[1]), "the callback is given here"),
            tuple(self._task_level(file, dag, dags, arguments)),
            call_sites,
        )

    def _arguments(self, dag: Dag, place: Place) -> Table:
        if dag.call is None:
            return Table({}, {})
        table = self.evaluator.arguments(dag.call, place, Table({}, {}))
        starred = any(argument.star == "*" for argument in dag.call.arguments)
        return Table(table.entries, table.nodes, complete=False) if starred else table

    def _sets_own_callback(self, dag: Dag, place: Place) -> bool:
        """Whether a subclass of DAG says something of the callback itself."""
        if dag.call is None:
            return False
        made: Value | None = self.evaluator.evaluate(dag.call.function, place)
        while isinstance(made, ClassOf):
            source = made.place.file
            if any(text.value == _FAILURE for text in source.module.texts) or any(
                site.call.keyword(_FAILURE) is not None and _within(site.scope, made.node.scope)
                for site in source.module.calls
            ):
                return True
            made = next((base for base in self.evaluator.bases(made) if isinstance(base, ClassOf)), None)
        return False

    # Callbacks of tasks

    def _task_level(self, file: DagFile, dag: Dag, dags: list[Dag], arguments: Table) -> Iterator[Related]:
        defaults = arguments.entries.get("default_args")
        if isinstance(defaults, Table) and not _is_nothing(defaults.entries.get(_FAILURE, NONE)):
            where, node = defaults.nodes[_FAILURE]
            yield Related(where.region(node), "default_args gives the callback to every task, not to the DAG")
        tasks = list(self._task_callbacks(file, dag, dags))
        if tasks:
            more = f" (and on {len(tasks) - 1} more)" if len(tasks) > 1 else ""
            yield Related(file.region(tasks[0]), f"a task has a callback of its own{more}")

    def _task_callbacks(self, file: DagFile, dag: Dag, dags: list[Dag]) -> Iterator[syntax.Expression]:
        later = [each.order for each in dags if each.order > dag.order]
        end = min(later, default=sys.maxsize)
        made = {id(each.call) for each in dags}
        for site in file.module.calls:
            value = site.call.keyword(_FAILURE)
            if value is None or id(site.call) in made or not dag.order < site.order < end:
                continue
            place = Place(file, site.scope, order=site.order)
            if not _is_nothing(self.evaluator.evaluate(value, place)):
                yield value

    # Where a callback leads

    def reach(self, value: Value) -> Reach:
        """Where the message of a callback goes."""
        match value:
            case Known(value=constant):
                return Reach.UNKNOWN if constant else Reach.NOBODY
            case Items(items=items, complete=complete):
                return self._reach_of_items(items, complete)
            case Choice(values=values):
                return _agreed({self.reach(each) for each in values})
            case Symbol(name=name):
                return self._reach_of_symbol(name)
            case FunctionOf():
                return self._reach_of_function(value)
            case Instance(callee=Symbol(name=name)):
                return self._reach_of_symbol(name)
            case Instance(callee=ClassOf() as made):
                return self._reach_of_instance(value, made)
            case Data():
                return Reach.OTHER
            case _:
                return Reach.UNKNOWN

    def _reach_of_items(self, items: tuple[Value, ...], complete: bool) -> Reach:
        reaches = {self.reach(each) for each in items}
        if Reach.ACCEPTED in reaches:
            return Reach.ACCEPTED
        if Reach.UNKNOWN in reaches or not complete:
            return Reach.UNKNOWN
        return Reach.OTHER if Reach.OTHER in reaches else Reach.NOBODY

    def _reach_of_instance(self, instance: Instance, made: ClassOf) -> Reach:
        methods = [self.evaluator.attribute(instance, name) for name in _NOTIFIER_METHODS]
        reaches = {self.reach(method) for method in methods if isinstance(method, (FunctionOf, Symbol))}
        bases = [base.name for base in self.evaluator.bases(made) if isinstance(base, Symbol)]
        reaches |= {Reach.ACCEPTED for name in bases if self._is_accepted(name)}
        return Reach.ACCEPTED if Reach.ACCEPTED in reaches else _agreed(reaches)

    def _reach_of_function(self, function: FunctionOf) -> Reach:
        key = id(function.node)
        if key not in self._reached:
            self._reached[key] = Reach.OTHER
            self._reached[key] = self._reach_of_body(function)
        return self._reached[key]

    def _reach_of_body(self, function: FunctionOf) -> Reach:
        node, file = function.node, function.place.file
        frame: dict[str, Value] = {each.name: DATA for each in node.parameters}
        if function.receiver is not None and node.parameters:
            frame[node.parameters[0].name] = function.receiver
        frame = {**frame, **_captured(function)}
        frames = {**function.place.frames, id(node.scope): frame}
        reaches: set[Reach] = set()
        for site in file.module.calls:
            if _within(site.scope, node.scope):
                reaches.add(self._reach_of_call(site, Place(file, site.scope, frames)))
                if Reach.ACCEPTED in reaches:
                    return Reach.ACCEPTED
        return Reach.UNKNOWN if Reach.UNKNOWN in reaches else Reach.OTHER

    def _reach_of_call(self, site: syntax.CallSite, place: Place) -> Reach:
        callee = self.evaluator.evaluate(site.call.function, place)
        if self._speaks_to_slack(site.call, place):
            return Reach.ACCEPTED
        if isinstance(callee, ClassOf):
            return self._reach_of_constructor(callee)
        return Reach.OTHER if isinstance(callee, (Known, Table)) else self.reach(callee)

    def _reach_of_constructor(self, made: ClassOf) -> Reach:
        method = self.evaluator.attribute(Instance(made, None, made.place), "__init__")
        if isinstance(method, FunctionOf):
            return self._reach_of_function(method)
        outside = [base.name for base in self.evaluator.bases(made) if isinstance(base, Symbol)]
        return _agreed({self._reach_of_symbol(name) for name in outside} or {Reach.OTHER})

    def _speaks_to_slack(self, call: syntax.Call, place: Place) -> bool:
        """Whether a literal address of a Slack webhook is handed to a call, and Slack is accepted."""
        if not self._is_accepted("slack_sdk.webhook.WebhookClient"):
            return False
        values = (self.evaluator.evaluate(argument.value, place) for argument in call.arguments)
        return any(isinstance(each, Known) and _SLACK_ADDRESS.search(str(each.value)) for each in values)

    def _is_accepted(self, name: str) -> bool:
        return any(name == accepted or name.startswith(f"{accepted}.") for accepted in self.accepted)

    def _reach_of_symbol(self, name: str) -> Reach:
        if self._is_accepted(name):
            return Reach.ACCEPTED
        return Reach.OTHER if self._is_silent(name) else Reach.UNKNOWN

    def _is_silent(self, name: str) -> bool:
        """Whether a call of something outside of the repository is known not to reach a notifier."""
        verdict = _longest(name, self._packages)
        if verdict is not None:
            return verdict
        return "." not in name or name.partition(".")[0] in sys.stdlib_module_names

    @cached_property
    def _packages(self) -> dict[str, bool]:
        return _quiet_packages()


@cache
def _quiet_packages() -> dict[str, bool]:
    with (_TABLES / "quiet_packages.csv").open(encoding="utf-8", newline="") as table:
        packages = {row["prefix"]: row["quiet"] == "yes" for row in csv.DictReader(table)}
    with (_TABLES / "notifiers.csv").open(encoding="utf-8", newline="") as table:
        packages.update((row["name"], True) for row in csv.DictReader(table))
    return packages


def _longest(name: str, packages: dict[str, bool]) -> bool | None:
    """The verdict of the longest dotted prefix of `name` that the table holds."""
    while name:
        if name in packages:
            return packages[name]
        name = name.rpartition(".")[0]
    return None


def _captured(function: FunctionOf) -> dict[str, Value]:
    return dict(function.place.frames.get(id(function.node.scope), {}))


def _made_by(caller: Caller) -> Related:
    return Related(caller.file.region(caller.call.function), "this call makes the DAG")


def _worst(alerts: list[DagAlert]) -> DagAlert | None:
    """The alert of a factory that is called in several places: of those that agree with the worst, one."""
    for reach in (Reach.NOBODY, Reach.OTHER, Reach.UNKNOWN, Reach.ACCEPTED):
        same = [alert for alert in alerts if alert.dag_level is reach]
        if same:
            sites = tuple(site for alert in same[:_MOST_SITES] for site in alert.call_sites)
            return replace(same[0], call_sites=sites)
    return None


def _agreed(reaches: set[Reach]) -> Reach:
    return reaches.pop() if len(reaches) == 1 else Reach.UNKNOWN


def _is_nothing(value: Value) -> bool:
    return isinstance(value, Known) and not value.value


def _within(scope: syntax.Scope, outer: syntax.Scope) -> bool:
    inner: syntax.Scope | None = scope
    while inner is not None:
        if inner is outer:
            return True
        inner = inner.parent
    return False
