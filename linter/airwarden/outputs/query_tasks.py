"""QueryTasks: tasks of which it is known that they push all rows of a query."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path, PurePosixPath

from airwarden import syntax
from airwarden.alerts.callbacks import Alerts
from airwarden.bulk.definitions import Definitions
from airwarden.bulk.queries import FEW, written
from airwarden.dag import DagFile
from airwarden.findings import Region
from airwarden.interpreter.values import ABSENT, Items, Known, Symbol, Table, Value, text_of
from airwarden.loading import Loaded, MadeDag, MadeTask
from airwarden.outputs.statements import gives_all_rows, statements
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.repo import Repo
from airwarden.source import Unreadable
from airwarden.tracing import traced_property

_TABLE = Path(__file__).parent.parent / "tables" / "query_operators.csv"
_HANDLER = "fetch_all_handler"
_HOOKS = frozenset(
    {"execute", "post_execute", "get_db_hook", "_process_output", "_should_run_output_processing"}
)
_SWITCH = "do_xcom_push"
_WANTED = ("output_processor", "post_execute", "returns_dag_result", "show_return_value_in_logs")
"""Arguments that do something with the rows."""
_PARTIAL = ".partial"
_CLASS = regex(rb"^[ \t]*class[ \t]+(\w+)[ \t]*\(([^)]*)\)", re.MULTILINE)
_WORD = regex(r"\w+")


@dataclass(frozen=True)
class _Operator:
    """A class of operators that push what they fetch: the argument that holds the query, none where it has
    none, the argument that asks for the rows, and the Airflow since which its provider pushes them.
    """

    argument: str
    asked_by: str
    airflow: tuple[int, int] | None


@dataclass(frozen=True, eq=False)
class QueryTask:
    """A task that pushes all rows of a query: its id where it is known, and the name that is called there.

    `files` are those that take part in making it. `query` is where the query stands if in a file of its own.
    `is_direct` where the operator itself is called, and no subclass of the repository. `is_alone` where every
    task that is made there is such a one.
    """

    id: str | None
    node: syntax.Node
    files: tuple[DagFile, ...]
    operator: str
    query: Region | None
    is_direct: bool
    is_alone: bool = True


class QueryTasks:
    """Such tasks, for each file of one repository."""

    def __init__(self, repo: Repo) -> None:
        self._repo = repo
        self.tracer = repo.tracer
        self._loader = repo.analysis(Alerts)
        self._definitions = Definitions(repo)

    def of(self, file: DagFile) -> list[QueryTask]:
        """The tasks that are made in a file, each as often as it is made."""
        if not any(name in file.source.text for name in self._class_names) or self._has_policy:
            return []
        tasks = [each for loaded in self._loader.loads(file) for each in self._made(loaded, file)]
        found = [query for _, query in tasks if query is not None]
        others = {id(task.node) for task, query in tasks if query is None}
        return [replace(each, is_alone=id(each.node) not in others) for each in found]

    def _made(self, loaded: Loaded, file: DagFile) -> Iterator[tuple[MadeTask, QueryTask | None]]:
        with self._loader.memory.applied(loaded.changes):
            for made in loaded.dags:
                for task in made.tasks if made.is_called else ():
                    if task.file is file:
                        yield task, next(self._judged(task, made), None)

    def _judged(self, task: MadeTask, dag: MadeDag) -> Iterator[QueryTask]:
        name = task.name.removesuffix(_PARTIAL)
        operator = _operators().get(name)
        if operator is None or not task.arguments.complete or not self._pushes(task, dag, operator):
            return
        is_direct = self._is_direct(task, name)
        if not is_direct and not self._is_plain_subclass(task):
            return
        query = _Query(self._repo, task, dag)
        if operator.argument and not query.gives_all_rows(_given(task, dag, operator.argument)):
            return
        files = {each.path: each for each in (task.file, dag.file, *(file for file, _ in dag.calls))}
        entry = self._repo.readable_dag_file(dag.entry)
        files |= {} if entry is None else {entry.path: entry}
        task_id = text_of(task.arguments.keywords.get("task_id"))
        yield QueryTask(task_id, task.node, tuple(files.values()), name, query.region, is_direct)

    def _pushes(self, task: MadeTask, dag: MadeDag, operator: _Operator) -> bool:
        """Whether it is known to push what it fetches, and to fetch all rows."""
        oldest = self._repo.dependencies.oldest_airflow
        if operator.airflow is not None and oldest is not None and oldest < operator.airflow:
            return False
        if not _is_complete(dag) or _switches(task.file) or _switches(dag.file):
            return False
        if not _is_left(_given(task, dag, _SWITCH), True) or not _is_asked(task, dag, operator.asked_by):
            return False
        if any(_is_set(_given(task, dag, name)) for name in _WANTED):
            return False
        handler = _given(task, dag, "handler")
        return handler is ABSENT or (isinstance(handler, Symbol) and handler.name.endswith(_HANDLER))

    @traced_property
    def _class_names(self) -> frozenset[str]:
        """The last names of the operators, and those of what may be their subclasses."""
        classes = [
            (found[1].decode(), set(_WORD.findall(found[2].decode("utf-8", "replace"))))
            for path in self._repo.files_with(_CLASS, ".py")
            if self._repo.is_dag_file(path)
            for found in _CLASS.finditer(self._repo.data(path))
        ]
        names = {name.rpartition(".")[2] for name in _operators()}
        more = names
        while more:
            more = {name for name, bases in classes if not bases.isdisjoint(names)} - names
            names |= more
        return frozenset(names)

    @traced_property
    def _has_policy(self) -> bool:
        """Whether a policy of the whole installation changes what tasks push."""
        policies = self._repo.files_ending("airflow_local_settings.py")
        files = map(self._repo.readable_dag_file, policies)
        return any(file is None or _SWITCH in file.source.text for file in files)

    # Subclasses

    def _is_direct(self, task: MadeTask, name: str) -> bool:
        scope = _site(task).scope
        called = task.node
        if isinstance(called, syntax.Attribute) and called.name == "partial":
            called = called.value
        return isinstance(called, syntax.Expression) and name in task.file.names(called, scope)

    def _is_plain_subclass(self, task: MadeTask) -> bool:
        """Whether a class of the repository is called that leaves to its base what is run and pushed."""
        if not isinstance(task.node, syntax.Name):
            return False
        found = self._definitions.name(task.node.id, task.file, _site(task).scope).definition
        if found is None or not isinstance(found.node, syntax.Class):
            return False
        ours = ((each.node, each.file) for each in self._definitions.lineage(found))
        return not any(
            isinstance(node, syntax.Class)
            and (not _HOOKS.isdisjoint(node.scope.bindings) or file is None or _switches(file))
            for node, file in ours
        )


class _Query:
    """What one task asks its database."""

    def __init__(self, repo: Repo, task: MadeTask, dag: MadeDag) -> None:
        self._repo = repo
        self._task = task
        self._dag = dag
        self.region: Region | None = None

    def gives_all_rows(self, given: Value) -> bool:
        """Whether what the operator fetches of it is known to be all rows of a query.

        Of a text with several statements, the last one gives the rows, unless each is asked for its own. A
        list gives those of every statement.
        """
        if isinstance(given, Items):
            return any(self._any_row(text_of(item), is_last=True) for item in given.items)
        splits, last = (_given(self._task, self._dag, name) for name in ("split_statements", "return_last"))
        is_last = not (_is_set(splits) and not _is_left(last, True))
        return self._any_row(text_of(given) or self._written(), is_last)

    def _any_row(self, text: str | None, is_last: bool) -> bool:
        if text is not None and text.endswith(".sql") and " " not in text:
            text = self._of_file(text)
        asked = statements(text or "")
        return any(gives_all_rows(each) for each in (asked[-1:] if is_last else asked))

    def _written(self) -> str | None:
        """The text as it is written, as far as it is known."""
        place = self._task.arguments.nodes.get("sql")
        if place is None or place[0] is not self._task.file or not isinstance(place[1], syntax.Expression):
            return None
        return written(place[1], place[0], _site(self._task).scope)

    def _of_file(self, name: str) -> str | None:
        """The text of a template beside the DAG's file, or of the only one that a search path can mean."""
        path = self._path(name)
        if path is None:
            return None
        try:
            source = self._repo.source(path)
        except Unreadable:
            return None
        self.region = Region(path, 1, 1, 1, 1)
        return source.text

    def _path(self, name: str) -> str | None:
        tail = PurePosixPath(name)
        if tail.is_absolute() or ".." in tail.parts or "{" in name:
            return None
        beside = (PurePosixPath(self._dag.file.path).parent / tail).as_posix()
        files = self._repo.files_ending(tail.name)
        if beside in files:
            return beside
        found = [each for each in files if f"/{each}".endswith(f"/{tail.as_posix()}")]
        is_searched = _is_set(self._dag.argument("template_searchpath"))
        return found[0] if len(found) == 1 and is_searched else None


