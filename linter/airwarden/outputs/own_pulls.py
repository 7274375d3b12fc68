"""OwnPulls: where a task pulls an XCom of its own that Airflow has deleted before it runs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from functools import cached_property
from itertools import islice

from airwarden import syntax
from airwarden.bulk.definitions import Definitions
from airwarden.bulk.modules import Modules
from airwarden.bulk.values import Definition
from airwarden.dag import DagFile, Task, enclosing_class
from airwarden.outputs.pulls import RETURNED, Pull, pulls_in, pulls_of
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.repo import Repo
from airwarden.tracing import Trace, Tracer, traced_property

_PUSHES = frozenset({"axcom_push", "xcom_push"})
_HANDED_ON = frozenset({"context", "ctx", "kwargs", "task_instance", "ti"})
_GROUPS = regex(r"\bTaskGroup\b|\btask_group\b")
_LATER = regex(r"on_\w+|doc\w*|map_index_template|python_callable|default_args|params|task_id")
_CHANGED = regex(rb"(?<![\w\x80-\xff])([\w\x80-\xff]+)(?=\s*\.\s*(?:partial|expand|override))")
_WORD = regex(r"(\w+)\s*([(.])?")
_PLAIN = frozenset({"classmethod", "property", "staticmethod"})
_MOST_DEPTH = 40
_MOST_STEPS = 500


@dataclass(frozen=True, eq=False)
class OwnPull:
    """A pull of a task's own XCom.

    `node` is where it stands in the file that makes the task, or what of this file leads there. `source` is
    the pull itself, with its file. `push` is what leaves the value behind, None where it is what is returned.
    """

    node: syntax.Node
    deed: str
    key: str
    source: tuple[DagFile, syntax.Node]
    push: tuple[DagFile, syntax.Node] | None = None


@dataclass(frozen=True, eq=False)
class _Step:
    """A call of a running task that pulls, pushes or is not known, in the order of the run.

    `node` is the call of the task's own function that leads there, `depth` the number of calls between.
    """

    call: syntax.Call
    file: DagFile
    node: syntax.Node
    depth: int
    is_repeated: bool
    pull: Pull | None = None
    is_push: bool = False
    key: str | None = None


class _Uses:
    """How the functions of a file are used in it."""

    def __init__(self, file: DagFile) -> None:
        self._file = file

    @cached_property
    def words(self) -> Counter[tuple[str, str]]:
        """How often each word stands in the text before a `(`, before a `.` and before neither."""
        return Counter((found[1], found[2] or "") for found in _WORD.finditer(self._file.source.text))

    @cached_property
    def in_groups(self) -> bool:
        """Whether tasks may stand in groups."""
        return bool(_GROUPS.search(self._file.source.text))

    @cached_property
    def repeated(self) -> frozenset[str]:
        """The functions that are called in loops, so that each further call makes a task of another id."""
        module = self._file.module
        looped = set(_repeated(module)).union(*map(_repeated, module.functions))
        return frozenset(
            site.call.function.id
            for site in module.calls
            if isinstance(site.call.function, syntax.Name)
            and (id(site.call) in looped or site.scope.kind == "comprehension")
        )

    @cached_property
    def operators(self) -> dict[int, list[syntax.Call]]:
        """The calls that are given a callable, by that."""
        found: dict[int, list[syntax.Call]] = {}
        for site in self._file.module.calls:
            written = site.call.keyword("python_callable")
            if written is not None:
                found.setdefault(id(written), []).append(site.call)
        return found


class OwnPulls:
    """Such pulls, for each file of one repository."""

    def __init__(self, repo: Repo) -> None:
        self._repo = repo
        self._uses: dict[str, _Uses] = {}
        self._modules = repo.analysis(Modules)
        self._definitions = Definitions(repo)
        self._pulls: dict[str, dict[int, Pull]] = {}
        self._calls: dict[str, dict[int, list[syntax.CallSite]]] = {}
        self._known: dict[int, tuple[tuple[_Step, ...], Trace]] = {}
        self._resumed: dict[str, frozenset[str]] = {}

    @property
    def tracer(self) -> Tracer:
        """That of the repository."""
        return self._repo.tracer

    def of(self, file: DagFile) -> list[OwnPull]:
        """The pulls of the tasks that a file makes, each place once."""
        found = [*self._in_templates(file)] if "xcom_pull" in file.source.text else []
        may_pull = bool(file.tasks) and self._modules.say(("xcom_pull",), file)
        for task in file.tasks if may_pull else ():
            function = self._function(task, file)
            steps = () if function is None else self._steps(function)
            if function is None or not any(step.pull for step in steps) or self._is_resumed(function):
                continue
            pulls = list(self._of_task(task, function, file, steps))
            if pulls and not _is_mapped(task, self._uses_in(file)) and not self._is_changed(task, function):
                found += pulls
        return list({id(each.node): each for each in found}.values())

    def _is_changed(self, task: Task, function: Definition) -> bool:
        """Whether a task may be mapped somewhere, so that it pulls what its siblings push too, or renamed."""
        owner = enclosing_class(function.node.scope) if isinstance(function.node, syntax.Function) else None
        name = owner.name if owner is not None and task.kind == "execute" else function.name
        return name.encode() in self._changed

    @traced_property
    def _changed(self) -> frozenset[bytes]:
        """What is mapped or renamed somewhere."""
        texts = (self._repo.data(path) for path in self._repo.files_with(_CHANGED, ".py"))
        return frozenset(found[1] for text in texts for found in _CHANGED.finditer(text))

    def _uses_in(self, file: DagFile) -> _Uses:
        if file.path not in self._uses:
            self._uses[file.path] = _Uses(file)
        return self._uses[file.path]

    def _function(self, task: Task, file: DagFile) -> Definition | None:
        """The function that a task runs once each time that it starts."""
        if task.kind == "asset" or (
            "sensor" in task.name.lower() and not _is_rescheduled(task, file, self._uses_in(file))
        ):
            return None
        if isinstance(task.function, syntax.Function):
            return Definition(file, task.function, task.function.name)
        if task.kind != "callable" or not isinstance(task.node, syntax.Expression):
            return None
        return self._called(task.node, file, task.scope)

    def _is_resumed(self, function: Definition) -> bool:
        """Whether a deferred task may go on with a function: its XComs are kept then."""
        file = function.file
        if file is not None and file.path not in self._resumed:
            self._resumed[file.path] = _resumed(file)
        return file is None or not {"", "execute", function.name}.isdisjoint(self._resumed[file.path])

    # Code

    def _of_task(
        self, task: Task, function: Definition, file: DagFile, steps: Sequence[_Step]
    ) -> Iterator[OwnPull]:
        for place, step in enumerate(steps):
            if step.pull is None or step.pull.key is None or not self._is_own(step, task, function, file):
                continue
            pushes = [(n, each) for n, each in enumerate(steps) if each.is_push and _is_of(each, step.pull)]
            node = step.call if step.file is file and function.file is file else step.node
            if function.file is not file:
                node = task.node
            source = (step.file, step.call)
            if step.pull.key == RETURNED and not pushes:
                yield OwnPull(node, f"{function.name}() pulls", RETURNED, source)
            elif _is_carried(place, step, pushes, steps):
                push = pushes[0][1]
                yield OwnPull(node, f"{function.name}() pulls", step.pull.key, source, (push.file, push.call))

    def _steps(self, function: Definition, depth: int = 0) -> tuple[_Step, ...]:
        """What a function does of interest, in order, functions of the repository that it calls included."""
        node = function.node
        if not isinstance(node, syntax.Function) or function.file is None or depth > _MOST_DEPTH:
            return ()
        if id(node) not in self._known:
            with self._repo.tracer.answer() as trace:
                self._known[id(node)] = (), trace
                steps = tuple(islice(self._run(node, function.file, depth), _MOST_STEPS))
                self._known[id(node)] = steps, trace
        steps, trace = self._known[id(node)]
        self._repo.tracer.again(trace)
        return steps

    def _run(self, node: syntax.Function, file: DagFile, depth: int) -> Iterator[_Step]:
        looped, is_wrapped = _repeated(node), _is_wrapped(node, file)
        for site in self._sites(file).get(id(node), ()):
            repeats = is_wrapped or id(site.call) in looped or site.scope.kind == "comprehension"
            step = _Step(site.call, file, site.call, 0, repeats)
            pull = self._pulls_of(file).get(id(site.call))
            if pull is not None:
                yield replace(step, pull=pull)
            elif _is_push(site.call):
                yield replace(step, is_push=True, key=_pushed_key(site, file))
            else:
                yield from self._inner(step, site, depth)

    def _inner(self, step: _Step, site: syntax.CallSite, depth: int) -> Iterator[_Step]:
        called = self._called(site.call.function, step.file, site.scope)
        if called is None or called.file is None or not isinstance(called.node, syntax.Function):
            if _is_handed_context(site.call):
                yield step
        elif not self._is_resumed(called):
            for inner in self._steps(called, depth + 1):
                repeats = step.is_repeated or inner.is_repeated
                yield replace(inner, node=step.node, depth=inner.depth + 1, is_repeated=repeats)

    def _sites(self, file: DagFile) -> dict[int, list[syntax.CallSite]]:
        """The calls of a file by the function that they stand in."""
        if file.path not in self._calls:
            found: dict[int, list[syntax.CallSite]] = {}
            for site in file.module.calls:
                found.setdefault(id(site.scope.function), []).append(site)
            self._calls[file.path] = found
        return self._calls[file.path]

    def _called(self, written: syntax.Expression, file: DagFile, scope: syntax.Scope) -> Definition | None:
        """The function of the repository that an expression names."""
        match written:
            case syntax.Name(id=name):
                return self._definitions.name(name, file, scope).definition
            case syntax.Attribute(value=syntax.Name(id=("self" | "cls")), name=name):
                owner = enclosing_class(scope)
                if owner is None:
                    return None
                return self._definitions.member(Definition(file, owner, owner.name), name).definition
            case syntax.Attribute(value=inner, name=name):
                found = self._called(inner, file, scope)
                return None if found is None else self._definitions.attribute(found, name).definition
            case _:
                return None

    def _pulls_of(self, file: DagFile) -> dict[int, Pull]:
        if file.path not in self._pulls:
            self._pulls[file.path] = {id(each.call): each for each in pulls_of(file) if each.call is not None}
        return self._pulls[file.path]

    # What is a task's own

    def _is_own(self, step: _Step, task: Task, function: Definition, file: DagFile) -> bool:
        pull = step.pull
        if pull is None or pull.is_elsewhere:
            return False
        if pull.is_own:
            root = _root(pull)
            return (
                root in _HANDED_ON
                or (root == "self" and task.kind == "execute")
                or (root == "task" and step.depth == 0)
            )
        if pull.ids == ():
            is_third = self._repo.dependencies.series == {"3"} or file.needs("airflow.sdk")
            return is_third and pull.key != RETURNED
        return (
            pull.ids is not None and len(pull.ids) == 1 and pull.ids[0] == self._only_id(task, function, file)
        )

    def _only_id(self, task: Task, function: Definition, file: DagFile) -> str | None:
        """The id of a task where its function is that of this task alone, outside of any group."""
        uses = self._uses_in(file)
        if uses.in_groups or function.file is not file:
            return None
        called, dotted, other = (uses.words[function.name, end] for end in ("(", ".", ""))
        if task.kind == "decorated":
            given = task.node.keyword("task_id") if isinstance(task.node, syntax.Call) else None
            if called != 2 or dotted or function.name in uses.repeated:
                return None
            return function.name if given is None else file.text(given, task.scope)
        made = uses.operators.get(id(task.node), [])
        if task.kind != "callable" or called + dotted + other != 2 or len(made) != 1:
            return None
        given = made[0].keyword("task_id")
        return None if given is None else file.text(given, task.scope)

    # Templates

    def _in_templates(self, file: DagFile) -> Iterator[OwnPull]:
        """The templates of an operator that pull from itself: they are rendered before it runs."""
        for site in file.module.calls:
            given = site.call.keyword("task_id")
            task_id = None if given is None else file.text(given, site.scope)
            if task_id is None or not _is_operator(site, file):
                continue
            for argument in site.call.arguments:
                if argument.keyword and not _LATER.fullmatch(argument.keyword):
                    yield from _of_template(argument.value, task_id, file)


def _of_template(written: syntax.Expression, task_id: str, file: DagFile) -> Iterator[OwnPull]:
    texts = (each for each in _nodes(written) if isinstance(each, syntax.Constant))
    for node in texts:
        for pull in pulls_in(node.value) if isinstance(node.value, str) else ():
            is_named = pull.ids == (task_id,) and not _GROUPS.search(file.source.text)
            if (is_named or pull.is_own) and not pull.is_elsewhere and pull.key is not None:
                yield OwnPull(node, f"this template of task {task_id!r} pulls", pull.key, (file, node))


def _is_operator(site: syntax.CallSite, file: DagFile) -> bool:
    """Whether an operator of Airflow is made that is neither mapped nor deferred."""
    names = file.names(site.call.function, site.scope)
    if site.call.keyword("deferrable") is not None:
        return False
    return any(re.fullmatch(r"airflow\.[\w.]+Operator", name) for name in names)


def _root(pull: Pull) -> str:
    """The name that the ids of a pull start from; that of the context for an item of it."""
    call = pull.call
    written = None if call is None else call.keyword("task_ids") or call.positional(0)
    if isinstance(written, syntax.Sequence):
        written = written.items[0]
    while isinstance(written, syntax.Attribute):
        written = written.value
    if isinstance(written, syntax.Subscript):
        return "context"
    return written.id if isinstance(written, syntax.Name) else "context"


def _is_of(push: _Step, pull: Pull) -> bool:
    return push.key is None or push.key == pull.key


def _is_carried(place: int, step: _Step, pushes: Sequence[tuple[int, _Step]], steps: Sequence[_Step]) -> bool:
    """Whether a value that is pulled is known to be pushed behind that, and nowhere before it."""
    if step.is_repeated or not pushes or any(n < place or each.key is None for n, each in pushes):
        return False
    return all(each.pull is not None or each.is_push for each in steps[:place])


def _is_push(call: syntax.Call) -> bool:
    return isinstance(call.function, syntax.Attribute) and call.function.name in _PUSHES


def _pushed_key(site: syntax.CallSite, file: DagFile) -> str | None:
    first = site.call.positional(0)
    shift = 1 if isinstance(first, syntax.Name) and first.id in ("context", "kwargs") else 0
    written = site.call.argument(shift, "key")
    return None if written is None else file.text(written, site.scope)


def _is_handed_context(call: syntax.Call) -> bool:
    """Whether a call gets what it takes to push XComs."""
    for argument in call.arguments:
        value = argument.value
        if argument.star == "**" or (isinstance(value, syntax.Name) and value.id in _HANDED_ON):
            return True
        index = value.index if isinstance(value, syntax.Subscript) else None
        if isinstance(index, syntax.Constant) and index.value in _HANDED_ON:
            return True
    return False


def _is_rescheduled(task: Task, file: DagFile, uses: _Uses) -> bool:
    """Whether a sensor is known to end after each look and to start again: else it keeps its XComs."""
    made = [*uses.operators.get(id(task.node), [])]
    made += [task.node] if task.kind == "decorated" and isinstance(task.node, syntax.Call) else []
    modes = [mode for call in made if (mode := call.keyword("mode")) is not None]
    return bool(modes) and all(file.text(mode, task.scope) == "reschedule" for mode in modes)


def _is_mapped(task: Task, uses: _Uses) -> bool:
    """Whether the operator that gets a callable is mapped."""
    return task.kind == "callable" and any(
        isinstance(call.function, syntax.Attribute) and call.function.name == "partial"
        for call in uses.operators.get(id(task.node), ())
    )


def _is_wrapped(node: syntax.Function, file: DagFile) -> bool:
    """Whether a decorator may call a function more than once."""
    scope = node.scope.parent or file.module.scope
    called = [each.function if isinstance(each, syntax.Call) else each for each in node.decorators]
    return any(
        file.full_name(each, scope) not in _PLAIN and file.task_variant(each, scope) is None
        for each in called
    )


def _resumed(file: DagFile) -> frozenset[str]:
    """The methods that deferred tasks of a file go on with; an empty one where that is not known."""
    found = set[str]()
    for site in file.module.calls:
        written = site.call.keyword("method_name")
        if written is not None:
            found.add(file.text(written, site.scope) or "")
    return frozenset(found)


def _repeated(node: syntax.Node) -> frozenset[int]:
    """The calls of a function or module that stand in its loops."""
    found = set[int]()
    pending = list(node.body) if isinstance(node, syntax.Function | syntax.Module) else []
    while pending:
        statement = pending.pop()
        if isinstance(statement, syntax.For | syntax.While):
            inner = [each for body in statement.body for each in _nodes(body)]
            if isinstance(statement, syntax.While):
                inner += _nodes(statement.test)
            found.update(id(each) for each in inner if isinstance(each, syntax.Call))
        else:
            pending += [each for block in syntax.blocks_of(statement) for each in block]
    return frozenset(found)


def _nodes(node: syntax.Node) -> Iterator[syntax.Node]:
    """A node and all nodes inside it."""
    pending: list[object] = [node]
    while pending:
        each = pending.pop()
        if isinstance(each, tuple):
            pending += each
        elif isinstance(each, syntax.Node) and not isinstance(each, syntax.ImportedName):
            yield each
            pending += [
                getattr(each, one.name)
                for one in fields(each)  # type: ignore[arg-type]
                if one.name != "scope"
            ]
