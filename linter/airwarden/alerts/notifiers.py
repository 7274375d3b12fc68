"""Notifiers: where each is made, the callbacks that use it, and the texts that it renders for them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

from airwarden import syntax
from airwarden.alerts.frozen_texts import Frozen, frozen_in
from airwarden.dag import DagFile
from airwarden.depth import Steps
from airwarden.findings import Region, Related
from airwarden.interpreter.values import (
    ABSENT,
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
from airwarden.loading import MadeDag, MadeTask
from airwarden.records import dataclass

Level: TypeAlias = Literal["dag", "default_args", "task"]

FAILURE = "on_failure_callback"
SUCCESS = "on_success_callback"

_TABLES = Path(__file__).parent.parent / "tables"
_MOST_DEPTH = 8
_MOST_VALUES = 2_000
"""Values that are looked through for texts in one field: lists may hold one another again and again."""
_BASES = frozenset(
    {
        "airflow.notifications.basenotifier.BaseNotifier",
        "airflow.providers.common.compat.notifier.BaseNotifier",
        "airflow.sdk.BaseNotifier",
        "airflow.sdk.bases.notifier.BaseNotifier",
    }
)


@dataclass(frozen=True, eq=False)
class Callback:
    """What Airflow calls on an event: of which DAG, at which level, and where it is written."""

    level: Level
    event: str
    dag: MadeDag
    task: MadeTask | None
    value: Value
    written: Written

    @property
    def entry(self) -> str:
        """The file that Airflow loads."""
        return self.dag.entry

    @property
    def is_dag_failure(self) -> bool:
        """Whether it is what a DAG itself does when its run fails."""
        return self.level == "dag" and self.event == FAILURE

    @property
    def region(self) -> Region:
        """Where the callback is written."""
        return self.written[0].region(self.written[1])

    @property
    def title(self) -> str:
        """The DAG's name in a message."""
        return f"DAG {self.dag.id!r}" if self.dag.id else "this DAG"

    @property
    def subject(self) -> str:
        """What names the DAG in a fingerprint."""
        return f"dag {self.dag.id}" if self.dag.id else "dag"

    @property
    def caller(self) -> tuple[object, ...]:
        """What calls it: callbacks of one caller, as DAGs of one id have it, are one."""
        task = None
        if self.task is not None:
            task = text_of(self.task.arguments.keywords.get("task_id")) or id(self.task)
        return self.dag.id or id(self.dag), task, self.level, self.event

    @property
    def related(self) -> Related:
        """Where it is used, in words."""
        name = f"DAG {self.dag.id!r}" if self.dag.id else "a DAG"
        where = {"dag": name, "default_args": f"every task of {name}", "task": f"a task of {name}"}
        return Related(self.region, f"{self.event} of {where[self.level]}")


@dataclass(frozen=True, eq=False)
class Text:
    """A text that a notifier renders, and in which field; `is_whole` where all of it is known."""

    field: str
    text: str
    is_whole: bool


@dataclass(frozen=True, eq=False)
class Use(Callback):
    """A callback that is a notifier: `instance`, as Airflow gets it while it loads `entry`.

    Uses of one instance in one entry share it. `renders` are the fields that it renders for each message.
    `is_changed` where the first message is known to change it.
    """

    instance: Instance
    renders: tuple[str, ...]
    texts: tuple[Text, ...]
    is_changed: bool


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

    @property
    def shared(self) -> list[Use]:
        """The uses of one instance by several callbacks of what one file makes, the largest such group."""
        groups: dict[tuple[str, int], dict[object, Use]] = {}
        for use in self.uses:
            if use.is_changed:
                groups.setdefault((use.entry, id(use.instance)), {}).setdefault(use.caller, use)
        found = [list(group.values()) for group in groups.values() if len(group) > 1]
        return max(found, key=len, default=[])

    def argument_region(self, name: str) -> Region:
        """Where an argument is written; where the class is named, if that is in another file."""
        written = self._written(name)
        return self.region if written is None else self.file.region(written)

    def templates(self) -> Iterator[Template]:
        """The texts that it renders, as far as they are known, each once."""
        seen = set[tuple[str, str]]()
        for template in (each for use in self.uses for each in self.templates_of(use)):
            if (template.field, template.text) not in seen:
                seen.add((template.field, template.text))
                yield template

    def templates_of(self, use: Use) -> Iterator[Template]:
        """The texts that it renders where one callback uses it."""
        for text in use.texts:
            literal = isinstance(self._written(text.field), (syntax.Constant, syntax.FormattedString))
            region = self.argument_region(text.field)
            yield Template(text.field, text.text, region, literal, text.is_whole)

    def frozen(self) -> Iterator[tuple[str, Frozen]]:
        """What its texts take from the moment at which the file is loaded, each with its field."""
        scope = next((site.scope for site in self.file.module.calls if site.call is self.call), None)
        for name in self.uses[0].renders:
            written = self._written(name)
            if isinstance(written, syntax.Expression) and scope is not None:
                yield from ((name, each) for each in frozen_in(written, scope, self.file))

    def _written(self, name: str) -> syntax.Node | None:
        """The expression of an argument, where it stands in the notifier's own file."""
        position = positions(self.name).get(name, -1)
        nodes = self.arguments.nodes
        written = nodes.get(name) or nodes.get(position)
        return written[1] if written is not None and written[0] is self.file else None


