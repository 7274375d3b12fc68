"""Alerts: what a DAG does when its run fails, and whether the message reaches an accepted notifier.

Names prove nothing: a callback reaches Slack when a call of Slack's client, hook, operator or notifier is met
on following it. It is known not to when every call it makes is known and none does.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import field, replace
from enum import Enum
from functools import cache, cached_property, partial
from pathlib import Path, PurePosixPath

from airwarden import syntax
from airwarden.alerts.templates import is_broken, needs
from airwarden.dag import DagFile
from airwarden.depth import room
from airwarden.findings import Region, Related
from airwarden.interpreter.expressions import FRAMES, Exhausted, Flow, Frame, Raised
from airwarden.interpreter.memory import Changes
from airwarden.interpreter.outside import is_known
from airwarden.interpreter.signatures import accepts
from airwarden.interpreter.values import (
    ABSENT,
    DATA,
    NONE,
    Arguments,
    Choice,
    ClassOf,
    Data,
    FunctionOf,
    Instance,
    Items,
    Known,
    Partial,
    Symbol,
    Table,
    Value,
    Variable,
    Written,
    alternatives,
    may_be_absent,
    or_none,
    text_of,
)
from airwarden.loading import Loaded, Loader, MadeDag, MadeTask
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.repo import Repo
from airwarden.tracing import Answers, traced_property

_TABLES = Path(__file__).parent.parent / "tables"
_SLACK_ADDRESS = regex(r"hooks\.slack(-gov)?\.com")
_FAILURE = "on_failure_callback"
_SETTINGS = "airflow_local_settings.py"
_MOST_SITES = 5
_MOST_STEPS = 8_000
_MOST_FRAMES = 20
_CONTEXT = Arguments((Data(),))
_NEVER_CALLED = frozenset(
    f"airflow.sdk{module}.{name}"
    for module in ("", ".definitions.callback", ".definitions.deadline")
    for name in ("AsyncCallback", "SyncCallback", "DeadlineAlert")
)
_EXITS = frozenset({"exit", "quit", "os._exit", "sys.exit"})
_AWAITABLE = "airwarden.awaitable"
_INSTANCE = regex(r"(?:^|\.)[A-Z]\w*$")


class Reach(Enum):
    """Where a callback's message goes."""

    NOBODY = "nobody"
    ACCEPTED = "an accepted notifier"
    OTHER = "somewhere else"
    UNKNOWN = "unknown"


class Loss(Enum):
    """Why a failure callback that is written is never called."""

    COLLECTION = "is no list, the one collection that Airflow knows here: it calls the collection itself"
    LATE = "is assigned after the DAG was made, when Airflow has already noted that it has none"
    CALLED = "is called where it should be passed: the DAG gets what it returns, None"
    CONTEXT = "can't be called with the context alone, as Airflow calls it"


@dataclass(frozen=True, eq=False)
class Lost:
    """A failure callback that is written but never called: why, and where it is written."""

    why: Loss
    written: Written

    @property
    def region(self) -> Region:
        """Where the callback is written."""
        return self.written[0].region(self.written[1])

    @property
    def is_display(self) -> bool:
        """Whether a collection is written out there."""
        return self.why is Loss.COLLECTION and isinstance(self.written[1], syntax.Sequence)


@dataclass(frozen=True, eq=False)
class DagAlert:
    """What becomes of the failure of a DAG that a file makes.

    `dag_level` is where the DAG's own callback goes: `NOBODY` where it has none. `callback` is where that is
    written. `lost` is one that is written but never called. `task_level` are the callbacks of its tasks, in
    `default_args` or on a task. `call_sites` are the calls of the factory that makes the DAG so; `others` the
    number of other DAGs that are made at the same place with the same outcome.
    """

    dag: MadeDag
    id: str | None
    region: Region
    dag_level: Reach
    callback: Related | None
    task_level: tuple[Related, ...] = ()
    call_sites: tuple[Related, ...] = ()
    lost: Lost | None = None
    others: int = 0

    @property
    def written(self) -> tuple[Related, ...]:
        """Where the callback and the calls that make the DAG are written."""
        return (*((self.callback,) if self.callback else ()), *self.call_sites)

    @property
    def subject(self) -> str:
        """What names the DAG in a fingerprint."""
        return f"dag {self.id}" if self.id else "dag"

    @property
    def name(self) -> str:
        """What names the DAG inside a sentence."""
        more = f" (and {self.others} more)" if self.others else ""
        return f"DAG {self.id!r}{more}" if self.id else "this DAG"

    @property
    def title(self) -> str:
        """What names the DAG at the start of a sentence."""
        return self.name[:1].upper() + self.name[1:]


