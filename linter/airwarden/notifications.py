"""Notifications: each notifier that the repository makes, and every callback that uses it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Literal, TypeAlias

from airwarden import syntax
from airwarden.callbacks import Alerts
from airwarden.dag import DagFile
from airwarden.findings import Region, Related
from airwarden.interpreter.values import (
    Arguments,
    ClassOf,
    Instance,
    Items,
    Symbol,
    Table,
    Value,
    Written,
    alternatives,
    text_of,
)
from airwarden.loading import Loaded, MadeDag, MadeTask
from airwarden.repo import Repo

Level: TypeAlias = Literal["dag", "default_args", "task"]

_TABLES = Path(__file__).parent / "tables"
_FAILURE = "on_failure_callback"
_DAG_EVENTS = (_FAILURE, "on_success_callback")
_TASK_EVENTS = (*_DAG_EVENTS, "on_retry_callback", "on_execute_callback", "on_skipped_callback")
_MAY_NOTIFY = re.compile(r"notif|slack", re.IGNORECASE)
_BARE = ("3.0.0", "3.0.1", "3.0.2", "3.0.3")
_LATER = (*(f"3.0.{patch}" for patch in range(4, 10)), *(f"3.{minor}.0" for minor in range(1, 20)))
_MOST_FILES = 100
_MOST_HOPS = 3
_BASES = frozenset(
    {
        "airflow.notifications.basenotifier.BaseNotifier",
        "airflow.providers.common.compat.notifier.BaseNotifier",
        "airflow.sdk.BaseNotifier",
        "airflow.sdk.bases.notifier.BaseNotifier",
    }
)

SLACK_API_NOTIFIERS = frozenset(
    f"airflow.providers.slack.notifications.{name}"
    for name in (
        "slack.SlackNotifier",
        "slack.send_slack_notification",
        "slack_notifier.SlackNotifier",
        "slack_notifier.send_slack_notification",
    )
)
"""Slack's notifier that posts as a bot, to a channel of its own choice."""

SLACK_WEBHOOK_NOTIFIERS = frozenset(
    f"airflow.providers.slack.notifications.slack_webhook.{name}"
    for name in ("SlackWebhookNotifier", "send_slack_webhook_notification")
)
"""Slack's notifier that posts to the one channel of a webhook."""


class Context(Enum):
    """What a DAG's own failure callback gets to know of a task instance."""

    ALWAYS = "one of the run, always: Airflow 2"
    SOMETIMES = "the last failed one, where there is one: Airflow 3.0.4 and later"
    NEVER = "none: Airflow 3.0.0 to 3.0.3"
    UNKNOWN = "unknown"


@dataclass(frozen=True, eq=False)
class Use:
    """One callback that calls a notifier: of which DAG, at which level, for which event, and where written.

    `instance` is the notifier as Airflow gets it while it loads `entry`: uses of one instance in one entry share
    it.
    """

    level: Level
    event: str
    dag: MadeDag
    task: MadeTask | None
    instance: Instance
    written: Written

    @property
    def entry(self) -> str:
        """The file that Airflow loads."""
        return self.dag.entry

    @property
    def is_dag_failure(self) -> bool:
        """Whether it is what a DAG itself does when its run fails."""
        return self.level == "dag" and self.event == _FAILURE

    @property
    def region(self) -> Region:
        """Where the callback is written."""
        return self.written[0].region(self.written[1])

    @property
    def related(self) -> Related:
        """Where it is used, in words."""
        name = f"DAG {self.dag.id!r}" if self.dag.id else "a DAG"
        where = {"dag": name, "default_args": f"every task of {name}", "task": f"a task of {name}"}[
            self.level
        ]
        return Related(self.region, f"{self.event} of {where}")


@dataclass(frozen=True, eq=False)
class Template:
    """A text that a notifier renders for each message: in which field, and where it stands.

    `literal` where the text stands there itself and not under a name; `is_whole` where all of it is known.
    """

    field: str
    text: str
    region: Region
    literal: bool
    is_whole: bool


