"""DagArguments: what each DAG of a file is given, as JSON, as far as it can be known without a run."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

from airwarden import syntax
from airwarden.alerts.callbacks import Alerts
from airwarden.dag import TASK_GROUP_DECORATORS, DagFile
from airwarden.findings import Region
from airwarden.interpreter.values import (
    Arguments,
    ClassOf,
    FunctionOf,
    Instance,
    Items,
    Known,
    Symbol,
    Table,
    Value,
    Written,
    may_be_absent,
)
from airwarden.loading import Loaded, MadeDag, MadeTask
from airwarden.partial_json import UNKNOWN, OpenList, OpenMap, Path, at, known
from airwarden.records import dataclass
from airwarden.repo import Repo
from airwarden.tracing import Answers, traced_property

_PARAMETERS = ("dag_id", "description", "schedule")
_FORMER_NAMES = {"schedule_interval": "schedule", "timetable": "schedule", "concurrency": "max_active_tasks"}
"""Arguments of Airflow 2 that Airflow 3 knows by another name."""

_ALWAYS: Mapping[str, type[Any]] = {"default_args": dict, "tags": list}
"""What a DAG that is given nothing has in every version of Airflow."""

_ASSET = "airflow.sdk.asset"
_LISTS = frozenset({"list", "tuple", "set"})
_SMALL_CLASSES = frozenset({"date", "datetime", "duration", "timedelta"})
_GROUPS = (
    *TASK_GROUP_DECORATORS,
    *("airflow.sdk.TaskGroup", "airflow.utils.task_group.TaskGroup", "airflow.models.taskgroup.TaskGroup"),
)
_SETTINGS = "airflow_local_settings.py"
_MOST_DEPTH = 8


@dataclass(frozen=True, eq=False)
class ResolvedDag:
    """A DAG with its arguments as Airflow gets them. `region` is the place that makes it.

    `arguments` is JSON, whose unknown parts are `UNKNOWN`: the keywords that the DAG is given, `default_args`
    and `tags` also where it is given none, and `tasks`, a list with `task_id`, `operator` and `arguments`
    each, those of `default_args` included.
    """

    id: str | None
    region: Region
    arguments: Mapping[str, Any] = field(repr=False)
    _places: Mapping[Path, Written] = field(repr=False)

    @property
    def title(self) -> str:
        """What names the DAG in a sentence."""
        return f"DAG {self.id!r}" if self.id else "this DAG"

    @property
    def subject(self) -> str:
        """What names the DAG in a fingerprint."""
        return f"dag {self.id}" if self.id else "dag"

    def get(self, path: str, default: Any = None) -> Any:
        """The value at a path, such as `default_args.retries`, without the parts of it that are not known;
        `default` where nothing is given or it is not known what.
        """
        try:
            found = at(self.arguments, _path(path))
        except LookupError:
            return default
        return default if found is UNKNOWN else known(found)

    def is_known(self, path: str) -> bool:
        """Whether it is known what stands at a path, or that nothing does."""
        try:
            return at(self.arguments, _path(path)) is not UNKNOWN
        except LookupError:
            return True

    def region_of(self, path: str | Path) -> Region:
        """Where the value at a path is written, or what is around it, where that is in the DAG's own file;
        else the place that makes the DAG.
        """
        parts = _path(path) if isinstance(path, str) else path
        for end in range(len(parts), 0, -1):
            written = self._places.get(parts[:end])
            if written is not None and written[0].path == self.region.path:
                return written[0].region(written[1])
        return self.region

    def written(self, path: str | Path) -> Region | None:
        """Where the value at a path is written, in whichever file; None where it stands in no code."""
        parts = _path(path) if isinstance(path, str) else path
        found = self._places.get(parts)
        return None if found is None else found[0].region(found[1])


class DagArguments:
    """The DAGs of each file of one repository, with their arguments."""

    def __init__(self, repo: Repo) -> None:
        self._repo = repo
        self.tracer = repo.tracer
        self._alerts = repo.analysis(Alerts)
        self._found: Answers[str, tuple[ResolvedDag, ...]] = Answers(repo.tracer)

    def of(self, file: DagFile) -> tuple[ResolvedDag, ...]:
        """The DAGs of a file, each as often as it is made; none where Airflow ignores the file."""
        return self._found.get(file.path, lambda: tuple(self._of(file)))

    def _of(self, file: DagFile) -> Iterator[ResolvedDag]:
        if self._repo.is_airflow_ignored(file.path):
            return
        subdags = {id(dag.anchor) for dag in file.dags if file.is_subdag(dag)}
        for loaded in self._alerts.loads(file):
            made = [each for each in loaded.dags if each.file is file and not _is_asset(each)]
            with self._alerts.memory.applied(loaded.changes):
                for each in made:
                    if id(each.node) not in subdags:
                        yield self._resolved(each, loaded)

    def _resolved(self, made: MadeDag, loaded: Loaded) -> ResolvedDag:
        region = made.file.region(made.node)
        if loaded.is_lost:
            return ResolvedDag(made.id, region, OpenMap(), {})
        notes = _Notes()
        with self._alerts.registered(made, loaded):
            arguments = notes.of_dag(made)
            tasks = self._tasks(made, arguments["default_args"], notes)
        arguments["tasks"] = tasks
        return ResolvedDag(made.id, region, arguments, notes.places)

    def _tasks(self, made: MadeDag, defaults: Any, notes: _Notes) -> Any:
        if self._has_task_policy:
            return UNKNOWN
        found = OpenList()
        for task in made.tasks:
            given = UNKNOWN if _has_group_defaults(task.file) else defaults
            found.append(notes.of_task(task, given, ("tasks", len(found))))
        return found

    @traced_property
    def _has_task_policy(self) -> bool:
        """Whether a policy of the whole installation may change what tasks are given."""
        files = map(self._repo.readable_dag_file, self._repo.files_ending(_SETTINGS))
        return any(file is None or "task" in file.source.text for file in files)


class _Notes:
    """Values as JSON, and where each of them is written."""

    def __init__(self) -> None:
        self.places: dict[Path, Written] = {}

    def of_dag(self, made: MadeDag) -> dict[str, Any]:
        """The arguments of a DAG, `default_args` and `tags` always among them."""
        found = self.of_call(made.arguments, (), _PARAMETERS)
        for each in made.reassigned:
            value = made.instance.content.get(each.name)
            found[each.name] = UNKNOWN if value is None else self.json(value, (each.name,))
            self.places[(each.name,)] = each.written
        for former, name in _FORMER_NAMES.items():
            if former in found and name not in found:
                found[name] = found[former]
                self._copy((former,), (name,))
        for name, kind in _ALWAYS.items():
            kept = made.instance.content.get(name)
            if kept is not None:
                found[name] = self.json(kept, (name,))
            if found.get(name) is None:
                found[name] = UNKNOWN if name not in found and isinstance(found, OpenMap) else kind()
        found["dag_id"] = UNKNOWN if made.id is None else made.id
        return found

    def of_task(self, task: MadeTask, defaults: Any, path: Path) -> dict[str, Any]:
        """A task: its id, its operator, and its arguments over those that it gets by default."""
        inner = (*path, "arguments")
        is_partial = task.name.endswith(".partial")
        given: dict[str, Any] = self.of_call(task.arguments, inner, ("task_id",))
        own = given.get("default_args", {})
        found: dict[str, Any] = {}
        for each, origin in ((defaults, ("default_args",)), (own, (*inner, "default_args"))):
            if isinstance(each, dict):
                found.update(each)
                for name in each:
                    self._copy((*origin, name), (*inner, name), is_new=name not in given)
        is_open = any(not isinstance(each, dict) or isinstance(each, OpenMap) for each in (defaults, own))
        found.update(given)
        if is_open or is_partial or isinstance(given, OpenMap):
            found = OpenMap(found)
        self.places[path] = task.file, task.node
        operator = "@task" if task.name == "task" else task.name.removesuffix(".partial")
        name = found.get("task_id", UNKNOWN)
        return {"task_id": name, "operator": operator, "arguments": found}

    def of_call(self, arguments: Arguments, path: Path, names: Sequence[str] = ()) -> dict[str, Any]:
        """The arguments of a call, by name; those without a name under their place."""
        given: list[tuple[int | str, str, Value]] = [
            (place, names[place] if place < len(names) else str(place), value)
            for place, value in enumerate(arguments.positional)
        ]
        given += [(name, name, value) for name, value in arguments.keywords.items()]
        found: dict[str, Any] = {}
        for key, name, value in given:
            if key in arguments.nodes:
                self.places[(*path, name)] = arguments.nodes[key]
            if not may_be_absent(value):
                found[name] = self.json(value, (*path, name))
        is_whole = arguments.complete and len(found) == len(given)
        return found if is_whole else OpenMap(found)

    def json(self, value: Value, path: Path) -> Any:
        """A value as JSON: an object as its class and arguments, a function by its name."""
        if len(path) > _MOST_DEPTH:
            return UNKNOWN
        match value:
            case Known(value=constant):
                return _constant(constant)
            case Items(kind=kind) if kind in _LISTS and not value.is_pending:
                return self._list(value.items, value.complete, path)
            case Table():
                return self._map(value, path)
            case FunctionOf(node=syntax.Function(name=function)):
                return {"function": function}
            case Instance(callee=callee) if (name := _class_name(callee)) is not None:
                return {"class": name, "arguments": self.of_call(value.arguments, (*path, "arguments"))}
            case _:
                return UNKNOWN

    def _list(self, items: Iterable[Value], is_complete: bool, path: Path) -> list[Any]:
        known = [each for each in items if not may_be_absent(each)]
        is_complete = is_complete and len(known) == sum(1 for _ in items)
        found = [self.json(each, (*path, place)) for place, each in enumerate(known)]
        return found if is_complete else OpenList(found)

    def _map(self, table: Table, path: Path) -> dict[str, Any]:
        entries = table.content
        found: dict[str, Any] = {}
        for key, value in entries.values.items():
            if not isinstance(key, str) or may_be_absent(value):
                continue
            if key in entries.nodes:
                self.places[(*path, key)] = entries.nodes[key]
            found[key] = self.json(value, (*path, key))
        return found if entries.complete and len(found) == len(entries.values) else OpenMap(found)

    def _copy(self, origin: Path, path: Path, *, is_new: bool = True) -> None:
        if is_new and origin in self.places:
            self.places[path] = self.places[origin]


def _path(dotted: str) -> Path:
    return tuple(int(part) if part.isdecimal() and len(part) < 10 else part for part in dotted.split("."))


def _constant(value: object) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else UNKNOWN
    return value if value is None or isinstance(value, (bool, int, str)) else UNKNOWN


def _class_name(callee: Symbol | ClassOf) -> str | None:
    """The name of a class whose objects are surely no plain values; None for whatever may give one."""
    if isinstance(callee, ClassOf):
        return callee.name if callee.form == "plain" and not callee.outside_bases else None
    last = callee.name.rpartition(".")[2]
    return callee.name if last[:1].isupper() or last in _SMALL_CLASSES else None


def _is_asset(made: MadeDag) -> bool:
    callee = made.instance.callee
    return isinstance(callee, Symbol) and callee.name == _ASSET


def _has_group_defaults(file: DagFile) -> bool:
    """Whether a group of tasks in a file may give its tasks arguments."""
    return any(
        site.call.keyword("default_args") is not None
        and not set(_GROUPS).isdisjoint(file.names(site.call.function, site.scope))
        for site in file.module.calls
    )