@dataclass
class _Trial:
    """What a callback did when it was followed: whether it tells, may tell, ends the process, or does what
    nobody knows.
    """

    told: Variable = field(default_factory=lambda: Variable(Known(value=False)))
    tells: bool = False
    may_tell: bool = False
    leaves: bool = False
    is_unclear: bool = False
    is_exhausted: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it can't be known that nobody is told."""
        return self.leaves or self.may_tell or self.is_unclear or self.is_exhausted


class Alerts(Loader):
    """The alerts of the DAGs of one repository."""

    sought = Loader.sought | _NEVER_CALLED

    def __init__(self, repo: Repo) -> None:
        super().__init__(repo)
        self.accepted = repo.config.accepted_notifiers
        self._verdicts: dict[str, bool] = {}
        self._trials: list[_Trial] = []
        self._leaves = False
        self._alerts: Answers[str, tuple[DagAlert, ...]] = Answers(repo.tracer)

    def of(self, file: DagFile) -> tuple[DagAlert, ...]:
        """The alerts of a file's DAGs, one for each place; none where Airflow ignores the file."""
        return self._alerts.get(file.path, lambda: self._of(file))

    def unknown_dags(self, path: str) -> tuple[str, ...]:
        """The DAGs of a file, asked for before, of which it can't be known whom their failure tells:
        `path:line id`.
        """
        return tuple(
            f"{alert.region.path}:{alert.region.line} {alert.id or '(an id that only a run can tell)'}"
            for alert in self._alerts.known(path) or ()
            if alert.dag_level is Reach.UNKNOWN
        )

    def _of(self, file: DagFile) -> tuple[DagAlert, ...]:
        if self.repo.is_airflow_ignored(file.path):
            return ()
        by_place: dict[int, list[DagAlert]] = {}
        for loaded in self.loads(file):
            here = [made for made in loaded.dags if made.file is file and not self._is_exempt(made)]
            for alert in self._alerts_of(loaded, here):
                by_place.setdefault(id(alert.dag.node), []).append(alert)
        subdags = {id(dag.anchor) for dag in file.dags if file.is_subdag(dag)}
        found = [_worst(alerts) for place, alerts in by_place.items() if place not in subdags]
        return tuple(sorted(found, key=lambda alert: alert.region))

    def _is_exempt(self, made: MadeDag) -> bool:
        tags = made.argument("tags")
        known = [text for item in tags.items if (text := text_of(item))] if isinstance(tags, Items) else []
        return any(exemption.covers(made.id, known) for exemption in self.repo.config.exempt_dags)

    def of_loaded(self, loaded: Loaded) -> list[DagAlert]:
        """The alert of every DAG that loading a file makes."""
        return self._alerts_of(loaded, loaded.dags)

    def _alerts_of(self, loaded: Loaded, dags: Sequence[MadeDag]) -> list[DagAlert]:
        if not dags:
            return []
        with self.memory.applied(loaded.changes):
            found = [self._alert(made, loaded) for made in dags]
        if not loaded.is_lost:
            return found
        return [replace(alert, dag_level=Reach.UNKNOWN, lost=None) for alert in found]

    def reach_in(self, loaded: Loaded, value: Value) -> Reach:
        """Where the message of a callback goes that a DAG or task of a loaded file has."""
        if loaded.dags:
            self._standpoint = loaded.dags[-1].file, loaded.names
        with self.memory.applied(loaded.changes):
            return self.reach(value)

    def _alert(self, made: MadeDag, loaded: Loaded) -> DagAlert:
        with self.registered(made, loaded):
            return self._as_it_is(made)

    @contextmanager
    def registered(self, made: MadeDag, loaded: Loaded) -> Iterator[None]:
        """For a while, a DAG is what the cluster policy of the repository leaves of it."""
        self._standpoint = made.file, loaded.names
        reassigned = list(made.reassigned)
        self.memory.open()
        try:
            self._apply_policy(made)
            yield
        finally:
            self.memory.undo()
            made.reassigned = reassigned

    def _as_it_is(self, made: MadeDag) -> DagAlert:
        value, lost = self._callback(made)
        written = made.written(_FAILURE)
        reach = Reach.NOBODY if lost else self.reach(value)
        is_attached = self.repo.config.dag_policy_attaches_alert and not lost and reach is Reach.NOBODY
        return DagAlert(
            made,
            made.id,
            made.file.region(made.node),
            Reach.ACCEPTED if is_attached else reach,
            None if written is None else Related(written[0].region(written[1]), "the callback is given here"),
            tuple(self._task_level(made)),
            tuple(_makes_it(call) for call in made.calls[:1]),
            lost,
        )

    # The cluster policy

    def _apply_policy(self, made: MadeDag) -> None:
        """Follows the `dag_policy` of the repository, which Airflow calls with every DAG that it loads."""
        if self._policy is not None:
            file, function = self._policy
            policy = partial(self.call, function, Arguments((made.instance,)), None)
            self.within(file, self.module(file).names, policy)

    @property
    def has_policy(self) -> bool:
        """Whether a `dag_policy` of the repository has the last word on the arguments of DAGs."""
        return self._policy is not None

    @traced_property
    def _policy(self) -> tuple[DagFile, Value] | None:
        """Airflow imports one `airflow_local_settings.py`; of several, which one is not known."""
        if self.repo.config.dag_policy_attaches_alert is not None:
            return None
        paths = [path for path in self.repo.files_ending(_SETTINGS) if PurePosixPath(path).name == _SETTINGS]
        file = self.repo.readable_dag_file(paths[0]) if len(paths) == 1 else None
        function = None if file is None else self.module(file).names.own("dag_policy")
        return None if file is None or function is None else (file, function)

    # The DAG's own callback

    def _callback(self, made: MadeDag) -> tuple[Value, Lost | None]:
        """What Airflow calls when the run fails, and why it calls nothing though something is written."""
        given = made.argument(_FAILURE)
        kept = made.instance.content.get(_FAILURE)
        value = given if kept is None else or_none(kept)
        late = [each for each in made.reassigned if each.name == _FAILURE]
        noted = any(each.name == "has_on_failure_callback" for each in made.reassigned)
        if _is_nothing(given) and not isinstance(given, Items) and late and not noted:
            return NONE, None if _is_nothing(value) else Lost(Loss.LATE, late[-1].written)
        return value, None if late else self._lost(value, made)

    def _lost(self, given: Value, made: MadeDag) -> Lost | None:
        written = made.written(_FAILURE)
        if written is None:
            return None
        if given is NONE and isinstance(written[1], syntax.Call):
            return Lost(Loss.CALLED, written)
        if isinstance(given, Items) and given.kind != "list" and (given.items or not given.complete):
            return Lost(Loss.COLLECTION, written)
        if isinstance(given, Table) and given.content.values:
            return Lost(Loss.COLLECTION, written)
        callbacks = given.items if isinstance(given, Items) and given.is_fixed else (given,)
        callbacks = tuple(each for each in callbacks if each is not NONE)
        if callbacks and all(self.takes_context(each) is False for each in callbacks):
            return Lost(Loss.CONTEXT, written)
        return None

    def takes_context(self, value: Value) -> bool | None:
        """Whether a callback can be called with the context alone; None where it is not known."""
        match value:
            case FunctionOf(node=node, receiver=receiver):
                return accepts(node.parameters, 0 if receiver is None else 1, _CONTEXT)
            case Partial(callee=FunctionOf() as function, arguments=first) if first.complete:
                bound = 0 if function.receiver is None else 1
                return accepts(function.node.parameters, bound, _CONTEXT.after(first))
            case Instance(callee=ClassOf() as made):
                method = self.attribute(value, "__call__")
                if isinstance(method, FunctionOf):
                    return self.takes_context(method)
                return None if made.outside_bases else False
            case ClassOf():
                return self._class_takes_context(value)
            case Known(value=str() | int() | float()):
                return False if value.value else None
            case Symbol(name=name) | Partial(callee=Symbol(name=name)):
                return False if name in _named("notifier") else None
            case Instance(callee=Symbol(name=name)) if name in _NEVER_CALLED or name in _named(
                "operator", "hook"
            ):
                return False
            case _:
                return None

    def _class_takes_context(self, made: ClassOf) -> bool | None:
        for each in made.lineage:
            constructor = each.names.own("__init__")
            if isinstance(constructor, FunctionOf):
                return accepts(constructor.node.parameters, 1, _CONTEXT)
            if each.fields is not None:
                given = [field for field in each.fields.values() if field.is_given]
                placed = [field for field in given if not field.is_keyword]
                rest = [field for field in given if field is not placed[0]] if placed else []
                return bool(placed) and all(field.default is not None for field in rest)
        return None if made.form != "plain" or made.outside_bases else False

    # Callbacks of tasks

    def _task_level(self, made: MadeDag) -> Iterator[Related]:
        defaults = made.argument("default_args")
        if isinstance(defaults, Table):
            value = defaults.content.values.get(_FAILURE, NONE)
            written = defaults.content.nodes.get(_FAILURE)
            if not _is_nothing(value) and written is not None:
                where = written[0].region(written[1])
                yield Related(where, "default_args gives the callback to every task, not to the DAG")
        tasks = list(_with_callbacks(made.tasks))
        if tasks:
            more = f" (and on {len(tasks) - 1} more)" if len(tasks) > 1 else ""
            file, node = tasks[0].arguments.nodes[_FAILURE]
            yield Related(file.region(node), f"a task has a callback of its own{more}")

    # Where a callback leads

    def reach(self, value: Value) -> Reach:
        """Where the message of a callback goes, or of a list of them."""
        self.memory.open()
        try:
            return self._reached(value)
        finally:
            self.memory.undo()

    def _reached(self, value: Value) -> Reach:
        """Where it goes; what the callbacks change stays, as they are called one after the other."""
        match value:
            case Known():
                return Reach.NOBODY
            case Items():
                return self._reach_of_items(value)
            case Choice(values=values):
                return _agreed(set(self._reached_by(values)))
            case _:
                return self._reach_of_call(value)

    def _reached_by(self, values: Sequence[Value]) -> list[Reach]:
        """Where each of several callbacks leads of which one is called, or none where one is absent."""
        found: list[Reach] = []

        def way(value: Value) -> Flow:
            found.extend([] if value is ABSENT else [self._reached(value)])
            return "next"

        self.branches([partial(way, each) for each in values])
        return found

    def _reach_of_items(self, items: Items) -> Reach:
        sure: set[Reach] = set()
        possible: set[Reach] = set()
        self._leaves = False
        for each in [each for each in items.items if not isinstance(each, Items)]:
            if self._leaves:
                return Reach.UNKNOWN
            found = self._reached_by(alternatives(each))
            (possible if may_be_absent(each) else sure).add(_agreed(set(found)))
        if Reach.ACCEPTED in sure:
            return Reach.ACCEPTED
        if not items.complete or Reach.UNKNOWN in sure or possible & {Reach.UNKNOWN, Reach.ACCEPTED}:
            return Reach.UNKNOWN
        if Reach.OTHER in sure:
            return Reach.OTHER
        return Reach.UNKNOWN if Reach.OTHER in possible else Reach.NOBODY

    def _reach_of_call(self, callback: Value) -> Reach:
        """Where a callback leads that is called with a context: on every way, on some, or on none."""
        trial = self._tried(callback)
        self._leaves = trial.leaves
        if trial.tells:
            return Reach.ACCEPTED
        return Reach.UNKNOWN if trial.is_open else Reach.OTHER

    def _tried(self, callback: Value) -> _Trial:
        trial = _Trial()
        self._trials.append(trial)
        state = self.steps, self.most_steps
        depth = self.memory.depth
        try:
            self._call_back(callback)
            told = trial.told.content
            trial.tells = isinstance(told, Known) and told.value is True and not trial.is_exhausted
            trial.may_tell |= not isinstance(told, Known)
        finally:
            self._trials.pop()
            self.memory.abandon(depth)
            self.steps, self.most_steps = state
        return trial

    def _call_back(self, callback: Value) -> None:
        """Calls a callback as the DAG processor does, which drops whatever it returns."""
        if isinstance(callback, FunctionOf) and (_is_generator(callback) or callback.kind == "cached"):
            return
        self.steps, self.most_steps = 0, _MOST_STEPS
        file, names = self._standpoint
        with self.standing(), room(FRAMES):
            self.frames.append(Frame(file, names, self.memory.depth))
            try:
                self.survived(lambda: self.call(callback, _CONTEXT, None))
            except Exhausted:
                self._trials[-1].is_exhausted = True

    # While a callback is followed

    def outside(self, callee: Symbol, arguments: Arguments, call: syntax.Call | None) -> Value:
        """What a call of something outside of the repository gives; in a trial, what it tells is noted."""
        if self._trials:
            if self._notifies(callee, arguments, call):
                return DATA
            self._judge(callee, arguments)
            if self._is_accepted(callee.name) and _is_async(callee.name):
                return Instance(Symbol(_AWAITABLE))
        return super().outside(callee, arguments, call)

    def called(self, function: FunctionOf, arguments: Arguments, call: syntax.Call | None) -> Value:
        """What a call of a function of the repository gives."""
        if self._trials and self._is_own_notifier(function):
            self._tell()
            return DATA
        return super().called(function, arguments, call)

    def await_(self, value: Value) -> Value:
        """What waiting for a value gives."""
        if self._trials and _is_call_of(value, _AWAITABLE):
            self._tell()
        return super().await_(value)

    def item(self, value: Value, key: Value) -> Value:
        """What `value[key]` gives: a DAG-level context has no exception."""
        if value is _CONTEXT.positional[0]:
            name = text_of(key)
            if name == "exception":
                raise Raised("KeyError")
            return Data(is_true=True) if name in ("dag", "reason", "run_id") else DATA
        return super().item(value, key)

    def unknown(self, arguments: Arguments) -> Value:
        """What a call of nobody knows what gives."""
        if self._trials:
            self._trials[-1].is_unclear = True
        return super().unknown(arguments)

    def too_deep(self, arguments: Arguments) -> Value:
        """What a call gives that is nested too deeply to be followed: it may never end."""
        if self._trials:
            raise Exhausted
        return super().too_deep(arguments)

    def sidetracked(self, changes: Changes) -> None:
        """What a way would change that only an exception leads to: it may tell somebody."""
        if self._trials:
            told = changes.get(id(self._trials[-1].told))
            self._trials[-1].may_tell |= told is not None

    def _tell(self) -> None:
        self.memory.write(self._trials[-1].told, Known(value=True))

    def _notifies(self, callee: Symbol, arguments: Arguments, call: syntax.Call | None) -> bool:
        """Follows a notifier of the repository that is called: its base from outside calls its `notify`."""
        receiver = callee.receiver
        if (
            receiver is None
            or not isinstance(receiver.callee, ClassOf)
            or not callee.name.endswith(".__call__")
        ):
            return False
        method = self.attribute(receiver, "notify")
        if not isinstance(method, FunctionOf):
            return False
        self.called(method, arguments, call)
        return True

    def _judge(self, callee: Symbol, arguments: Arguments) -> None:
        name = callee.name
        given = [*arguments.positional, *arguments.keywords.values()]
        if name in _EXITS:
            self._trials[-1].leaves = True
            raise Raised("SystemExit")
        if self._is_accepted(name):
            if not _makes(name) and not _is_async(name) and not _is_lost(callee.receiver):
                self._tell()
        elif self._speaks_to_slack(given):
            self._tell()
        elif not _is_silent(name) and not _speaks_elsewhere(given):
            self._trials[-1].is_unclear = True
        for value in given:
            if isinstance(value, (FunctionOf, Partial)) and not is_known(name):
                self._may_be_called(value)

    def _may_be_called(self, value: Value) -> None:
        """A function that is handed to something outside of the repository, which may call it."""
        self.memory.open()
        depth = len(self.frames)
        if depth < _MOST_FRAMES:
            self.call(value, Arguments(complete=False), None)
        self.sidetracked(self.memory.undo())

    def _speaks_to_slack(self, given: list[Value]) -> bool:
        """Whether a literal address of a Slack webhook is handed to a call, and Slack is accepted."""
        texts = (each.value for each in given if isinstance(each, Known) and isinstance(each.value, str))
        found = any(_SLACK_ADDRESS.search(text) for text in texts)
        return found and self._is_accepted("slack_sdk.webhook.WebhookClient")

    def _is_accepted(self, name: str) -> bool:
        if name not in self._verdicts:
            self._verdicts[name] = any(f"{name}.".startswith(f"{accepted}.") for accepted in self.accepted)
        return self._verdicts[name]

    def _is_own_notifier(self, function: FunctionOf) -> bool:
        """Whether a function of the repository is accepted by its dotted name."""
        if not self.own_notifiers or not isinstance(function.node, syntax.Function):
            return False
        receiver = function.receiver.callee if isinstance(function.receiver, Instance) else function.receiver
        owner = receiver.name if isinstance(receiver, ClassOf) else function.node.name
        module = function.file.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        return any(f".{module}.{owner}".endswith(f".{accepted}") for accepted in self.own_notifiers)

    @cached_property
    def own_notifiers(self) -> tuple[str, ...]:
        """The accepted dotted names that are of no known service."""
        known = _packages()
        return tuple(name for name in self.accepted if name not in known and "." in name)