@cache
def _operators() -> Mapping[str, _Operator]:
    found: dict[str, _Operator] = {}
    with _TABLE.open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            major, _, minor = row["airflow"].partition(".")
            since = (int(major), int(minor)) if major else None
            found[row["operator"]] = _Operator(row["argument"], row["asked_by"], since)
    return found


def _given(task: MadeTask, dag: MadeDag, name: str) -> Value:
    """What a task is given for an argument, by itself or by default; `ABSENT` where by nobody."""
    if name in task.arguments.keywords:
        return task.arguments.keywords[name]
    for defaults in (task.arguments.keywords.get("default_args"), _defaults(dag)):
        if isinstance(defaults, Table) and name in defaults.content.values:
            return defaults.content.values[name]
    return ABSENT


def _defaults(dag: MadeDag) -> Value | None:
    return dag.instance.content.get("default_args")


def _is_complete(dag: MadeDag) -> bool:
    """Whether all is known of the default arguments of a DAG."""
    defaults = _defaults(dag)
    if defaults is None:
        return dag.arguments.complete
    return isinstance(defaults, Table) and defaults.content.complete


def _is_left(value: Value, default: bool) -> bool:
    """Whether a switch is known to be as it is by default."""
    return value is ABSENT or (isinstance(value, Known) and value.value is default)


def _is_set(value: Value) -> bool:
    """Whether an argument may be given anything that counts."""
    return value is not ABSENT and not (isinstance(value, Known) and not value.value)


def _is_asked(task: MadeTask, dag: MadeDag, asked_by: str) -> bool:
    """Whether an argument, if there has to be one, asks for all rows, or for more than a few."""
    if not asked_by:
        return True
    value = _given(task, dag, asked_by)
    asked = value.value if isinstance(value, Known) else None
    return asked is True or (isinstance(asked, int) and asked > FEW)


def _switches(file: DagFile) -> bool:
    """Whether a file sets the switch in a way that no argument of a task tells: of a group, of an object."""
    changes = (change.target for change in file.module.item_assignments)
    if any(isinstance(target, syntax.Attribute) and target.name == _SWITCH for target in changes):
        return True
    return any(text.value == _SWITCH for text in file.module.texts)


def _site(task: MadeTask) -> syntax.CallSite:
    return next(site for site in task.file.module.calls if site.call.function is task.node)
