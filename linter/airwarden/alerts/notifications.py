"""Notifications: what Airflow calls when DAGs and tasks end, and each notifier among it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from airwarden import syntax
from airwarden.alerts.callbacks import Alerts, Reach
from airwarden.alerts.context import NEVER, Context, context_names
from airwarden.alerts.notifiers import (
    FAILURE,
    SUCCESS,
    Callback,
    Level,
    Notifier,
    Use,
    is_filled_in,
    is_notifier_class,
    notifier_names,
    notifier_of,
    positions,
    texts_of,
)
from airwarden.alerts.sameness import has_same_address, is_same
from airwarden.alerts.templates import is_template
from airwarden.dag import DagFile
from airwarden.interpreter.values import (
    ABSENT,
    ClassOf,
    FunctionOf,
    Instance,
    Items,
    Known,
    Symbol,
    Table,
    Unknown,
    Value,
    Written,
    alternatives,
    text_of,
)
from airwarden.loading import Loaded, MadeDag, MadeTask
from airwarden.patterns import regex
from airwarden.repo import Repo
from airwarden.tracing import Answers

_DAG_EVENTS = (FAILURE, SUCCESS)
_TASK_EVENTS = (*_DAG_EVENTS, "on_retry_callback", "on_execute_callback", "on_skipped_callback")
_MAY_NOTIFY = regex(r"notif|slack", re.IGNORECASE)
_MAY_CALL_BACK = regex(r"_callback\b")
_WORD = regex(rb"\w+")
_IMPORT = regex(rb"^[ \t]*(?:from|import)\b[^\n(]*(?:\([^)]*)?", re.MULTILINE)
_BARE = ("3.0.0", "3.0.1", "3.0.2", "3.0.3")
_LATER = (*(f"3.0.{patch}" for patch in range(4, 10)), *(f"3.{minor}.0" for minor in range(1, 20)))
_MOST_FILES = 100
_MOST_HOPS = 3
_OWN_WAYS = ("__call__", "_render", "render_template_fields")
"""Methods by which a class may treat its templates in a way of its own."""

_STRICT = "jinja2.StrictUndefined"


class Notifications:
    """The callbacks of the DAGs and tasks of one repository, and the notifiers among them."""

    def __init__(self, repo: Repo) -> None:
        self.repo = repo
        self.alerts = repo.analysis(Alerts)
        self._made: Answers[str, tuple[Notifier, ...]] = Answers(repo.tracer)
        self._callbacks: Answers[str, tuple[Callback, ...]] = Answers(repo.tracer)
        self._reached: Answers[tuple[str, int], Reach] = Answers(repo.tracer)
        self._imports: dict[str, frozenset[bytes]] = {}

    def made_in(self, file: DagFile) -> tuple[Notifier, ...]:
        """The notifiers that a file makes and that a callback anywhere in the repository uses."""
        if not _MAY_NOTIFY.search(file.source.text):
            return ()
        return self._made.get(file.path, lambda: tuple(self._gather(file)))

    def written_in(self, file: DagFile) -> tuple[Callback, ...]:
        """The callbacks that are written in a file, of whatever DAG of the repository."""
        if not _MAY_CALL_BACK.search(file.source.text):
            return ()
        users = self._users(file)
        return tuple(each for user in users for each in self.callbacks(user) if each.written[0] is file)

    def callbacks(self, file: DagFile) -> tuple[Callback, ...]:
        """Every callback of the DAGs and tasks that loading a file makes."""
        return self._callbacks.get(file.path, lambda: self._called_back(file))

    def _called_back(self, file: DagFile) -> tuple[Callback, ...]:
        loaded = self.alerts.load(file)
        with self.alerts.memory.applied(loaded.changes):
            return tuple(self._of(loaded))

    def uses(self, file: DagFile) -> tuple[Use, ...]:
        """Every use of a notifier by the DAGs and tasks that loading a file makes."""
        return tuple(each for each in self.callbacks(file) if isinstance(each, Use))

    def of_dag(self, dag: MadeDag) -> tuple[Callback, ...]:
        """Every callback of a DAG and of its tasks."""
        entry = self.repo.readable_dag_file(dag.entry)
        return () if entry is None else tuple(each for each in self.callbacks(entry) if each.dag is dag)

    # What is known where a callback runs

    def context(self, use: Callback) -> Context:
        """What is known of a task instance where a DAG's own callback runs, as Airflow's version tells."""
        dependencies = self.repo.dependencies
        if dependencies.series == {"2"}:
            return Context.ALWAYS
        files = (use.dag.file, use.written[0])
        if dependencies.series != {"3"} and not any(_needs_sdk(file) for file in files):
            return Context.UNKNOWN
        is_bare = dependencies.airflow_allows(_BARE) and not dependencies.airflow_allows(_LATER)
        return Context.NEVER if is_bare else Context.SOMETIMES

    def uncertain_names(self, use: Use) -> Mapping[str, str]:
        """The names that a template may find undefined in a DAG's own failure callback, with what each needs.

        None are where the DAG itself may say what becomes of undefined names.
        """
        macros = _macros(use.dag)
        if macros is None or not _is_strict(use.dag):
            return {}
        has_task = self.context(use) in (Context.ALWAYS, Context.UNKNOWN)
        return {
            name: need
            for name, need in context_names().items()
            if name not in macros and name not in use.renders and (need == NEVER or not has_task)
        }

    # What is the same

    def sharing(self, notifier: Notifier) -> list[Use]:
        """The callbacks that share one instance of a notifier, where one of them is a DAG's own.

        Airflow 2 copies `default_args` deeply, and the notifiers in it too.
        """
        copies = self.repo.dependencies.series == {"2"}
        shared = [use for use in notifier.shared if not (copies and use.level == "default_args")]
        return shared if len(shared) > 1 and any(use.level == "dag" for use in shared) else []

    def is_same_alert(self, one: Callback, other: Callback) -> bool:
        """Whether two callbacks are known to send the same alert to the same place."""
        if isinstance(one, Use) and isinstance(other, Use):
            return one.instance is other.instance or has_same_address(one.instance, other.instance)
        return is_same(one.value, other.value) and self.reach(one) is Reach.ACCEPTED

    def reach(self, callback: Callback) -> Reach:
        """Where the message of a callback goes."""
        return self._reached.get((callback.entry, id(callback.value)), lambda: self._reach(callback))

    def _reach(self, callback: Callback) -> Reach:
        entry = self.repo.readable_dag_file(callback.entry)
        if entry is None:
            return Reach.UNKNOWN
        return self.alerts.reach_in(self.alerts.load(entry), callback.value)

    # Gathering

    def _gather(self, file: DagFile) -> list[Notifier]:
        found: dict[int, Notifier] = {}
        for user in self._users(file):
            for use in self.uses(user):
                call = use.instance.call
                if call is not None and use.instance.file is file:
                    made = found.setdefault(id(call), notifier_of(use.instance, call, file))
                    made.uses.append(use)
        return sorted(found.values(), key=lambda notifier: notifier.region)

    def _users(self, file: DagFile) -> list[DagFile]:
        """The file itself, and the files that may import from it, one from the other."""
        found, stems = {file.path: file}, {_stem(file.path)}
        for _ in range(_MOST_HOPS):
            paths = {path for stem in stems for path in self._importers(stem)} - found.keys()
            more = [each for path in sorted(paths) if (each := self.repo.readable_dag_file(path))]
            found.update((each.path, each) for each in more)
            stems = {_stem(each.path) for each in more}
            if not more or len(found) > _MOST_FILES:
                break
        return list(found.values())[:_MOST_FILES]

    def _importers(self, stem: str) -> list[str]:
        """The files that have a word in an import."""
        word = stem.encode()
        return [path for path in self.repo.dag_files_with(stem) if word in self._imported_words(path)]

    def _imported_words(self, path: str) -> frozenset[bytes]:
        if path not in self._imports:
            statements = (found[0] for found in _IMPORT.finditer(self.repo.data(path)))
            self._imports[path] = frozenset(word for each in statements for word in _WORD.findall(each))
        return self._imports[path]

    def _of(self, loaded: Loaded) -> Iterator[Callback]:
        for dag in loaded.dags:
            for event in _DAG_EVENTS:
                value, written = _own_callback(dag, event), dag.written(event)
                yield from self._each("dag", event, dag, None, value, written)
            for defaults in alternatives(dag.instance.content.get("default_args", ABSENT)):
                if isinstance(defaults, Table):
                    for event in _TASK_EVENTS:
                        value, written = defaults.content.values.get(event), defaults.content.nodes.get(event)
                        yield from self._each("default_args", event, dag, None, value, written)
            for task in dag.tasks:
                for event in _TASK_EVENTS:
                    value, written = task.arguments.keywords.get(event), task.arguments.nodes.get(event)
                    yield from self._each("task", event, dag, task, value, written)

    def _each(
        self,
        level: Level,
        event: str,
        dag: MadeDag,
        task: MadeTask | None,
        value: Value | None,
        written: Written | None,
    ) -> Iterator[Callback]:
        if value is None or written is None:
            return
        for each, place in _listed(value, written, level == "dag"):
            if isinstance(each, Instance) and self._is_notifier(each):
                rendered = dict(self._rendered(each))
                texts = tuple(text for name in rendered for text in texts_of(name, *rendered[name]))
                is_changed = any(is_template(text.text) for text in texts) or is_filled_in(each, rendered)
                yield Use(level, event, dag, task, each, place, each, tuple(rendered), texts, is_changed)
            elif not isinstance(each, (Known, Unknown)) and each is not ABSENT:
                yield Callback(level, event, dag, task, each, place)

    def _is_notifier(self, instance: Instance) -> bool:
        made = instance.callee
        if isinstance(made, Symbol):
            return made.name in notifier_names()
        return any(is_notifier_class(base.name) for base in made.outside_bases)

    def _rendered(self, instance: Instance) -> Iterator[tuple[str, tuple[Value, Written | None]]]:
        """The fields that a notifier renders, with what each holds and where that is written."""
        arguments, made = instance.arguments, instance.callee
        if isinstance(made, ClassOf):
            if any(isinstance(self.alerts.class_attribute(made, each), FunctionOf) for each in _OWN_WAYS):
                return
            names = self._own_fields(instance, made)
            is_plain = not isinstance(self.alerts.class_attribute(made, "__init__"), FunctionOf)
        else:
            names, is_plain = positions(made.name), True
        for name, position in names.items():
            given = arguments.get(position, name) if is_plain else None
            written = arguments.nodes.get(name) or arguments.nodes.get(position)
            yield name, (instance.content.get(name, given or ABSENT), written)

    def _own_fields(self, instance: Instance, made: ClassOf) -> Mapping[str, int]:
        """The fields of a class of the repository, with the position of each among the arguments."""
        listed = self.alerts.attribute(instance, "template_fields")
        if isinstance(listed, Items):
            return {name: -1 for item in listed.items if (name := text_of(item)) is not None}
        known = [base.name for base in made.outside_bases if base.name in notifier_names()]
        return positions(known[0]) if known else {}


# How callbacks are given


def _own_callback(dag: MadeDag, event: str) -> Value | None:
    """What Airflow calls for a DAG itself: nothing where it had nothing when it was made."""
    given = dag.argument(event)
    return None if isinstance(given, Known) else dag.instance.content.get(event, given)


def _listed(value: Value, written: Written, needs_list: bool) -> Iterator[tuple[Value, Written]]:
    """Each callback of a list of them, or the one that a value is, with where it is written.

    A DAG's own callbacks are a list or one: Airflow calls any other collection itself.
    """
    for each in alternatives(value):
        if not isinstance(each, Items):
            yield each, written
        elif each.kind == "list" or not needs_list:
            for item, place in zip(each.items, _places(each, written), strict=True):
                yield from ((one, place) for one in alternatives(item))


def _places(items: Items, written: Written) -> Sequence[Written]:
    """Where each of several items is written: in the display, where there is one."""
    file, node = written
    display = node.items if isinstance(node, syntax.Sequence) else ()
    if len(display) != len(items.items) or any(isinstance(each, syntax.Starred) for each in display):
        return [written] * len(items.items)
    return [(file, each) for each in display]


def _macros(dag: MadeDag) -> frozenset[str] | None:
    """The names that a DAG adds to all templates; None where they are not known."""
    macros = dag.argument("user_defined_macros")
    if isinstance(macros, Table) and macros.content.complete:
        return frozenset(map(str, macros.content.values))
    return frozenset() if isinstance(macros, Known) else None


def _is_strict(dag: MadeDag) -> bool:
    """Whether an undefined name is known to break a template of a DAG."""
    undefined, options = dag.argument("template_undefined"), dag.argument("jinja_environment_kwargs")
    is_usual = isinstance(undefined, Known) or (isinstance(undefined, Symbol) and undefined.name == _STRICT)
    return is_usual and isinstance(options, Known)


# Facts


def _needs_sdk(file: DagFile) -> bool:
    """Whether a file can't be loaded but on Airflow 3."""
    names = (
        name
        for statement in file.module.imports
        if not statement.guarded and not statement.typing_only
        for name in statement.names
    )
    return any(f"{name.module}.".startswith("airflow.sdk.") for name in names)


def _stem(path: str) -> str:
    pure = PurePosixPath(path)
    return pure.parent.name if pure.name == "__init__.py" else pure.stem