def _makes_it(call: tuple[DagFile, syntax.Call]) -> Related:
    return Related(call[0].region(call[1].function), "this call makes the DAG")


def _with_callbacks(tasks: list[MadeTask]) -> Iterator[MadeTask]:
    for task in tasks:
        value = task.arguments.keywords.get(_FAILURE)
        if value is not None and not _is_nothing(value) and _FAILURE in task.arguments.nodes:
            yield task


def _makes(name: str) -> bool:
    """Whether a call of an accepted name only makes an object: a notifier, hook, operator or client."""
    return name in _classes() or _INSTANCE.search(name) is not None


def _is_silent(name: str) -> bool:
    """Whether a call of something outside of the repository is known not to reach a notifier."""
    verdict = True if name.startswith("airwarden.") else _longest(name, _packages())
    if verdict is not None:
        return verdict
    return "." not in name or name.partition(".")[0] in sys.stdlib_module_names


def _is_lost(notifier: Instance | None) -> bool:
    """Whether a notifier is known to fail where a DAG's own callback runs, as its text can't be rendered."""
    given = [] if notifier is None else notifier.arguments.keywords.values()
    texts = [text for value in given if (text := text_of(value)) is not None and "{" in text]
    return any(is_broken(text) or "exception" in needs(text) for text in texts)


