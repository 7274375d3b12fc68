"""What Airflow gets when it loads a file: its DAGs and their tasks, each with its arguments."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import field

from airwarden import syntax
from airwarden.dag import (
    ASSET_DECORATORS,
    DAG_CLASSES,
    DAG_DECORATORS,
    TASK_DECORATORS,
    TASK_GROUP_DECORATORS,
    Dag,
    DagFile,
)
from airwarden.interpreter.memory import Changes
from airwarden.interpreter.modules import Interpreter
from airwarden.interpreter.values import (
    NONE,
    UNKNOWN,
    Arguments,
    ClassOf,
    Entries,
    FunctionOf,
    Instance,
    Known,
    ModuleOf,
    Namespace,
    Symbol,
    Table,
    Value,
    Written,
    alternatives,
    now,
    or_none,
    text_of,
    truth,
)
from airwarden.patterns import regex
from airwarden.reached_names import ReachedNames
from airwarden.records import dataclass
from airwarden.repo import Repo
from airwarden.tracing import Trace

_DAG_FACTORY = "airwarden.dag_factory"
_TASK_FACTORY = "airwarden.task_factory"
_GROUP_FACTORY = "airwarden.task_group_factory"
_OPERATOR = regex(r"(?:Operator|Sensor)$")
_DEFINITION = regex(rb"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)
_TASK_MAKERS = (
    *TASK_DECORATORS,
    "airflow.sdk.setup",
    "airflow.sdk.teardown",
    "airflow.decorators.setup",
    "airflow.decorators.teardown",
)
_KEPT = ("on_failure_callback", "on_success_callback", "default_args", "tags")
_MAKERS = DAG_CLASSES | DAG_DECORATORS | ASSET_DECORATORS
_MOST_FILES = 60
_MOST_HOPS = 4
_DAG_PARAMETERS = ("dag_id", "description", "schedule")


@dataclass(eq=False)
class MadeTask:
    """A task: what makes it, by full name where it is from outside, and its arguments."""

    name: str
    arguments: Arguments
    file: DagFile
    node: syntax.Node


@dataclass(frozen=True, eq=False)
class Reassigned:
    """`dag.name = value` after the DAG was made."""

    name: str
    value: Value
    written: Written


@dataclass(eq=False)
class MadeDag:
    """A DAG, made at `node` of `file` while `entry` was loaded; `calls` led there, outermost first.

    `registers` is False where Airflow is known not to see it; `is_called` where loading a file reaches the
    place, and not a guess of what another repository may call.
    """

    instance: Instance
    file: DagFile
    node: syntax.Node
    arguments: Arguments
    id: str | None
    entry: str
    calls: tuple[tuple[DagFile, syntax.Call], ...] = ()
    tasks: list[MadeTask] = field(default_factory=list)
    reassigned: list[Reassigned] = field(default_factory=list)
    registers: bool = False
    is_called: bool = True

    def argument(self, name: str) -> Value:
        """What the DAG is given for an argument: None where it is given nothing."""
        index = _DAG_PARAMETERS.index(name) if name in _DAG_PARAMETERS else -1
        given = self.arguments.get(index, name)
        return or_none(given) if given is not None else NONE if self.arguments.complete else UNKNOWN

    def written(self, name: str) -> Written | None:
        """Where that argument is written."""
        return self.arguments.nodes.get(name)


@dataclass(eq=False)
class Loaded:
    """What loading one file makes. Values are as they end up only while `changes` are applied.

    `is_lost` where it does something of which nobody knows what it changes.
    """

    path: str
    dags: list[MadeDag]
    changes: Changes
    names: Namespace
    is_lost: bool = False


class Loader(Interpreter):
    """Loads the DAG files of one repository, each by itself.

    A file that can't come to one of the names `sought` is not followed: there is nothing to see.
    """

    sought = _MAKERS

    def __init__(self, repo: Repo) -> None:
        super().__init__(repo)
        self.tracer = repo.tracer
        self._loaded: dict[str, tuple[Loaded, Trace]] = {}
        self._dags: list[MadeDag] = []
        self._by_instance: dict[int, MadeDag] = {}
        self._context: list[MadeDag] = []
        self._factories: list[Instance] = []
        self._called: dict[int, Instance] = {}
        self._touched: set[str] = set()
        self._entered: dict[str, list[MadeDag]] = {}
        self._used: dict[int, Instance] = {}
        self._entry = ""
        self._is_called = True

    # Files

    def load(self, file: DagFile) -> Loaded:
        """What loading a file makes; nothing where Airflow does not look at it."""
        if file.path not in self._loaded:
            with self.repo.tracer.answer() as trace:
                names = Namespace("module", file.module.scope, None)
                self._loaded[file.path] = Loaded(file.path, [], {}, names), trace
                if self._is_loaded(file):
                    self._loaded[file.path] = self._load(file, names), trace
        loaded, trace = self._loaded[file.path]
        self.repo.tracer.again(trace)
        return loaded

    def _is_loaded(self, file: DagFile) -> bool:
        """Whether Airflow looks at a file, and there may be something to see."""
        return (
            _may_hold_dags(file)
            and self.repo.analysis(ReachedNames).may_reach(file, self.sought)
            and not self.repo.is_airflow_ignored(file.path)
        )

    def _load(self, file: DagFile, names: Namespace) -> Loaded:
        state = self._dags, self._entry, self._context, self._factories
        self._dags, self._entry, self._context, self._factories = [], file.path, [], []
        self._touched = set()
        self.is_lost = False
        try:
            with self.memory.fresh():
                self.memory.open()
                self._follow(file, names)
                self._register(names)
                is_lost = self.is_lost
                self._reach_the_rest(file, names)
                for path in sorted(self._touched & self._entered.keys()):
                    self._dags += self._entered[path]
                return Loaded(file.path, self._dags, self.memory.undo(), names, is_lost)
        finally:
            self._dags, self._entry, self._context, self._factories = state
            self._touched = set()

    def _register(self, names: Namespace) -> None:
        for variable in names.variables.values():
            for value in alternatives(variable.content):
                self._registered(value)

    def _register_all(self) -> None:
        """Nobody knows which DAGs get a name here: any of those made so far may."""
        for made in self._dags:
            made.registers = True

    def _registered(self, value: Value) -> None:
        made = self._by_instance.get(id(value))
        if made is not None:
            made.registers = True

    def imports_module(self, module: ModuleOf) -> None:
        """Follows a module that is imported: its DAGs are told where it is itself loaded."""
        state = self._dags, self._context, self._factories
        self._dags, self._context, self._factories = [], [], []
        try:
            super().imports_module(module)
            if not _may_hold_dags(module.file):
                self._entered[module.file.path] = [dag for dag in self._dags if dag.registers]
        finally:
            self._dags, self._context, self._factories = state

    def module(self, file: DagFile) -> ModuleOf:
        """A module as others import it."""
        self._touched.add(file.path)
        return super().module(file)

    # Code that loading does not reach

    def _reach_the_rest(self, file: DagFile, names: Namespace) -> None:
        """Calls, with arguments that nobody knows, what makes DAGs and is not called on loading the file."""
        self._is_called = False
        made = {id(dag.node) for dag in self._dags}
        try:
            for factory in [each for each in self._factories if id(each) not in self._called]:
                self._guess(file, names, factory)
            for dag in file.dags:
                function = _outermost(dag.scope)
                if function is not None and id(dag.anchor) not in made:
                    self._guess_call(file, names, function)
                    made = {id(dag.node) for dag in self._dags}
        finally:
            self._is_called = True

    def _guess_call(self, file: DagFile, names: Namespace, function: syntax.Function) -> None:
        owner = function.scope.parent.owner if function.scope.parent is not None else None
        if not isinstance(owner, syntax.Class):
            self._guess(file, names, FunctionOf(function, file, names))
            return
        made = names.own(owner.name)
        if isinstance(made, ClassOf):
            instance = self.within(file, names, lambda: self.construct(made, Arguments(complete=False), None))
            method = self.class_attribute(made, function.name)
            if isinstance(method, FunctionOf) and function.name != "__init__":
                kind = made if method.kind == "class" else instance
                bound = FunctionOf(
                    function, file, method.names, {}, None if method.kind == "static" else kind
                )
                self._guess(file, names, bound)

    def _guess(self, file: DagFile, names: Namespace, callee: Value) -> None:
        """Calls something that nobody calls: what it changes of what loading made is taken back."""
        since = now()
        self.memory.open()
        self.within(file, names, lambda: self.call(callee, Arguments(complete=False), None))
        changes = self.memory.undo()
        self.memory.apply({key: change for key, change in changes.items() if change[0].born > since})

    # DAGs

    def outside(self, callee: Symbol, arguments: Arguments, call: syntax.Call | None) -> Value:
        """What a call of something outside of the repository gives: DAGs and tasks are noted."""
        name = callee.name
        if name in DAG_CLASSES:
            made = Instance(callee, arguments, call, self.frame.file)
            self._make(made, arguments, call)
            return made
        if name in DAG_DECORATORS or _undotted(name, ".__call__") in DAG_DECORATORS:
            return self._dag_decorator(callee, arguments, call)
        if name == f"{_DAG_FACTORY}.__call__" and callee.receiver is not None:
            return self._decorated_dag(callee.receiver, call)
        if name.startswith(_TASK_FACTORY) and callee.receiver is not None:
            return self._task_made(callee.receiver, name.rpartition(".")[2], arguments, call)
        if name.startswith(_GROUP_FACTORY) and callee.receiver is not None:
            return self._group_made(callee.receiver, name.rpartition(".")[2], arguments, call)
        if _undotted(name, ".__call__") in TASK_GROUP_DECORATORS and isinstance(
            arguments.get(0, ""), FunctionOf
        ):
            return self._factory(_GROUP_FACTORY, callee, arguments, call)
        if _is_task_maker(name) and isinstance(arguments.get(0, "python_callable"), FunctionOf):
            return self._factory(_TASK_FACTORY, callee, arguments, call)
        if name == "copy.copy" and arguments.positional and self.made(arguments.positional[0]) is not None:
            return self._copied(arguments.positional[0])
        found = super().outside(callee, arguments, call)
        self._note(callee, arguments, call)
        return found

    def _copied(self, value: Value) -> Value:
        """A copy of a DAG is another DAG."""
        made = self.made(value)
        if made is None or not isinstance(value, Instance):
            return value
        twin = Instance(value.callee, value.arguments, value.call, value.file)
        copied = self._add(twin, made.arguments, made.node, made.id, made.file)
        self.memory.write(twin, value.content)
        copied.reassigned = list(made.reassigned)
        return twin

    def _note(self, callee: Symbol, arguments: Arguments, call: syntax.Call | None) -> None:
        name = callee.name
        if name in ("globals.update", "vars.update"):
            named: dict[Hashable, Value] = {}
            named.update(arguments.keywords)
            given = [*arguments.positional, Table(Entries(named))]
            for value in given:
                for key, each in value.content.values.items() if isinstance(value, Table) else ():
                    self.store(str(key), each)
                if not isinstance(value, Table) or not value.content.complete:
                    self._register_all()
        if name == "contextlib.ExitStack.enter_context" and arguments.positional:
            self.left_context(self.entered_context(arguments.positional[0]))
        if call is not None and (
            _OPERATOR.search(_undotted(name, ".partial")) or "task_id" in arguments.keywords
        ):
            self._add_task(MadeTask(name, arguments, self.frame.file, call.function))

    def constructed(self, instance: Instance, base: Symbol, arguments: Arguments) -> None:
        """A class of the repository hands arguments to the constructor of a class from outside."""
        if base.name in DAG_CLASSES:
            self._make(instance, arguments, instance.call)
        elif _OPERATOR.search(base.name) and instance.call is not None and instance.file is not None:
            self._add_task(MadeTask(base.name, arguments, instance.file, instance.call.function))

    def _make(self, instance: Instance, arguments: Arguments, call: syntax.Call | None) -> MadeDag:
        written = instance.call or call
        node: syntax.Node = self.frame.file.module if written is None else written.function
        return self._add(instance, arguments, node, text_of(arguments.get(0, "dag_id")), instance.file)

    def _add(
        self,
        instance: Instance,
        arguments: Arguments,
        node: syntax.Node,
        name: str | None,
        file: DagFile | None,
    ) -> MadeDag:
        content = {name: given for name in _KEPT if (given := arguments.get(-1, name)) is not None}
        if isinstance(defaults := content.get("default_args"), Table):
            content["default_args"] = Table(defaults.content)
        if instance.content:
            self.memory.write(instance, {**instance.content, **content})
        else:
            instance.content = content
        calls = tuple(frame.call for frame in self.frames if frame.call is not None)
        made = MadeDag(instance, file or self.frame.file, node, arguments, name, self._entry, calls)
        made.is_called = self._is_called
        if not self.aside:
            self._dags.append(made)
        self._by_instance[id(instance)] = made
        return made

    def made(self, value: Value) -> MadeDag | None:
        """The DAG that a value is."""
        return self._by_instance.get(id(value))

    # Decorators

    def _factory(self, kind: str, callee: Symbol, arguments: Arguments, call: syntax.Call | None) -> Instance:
        """What `@dag` or `@task` makes of a function; `callee.receiver` holds what it was given."""
        options = callee.receiver.arguments if callee.receiver is not None else Arguments()
        if id(callee.receiver) in self._used:
            options = options.without("dag_id")
        elif callee.receiver is not None:
            self._used[id(callee.receiver)] = callee.receiver
        written = callee.receiver.call if callee.receiver is not None else call
        made = Instance(Symbol(kind), options, written, self.frame.file)
        function = arguments.get(0, "python_callable") or UNKNOWN
        self.memory.write(made, {"function": function})
        if kind == _DAG_FACTORY:
            self._factories.append(made)
        return made

    def _dag_decorator(self, callee: Symbol, arguments: Arguments, call: syntax.Call | None) -> Value:
        if isinstance(arguments.get(0, ""), FunctionOf):
            return self._factory(_DAG_FACTORY, callee, arguments, call)
        return Instance(callee, arguments, call, self.frame.file)

    def decorated(self, made: Value, decorator: Value, node: syntax.Expression) -> Value:
        """What a decorator makes of a function or class."""
        found = super().decorated(made, decorator, node)
        if (
            isinstance(found, Instance)
            and isinstance(found.callee, Symbol)
            and found.callee.name == _DAG_FACTORY
        ):
            anchor = node.function if isinstance(node, syntax.Call) else node
            self.memory.write(found, {**found.content, "node": Known(anchor)})
        elif (
            isinstance(decorator, Symbol | Instance)
            and _asset_name(decorator)
            and isinstance(made, FunctionOf)
        ):
            self._asset(made, decorator, node)
        return found

    def _asset(self, made: FunctionOf, decorator: Symbol | Instance, node: syntax.Expression) -> None:
        options = decorator.arguments if isinstance(decorator, Instance) else Arguments()
        named = options.get(-1, "dag_id") or options.get(-1, "name")
        name = text_of(named) if named else made.node.name if isinstance(made.node, syntax.Function) else None
        anchor = node.function if isinstance(node, syntax.Call) else node
        dag = self._add(Instance(Symbol("airflow.sdk.asset")), options, anchor, name, self.frame.file)
        dag.registers = True

    def _decorated_dag(self, factory: Instance, call: syntax.Call | None) -> Value:
        function = factory.content.get("function", UNKNOWN)
        if not isinstance(function, FunctionOf) or not isinstance(function.node, syntax.Function):
            return UNKNOWN
        name = factory.arguments.get(0, "dag_id")
        written = factory.content.get("node")
        node = written.value if isinstance(written, Known) else None
        if not isinstance(node, syntax.Node):
            node = factory.call.function if factory.call is not None else function.node
        self._called[id(factory)] = factory
        instance = Instance(Symbol("airflow.sdk.DAG"), factory.arguments, call, factory.file)
        dag_id = function.node.name if name is None or truth(name) is False else text_of(name)
        made = self._add(instance, factory.arguments, node, dag_id, factory.file)
        made.registers = True
        self._run_within(made, function)
        return instance

    def _run_within(self, made: MadeDag, function: FunctionOf) -> None:
        """Follows the function that `@dag` decorates: its parameters are those of the run."""
        parameter = Instance(Symbol("airflow.sdk.definitions.param.DagParam"))
        names = [each.name for each in function.node.parameters if not each.star]
        self._context.append(made)
        try:
            self.called(function, Arguments((), dict.fromkeys(names, parameter)), None)
        finally:
            self._context.pop()

    # Contexts and tasks

    def entered_context(self, value: Value) -> Value:
        """What `with value as ...` gives: a DAG takes in what is made inside."""
        made = self.made(value)
        if made is not None:
            self._context.append(made)
            hidden = made.arguments.keywords.get("auto_register")
            made.registers = made.registers or not (isinstance(hidden, Known) and hidden.value is False)
            return value
        return super().entered_context(value)

    def left_context(self, value: Value) -> None:
        """The end of `with value`."""
        if self.made(value) is not None and self._context:
            self._context.pop()
        else:
            super().left_context(value)

    def _add_task(self, task: MadeTask) -> None:
        given = [self.made(each) for each in alternatives(task.arguments.keywords.get("dag", UNKNOWN))]
        owners = [each for each in given if each is not None] or self._context[-1:]
        for owner in owners if not self.rehearsals else ():
            owner.tasks.append(task)

    def _task_made(
        self, factory: Instance, method: str, arguments: Arguments, call: syntax.Call | None
    ) -> Value:
        if method == "override":
            made = Instance(factory.callee, arguments.after(factory.arguments), factory.call, factory.file)
            self.memory.write(made, dict(factory.content))
            return made
        if method == "partial":
            return factory
        if call is not None:
            self._add_task(MadeTask("task", factory.arguments, self.frame.file, call.function))
        return Instance(Symbol("airflow.sdk.XComArg"), arguments, call, self.frame.file)

    def _group_made(
        self, factory: Instance, method: str, arguments: Arguments, call: syntax.Call | None
    ) -> Value:
        """Follows the function that `@task_group` decorates, called or expanded."""
        if method in ("override", "partial"):
            return factory
        function = factory.content.get("function", UNKNOWN)
        return self.call(function, arguments if method == "__call__" else Arguments(complete=False), call)

    # Assignments

    def set_attribute(self, owner: Value, name: str, value: Value, node: syntax.Node) -> None:
        """`owner.name = value`."""
        made = self.made(owner)
        if made is not None:
            made.reassigned.append(Reassigned(name, value, (self.frame.file, node)))
            made.id = text_of(value) if name == "dag_id" else made.id
        super().set_attribute(owner, name, value, node)

    def attribute(self, value: Value, name: str) -> Value:
        """What `value.name` gives; a DAG has what it was given."""
        made = self.made(value) if isinstance(value, Instance) else None
        if made is None or not isinstance(value, Instance) or name in value.content:
            return super().attribute(value, name)
        if name == "dag_id" and made.id is not None:
            return Known(made.id)
        return made.argument(name) if name in _KEPT else super().attribute(value, name)

    # Which files make the DAGs of a file

    def loads(self, file: DagFile) -> list[Loaded]:
        """What loading a file makes, and what the files make that call functions of it which make DAGs."""
        makers = {name for dag in file.dags for name in _enclosing_names(dag)}
        makers |= set(file.dag_classes)
        found = [self.load(file)]
        for path in self._callers(file, makers) if makers else ():
            other = self.repo.readable_dag_file(path)
            found += [] if other is None else [self.load(other)]
        return found

    def _callers(self, file: DagFile, makers: set[str]) -> list[str]:
        wanted, found = set(makers), {file.path: None}
        for _ in range(_MOST_HOPS):
            more = sorted({path for name in wanted for path in self.repo.dag_files_with(name)} - found.keys())
            found.update(dict.fromkeys(more))
            wanted = {name for path in more for name in self._defined_around(path, wanted)}
            if not wanted:
                break
        return list(found)[1 : _MOST_FILES + 1]

    def _defined_around(self, path: str, wanted: set[str]) -> Iterator[str]:
        """The functions and classes of a file in whose text one of these names stands."""
        pattern = re.compile(rb"\b(?:%s)\b" % b"|".join(re.escape(name).encode() for name in wanted))
        data = self.repo.data(path)
        starts = [*_DEFINITION.finditer(data)]
        for start, end in zip(starts, [*(each.start() for each in starts[1:]), len(data)], strict=False):
            if pattern.search(data, start.end(), end):
                yield start[1].decode()


def _may_hold_dags(file: DagFile) -> bool:
    """Airflow's safe mode: it reads files that speak of both."""
    text = file.source.text.lower()
    return "airflow" in text and ("dag" in text or "asset" in text)


def _undotted(name: str, suffix: str) -> str:
    return name.removesuffix(suffix)


def _is_task_maker(name: str) -> bool:
    plain = _undotted(name, ".__call__")
    return any(plain == maker or plain.startswith(f"{maker}.") for maker in _TASK_MAKERS)


def _asset_name(decorator: Symbol | Instance) -> bool:
    named = decorator.callee if isinstance(decorator, Instance) else decorator
    return isinstance(named, Symbol) and _undotted(named.name, ".multi") in ASSET_DECORATORS


def _outermost(scope: syntax.Scope) -> syntax.Function | None:
    """The function around a scope that stands in no other function."""
    found: syntax.Function | None = None
    inner: syntax.Scope | None = scope
    while inner is not None:
        if isinstance(inner.owner, syntax.Function):
            found = inner.owner
        inner = inner.parent
    return found


def _enclosing_names(dag: Dag) -> Iterator[str]:
    """The functions and classes around a place that makes a DAG, the decorated function included."""
    inner: syntax.Scope | None = dag.scope
    while inner is not None:
        if isinstance(inner.owner, (syntax.Function, syntax.Class)):
            yield inner.owner.name
        inner = inner.parent
    if dag.function is not None:
        yield dag.function.name