@dataclass(frozen=True, eq=False)
class Notifier:
    """One place at which a notifier is made: its class by full name, and the callbacks that use it.

    `is_own` for a class of the repository.
    """

    name: str
    call: syntax.Call
    file: DagFile
    is_own: bool
    uses: list[Use] = field(default_factory=list)

    @property
    def region(self) -> Region:
        """Where its class is named."""
        return self.file.region(self.call.function)

    @property
    def short_name(self) -> str:
        """The last part of its name."""
        return self.name.rpartition(".")[2]

    @property
    def of_failed_dags(self) -> list[Use]:
        """The uses by a DAG's own `on_failure_callback`."""
        return [use for use in self.uses if use.is_dag_failure]

    @property
    def arguments(self) -> Arguments:
        """What it is made with, as its first use has it."""
        return self.uses[0].instance.arguments

    def argument_region(self, name: str) -> Region:
        """Where an argument is written; where the class is named, if that is in another file."""
        written = self.arguments.nodes.get(name)
        return self.region if written is None or written[0] is not self.file else self.file.region(written[1])

    def templates(self) -> Iterator[Template]:
        """The texts that it renders, as far as they are known, each once."""
        seen: set[tuple[str, str]] = set()
        for use in self.uses:
            for name in _fields().get(self.name, ()):
                value = use.instance.arguments.keywords.get(name)
                for text, is_whole in () if value is None else self._texts(name, value, use):
                    if (name, text) not in seen:
                        seen.add((name, text))
                        yield Template(
                            name, text, self.argument_region(name), self._is_literal(name), is_whole
                        )

    def _texts(self, name: str, value: Value, use: Use) -> Iterator[tuple[str, bool]]:
        found = list(_texts_in(value, 0))
        written = use.instance.arguments.nodes.get(name)
        if not found and written is not None and isinstance(written[1], syntax.FormattedString):
            parts = (part if isinstance(part, str) else "?" for part in written[1].parts)
            yield "".join(parts), False
        yield from ((text, True) for text in found)

    def _is_literal(self, name: str) -> bool:
        written = self.arguments.nodes.get(name)
        return written is not None and isinstance(written[1], (syntax.Constant, syntax.FormattedString))