def _is_call_of(value: Value, name: str) -> bool:
    return isinstance(value, Instance) and isinstance(value.callee, Symbol) and value.callee.name == name


def _is_async(name: str) -> bool:
    return name.rpartition(".")[2].startswith("async_") or ".AsyncWeb" in name


def _speaks_elsewhere(given: list[Value]) -> bool:
    """Whether a call is given a literal address, which is known not to be Slack's."""
    return any((text_of(each) or "").startswith(("http://", "https://")) for each in given)


@cache
def _rows() -> tuple[tuple[str, str], ...]:
    with (_TABLES / "notifiers.csv").open(encoding="utf-8", newline="") as table:
        return tuple((row["kind"], row["name"]) for row in csv.DictReader(table))


@cache
def _named(*kinds: str) -> frozenset[str]:
    return frozenset(name for kind, name in _rows() if kind in kinds)


def _classes() -> frozenset[str]:
    return _named("client", "hook", "notifier", "operator")


@cache
def _packages() -> dict[str, bool]:
    with (_TABLES / "quiet_packages.csv").open(encoding="utf-8", newline="") as table:
        packages = {row["prefix"]: row["quiet"] == "yes" for row in csv.DictReader(table)}
    return {**packages, **dict.fromkeys(_classes(), True)}


def _longest(name: str, packages: dict[str, bool]) -> bool | None:
    """The verdict of the longest dotted prefix of `name` that the table holds."""
    while name:
        if name in packages:
            return packages[name]
        name = name.rpartition(".")[0]
    return None


def _worst(alerts: list[DagAlert]) -> DagAlert:
    """The alert of a place that makes several DAGs: of those that agree with the worst, one."""
    for reach in (Reach.NOBODY, Reach.OTHER, Reach.UNKNOWN, Reach.ACCEPTED):
        same = [alert for alert in alerts if alert.dag_level is reach]
        if same:
            sites = dict.fromkeys(site for alert in same[:_MOST_SITES] for site in alert.call_sites)
            ids = {alert.id for alert in same}
            return replace(same[0], call_sites=tuple(sites), others=len(ids) - 1)
    raise ValueError("there is no alert")


def _agreed(reaches: set[Reach]) -> Reach:
    return reaches.pop() if len(reaches) == 1 else Reach.UNKNOWN


def _is_nothing(value: Value) -> bool:
    return all(each is ABSENT or (isinstance(each, Known) and not each.value) for each in alternatives(value))


def _is_generator(function: FunctionOf) -> bool:
    if not isinstance(function.node, syntax.Function):
        return False
    values = (getattr(each, "value", None) for each in syntax.statements_of(function.node))
    return any(isinstance(value, syntax.Yield) for value in values)