def notifier_of(instance: Instance, call: syntax.Call, file: DagFile) -> Notifier:
    """The notifier that a call makes, without its uses."""
    made = instance.callee
    return Notifier(made.name, call, file, is_own=isinstance(made, ClassOf))


def is_notifier_class(name: str) -> bool:
    """Whether a full name is that of a class of notifiers, or of their base."""
    return name in _BASES or name in notifier_names()


def texts_of(name: str, value: Value, written: Written | None) -> Iterator[Text]:
    """The texts in what a field holds; of an f-string that is not known whole, what is."""
    found = list(_texts_in(value, 0, Steps(_MOST_VALUES)))
    if not found and written is not None and isinstance(written[1], syntax.FormattedString):
        parts = (part if isinstance(part, str) else "?" for part in written[1].parts)
        yield Text(name, "".join(parts), is_whole=False)
    yield from (Text(name, text, is_whole=True) for text in found)


def _texts_in(value: Value, depth: int, steps: Steps) -> Iterator[str]:
    """The texts in a value: itself, or those in its dicts and lists."""
    text = text_of(value)
    if text is not None:
        yield text
    elif depth < _MOST_DEPTH and steps.take():
        inner: list[Value] = []
        if isinstance(value, Items):
            inner = list(value.items)
        elif isinstance(value, Table):
            inner = list(value.content.values.values())
        else:
            inner = [each for each in alternatives(value) if each is not value]
        for each in inner:
            yield from _texts_in(each, depth + 1, steps)


def is_filled_in(instance: Instance, rendered: Mapping[str, tuple[Value, Written | None]]) -> bool:
    """Whether a field is not given that the first message fills with what a default template renders."""
    if not isinstance(instance.callee, Symbol) or not instance.arguments.complete:
        return False
    missing = {name for name, (value, _) in rendered.items() if value is ABSENT}
    return not missing.isdisjoint(_with_default_templates(instance.callee.name))


@cache
def notifier_names() -> frozenset[str]:
    """The classes of notifiers of Airflow's providers, by full name."""
    with (_TABLES / "notifiers.csv").open(encoding="utf-8", newline="") as table:
        return frozenset(row["name"] for row in csv.DictReader(table) if row["kind"] == "notifier")


@cache
def _fields() -> Mapping[str, Mapping[str, tuple[int, bool]]]:
    """The fields that each module's notifier renders: position, and whether a template is its default."""
    found: dict[str, dict[str, tuple[int, bool]]] = {}
    with (_TABLES / "notifier_fields.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            position = int(row["position"] or -1)
            found.setdefault(row["module"], {})[row["field"]] = position, row["default"] == "template"
    return found


def positions(name: str) -> Mapping[str, int]:
    """The fields that a notifier renders, with the position of each among the arguments or -1."""
    rendered = _fields().get(name.rpartition(".")[0], {})
    return {each: position for each, (position, _) in rendered.items()}


def _with_default_templates(name: str) -> set[str]:
    rendered = _fields().get(name.rpartition(".")[0], {})
    return {each for each, (_, is_template_by_default) in rendered.items() if is_template_by_default}