class Notifications:
    """The notifiers of one repository, and the callbacks of its DAGs and tasks that use them."""

    def __init__(self, repo: Repo) -> None:
        self.repo = repo
        self.alerts = repo.analysis(Alerts)
        self._made: dict[str, tuple[Notifier, ...]] = {}
        self._uses: dict[str, tuple[Use, ...]] = {}

    def made_in(self, file: DagFile) -> tuple[Notifier, ...]:
        """The notifiers that a file makes and that a callback anywhere in the repository uses."""
        if file.path not in self._made:
            speaks = _MAY_NOTIFY.search(file.source.text)
            self._made[file.path] = tuple(self._gather(file)) if speaks else ()
        return self._made[file.path]

    def uses(self, file: DagFile) -> tuple[Use, ...]:
        """Every use of a notifier by the DAGs and tasks that loading a file makes."""
        if file.path not in self._uses:
            loaded = self.alerts.load(file)
            with self.alerts.memory.applied(loaded.changes):
                self._uses[file.path] = tuple(self._of(loaded))
        return self._uses[file.path]

    def context(self, use: Use) -> Context:
        """What is known of a task instance where a DAG's own callback runs, as Airflow's version tells."""
        dependencies = self.repo.dependencies
        if dependencies.series == {"2"}:
            return Context.ALWAYS
        if dependencies.airflow_allows(_BARE) and not dependencies.airflow_allows(_LATER):
            return Context.NEVER
        files = (use.dag.file, use.written[0])
        is_3 = dependencies.series == {"3"} or any(_names_sdk(file) for file in files)
        return Context.SOMETIMES if is_3 else Context.UNKNOWN

    # Gathering

    def _gather(self, file: DagFile) -> list[Notifier]:
        found: dict[int, Notifier] = {}
        for user in self._users(file):
            for use in self.uses(user):
                call = use.instance.call
                if call is not None and use.instance.file is file:
                    made = found.setdefault(id(call), _notifier(use.instance, call, file))
                    made.uses.append(use)
        return sorted(found.values(), key=lambda notifier: notifier.region)

    def _users(self, file: DagFile) -> list[DagFile]:
        """The file itself, and the files that may import from it, one from the other."""
        found, stems = [file], {PurePosixPath(file.path).stem}
        for _ in range(_MOST_HOPS):
            more = [each for each in self._naming(stems) if all(each is not other for other in found)]
            found += more
            stems = {_stem(each.path) for each in more}
            if not more or len(found) > _MOST_FILES:
                break
        return found[:_MOST_FILES]

    def _naming(self, stems: set[str]) -> Iterator[DagFile]:
        words = b"|".join(sorted(re.escape(stem).encode() for stem in stems))
        pattern = re.compile(rb"\b(?:import|from)\b[^\n]*\b(?:%s)\b" % words)
        for path, data in self.alerts.python_bytes.items():
            file = self.repo.readable_dag_file(path) if pattern.search(data) else None
            if file is not None:
                yield file

    def _of(self, loaded: Loaded) -> Iterator[Use]:
        for dag in loaded.dags:
            for event in _DAG_EVENTS:
                written = dag.written(event)
                kept = dag.instance.content.get(event, dag.argument(event))
                yield from self._uses_of("dag", event, dag, None, kept, written)
            defaults = dag.argument("default_args")
            if isinstance(defaults, Table):
                entries = defaults.content
                for event in _TASK_EVENTS:
                    if event in entries.values:
                        value, written = entries.values[event], entries.nodes.get(event)
                        yield from self._uses_of("default_args", event, dag, None, value, written)
            for task in dag.tasks:
                for event in _TASK_EVENTS:
                    given = task.arguments.keywords.get(event)
                    if given is not None:
                        written = task.arguments.nodes.get(event)
                        yield from self._uses_of("task", event, dag, task, given, written)

    def _uses_of(
        self,
        level: Level,
        event: str,
        dag: MadeDag,
        task: MadeTask | None,
        value: Value,
        written: Written | None,
    ) -> Iterator[Use]:
        for each in _callbacks_in(value):
            if written is not None and isinstance(each, Instance) and self._is_notifier(each):
                yield Use(level, event, dag, task, each, written)

    def _is_notifier(self, instance: Instance) -> bool:
        made = instance.callee
        if isinstance(made, Symbol):
            return made.name in _names()
        return any(base.name in _BASES or base.name in _names() for base in self.alerts.outside_bases(made))


def _notifier(instance: Instance, call: syntax.Call, file: DagFile) -> Notifier:
    made = instance.callee
    if isinstance(made, ClassOf):
        return Notifier(made.name, call, file, is_own=True)
    return Notifier(made.name, call, file, is_own=False)


def _callbacks_in(value: Value) -> Iterator[Value]:
    for each in alternatives(value):
        if isinstance(each, Items):
            for item in each.items:
                yield from alternatives(item)
        else:
            yield each


def _texts_in(value: Value, depth: int) -> Iterator[str]:
    """The texts in a value: itself, or those in its dicts and lists."""
    text = text_of(value)
    if text is not None:
        yield text
    elif depth < 8:
        inner: list[Value] = []
        if isinstance(value, Items):
            inner = list(value.items)
        elif isinstance(value, Table):
            inner = list(value.content.values.values())
        for each in inner:
            yield from _texts_in(each, depth + 1)


def _names_sdk(file: DagFile) -> bool:
    names = (name for statement in file.module.imports for name in statement.names)
    return any(f"{name.module}.".startswith("airflow.sdk.") for name in names)


def _stem(path: str) -> str:
    pure = PurePosixPath(path)
    return pure.parent.name if pure.name == "__init__.py" else pure.stem


@cache
def _names() -> frozenset[str]:
    with (_TABLES / "notifiers.csv").open(encoding="utf-8", newline="") as table:
        return frozenset(row["name"] for row in csv.DictReader(table) if row["kind"] == "notifier")


@cache
def _fields() -> dict[str, tuple[str, ...]]:
    """The fields that each notifier renders, by its full name."""
    found: dict[str, list[str]] = {}
    with (_TABLES / "notifier_fields.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            found.setdefault(row["notifier"], []).append(row["field"])
    return {name: tuple(fields) for name, fields in found.items()}
