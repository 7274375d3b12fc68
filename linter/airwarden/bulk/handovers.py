"""What one task hands to another through XCom: by its arguments, and by pulling."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TypeAlias

from airwarden import syntax
from airwarden.bulk.dataflow import Dataflow, Outcome
from airwarden.bulk.expressions import Passage
from airwarden.bulk.values import SMALL, UNKNOWN, Definition, Step, Value, element, joined
from airwarden.dag import DagFile, Task
from airwarden.records import dataclass

RETURN_VALUE = "return_value"
"""The key of what a task returns."""

_Given: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True)
class Maker:
    """A task with the call that sets it up, where there is one, and what it runs."""

    task: Task
    call: syntax.Call | None
    callee: Value

    @property
    def id(self) -> str | None:
        """The id of the task, where it is written out."""
        written = self.call.keyword("task_id") if self.call else None
        if isinstance(written, syntax.Constant):
            return str(written.value)
        is_named = written is None and self.task.kind == "decorated" and self.task.function
        return getattr(self.task.function, "name", None) if is_named else None


class Handovers:
    """The tasks of one file, and the bulk values that they get from each other."""

    def __init__(self, file: DagFile, flow: Dataflow) -> None:
        self._file = file
        self._flow = flow
        flow.pulled = self.pulled

    def given(self, maker: Maker) -> Iterator[_Given]:
        """The values for its parameters that a task gets from others, for each place that hands some over."""
        task = maker.task
        yield from self._by_operator(maker)
        if task.function is not None and task.kind in ("decorated", "asset"):
            yield from self._by_calls(task.function)

    def pulled(self, call: syntax.Call, file: DagFile) -> Value:
        """What `xcom_pull` gives in a file where the id of the task that it names is written out."""
        named = call.keyword("task_ids") or call.positional(0)
        key = _text(call.keyword("key"), RETURN_VALUE)
        if file is not self._file or call.keyword("dag_id") is not None or key is None:
            return UNKNOWN
        if isinstance(named, syntax.Sequence):
            items = enumerate(self._of(_text(each), key, call) for each in named.items)
            return Value("container", held=tuple(items))
        return self._of(_text(named), key, call)

    def _of(self, name: str | None, key: str, call: syntax.Call) -> Value:
        makers = self._by_id.get((name or "").rpartition(".")[2], [])
        if len(makers) != 1:
            return UNKNOWN
        outcome = self._flow.run(makers[0].callee)
        value = _returned(makers[0], outcome) if key == RETURN_VALUE else UNKNOWN
        if value is UNKNOWN:
            value = joined(each.value for each in outcome.pushes if _key(each) == key)
        return value.through(Step(self._file, call, f"pulled from {name}"))

    # The tasks

    @cached_property
    def makers(self) -> tuple[Maker, ...]:
        """Every task of the file, with what sets it up."""
        calls = {id(site.call.keyword("python_callable")): site.call for site in self._file.module.calls}
        return tuple(self._maker(task, calls) for task in self._file.tasks)

    def _maker(self, task: Task, calls: Mapping[int, syntax.Call]) -> Maker:
        call = task.node if isinstance(task.node, syntax.Call) else calls.get(id(task.node))
        return Maker(task, call, self._callee(task))

    @cached_property
    def _by_id(self) -> Mapping[str, list[Maker]]:
        found: defaultdict[str, list[Maker]] = defaultdict(list)
        for maker in self.makers:
            if maker.id is not None:
                found[maker.id].append(maker)
        return found

    def pushes(self, maker: Maker) -> bool:
        """Whether what a task's function returns goes on: not where an operator of the repository runs it and
        returns nothing itself.
        """
        task = maker.task
        if task.kind != "callable" or maker.call is None:
            return task.pushes
        operator = self._flow.settled(maker.call.function, self._file, task.scope).definition
        if operator is None or not isinstance(operator.node, syntax.Class):
            return task.pushes
        execute = self._flow.attribute(Value("instance", definition=operator), "execute")
        if execute.definition is None or not isinstance(execute.definition.node, syntax.Function):
            return task.pushes
        returns = self._flow.run(execute).returns
        return task.pushes and any(each.value != SMALL for each in returns)

    def _callee(self, task: Task) -> Value:
        """The function that a task runs, as a value; unknown where it is."""
        if task.function is None and isinstance(task.node, syntax.Expression):
            called = _called(task.node, self._file, task.scope)
            value = self._flow.settled(called, self._file, task.scope)
            return self._flow.attribute(value, "__call__") if value.type == "instance" else value
        return Value("definition", definition=Definition(self._file, task.function))

    # What they get

    def _by_operator(self, maker: Maker) -> Iterator[_Given]:
        """What the `op_args` and `op_kwargs` of an operator hand over."""
        node = maker.callee.definition.node if maker.callee.definition else None
        call = maker.call
        if call is None or not isinstance(node, syntax.Function) or maker.task.kind != "callable":
            return
        names = [each.name for each in node.parameters if not each.star]
        placed, named = call.keyword("op_args"), call.keyword("op_kwargs")
        items = placed.items if isinstance(placed, syntax.Sequence) else ()
        entries = named.entries if isinstance(named, syntax.Mapping) else ()
        written = [*zip(names, items, strict=False), *((_text(key), value) for key, value in entries)]
        yield from _bulk(
            (name, self._operand(value, maker.task.scope)) for name, value in written if name is not None
        )

    def _operand(self, expression: syntax.Expression, scope: syntax.Scope) -> Value:
        """The value of an argument; `task.output` is what that task returns."""
        match expression:
            case syntax.Attribute(name="output", value=syntax.Name(id=name)):
                found = scope.lookup(name)
                calls = [binding.value for binding in found[1]] if found else []
                makers = [each for each in self.makers if any(each.call is call for call in calls if call)]
                return _returned(makers[0], self._flow.run(makers[0].callee)) if makers else UNKNOWN
            case _:
                return self._flow.settled(expression, self._file, scope)

    def _by_calls(self, function: syntax.Function | syntax.Lambda) -> Iterator[_Given]:
        """What the calls of a decorated function hand over."""
        for site in self._sites.get(getattr(function, "name", ""), ()):
            found = site.scope.lookup(getattr(function, "name", ""))
            if found is None or all(binding.value is not function for binding in found[1]):
                continue
            is_mapped = _last(site.call) == "expand"
            plain = [each.name for each in function.parameters if not each.star and not each.keyword_only]
            placed = [each.value for each in site.call.arguments if each.keyword is None and not each.star]
            written = [*zip(plain, placed, strict=False)]
            written += [(each.keyword, each.value) for each in site.call.arguments if each.keyword]
            values = ((name, self._operand(value, site.scope)) for name, value in written)
            yield from _bulk((name, element(value) if is_mapped else value) for name, value in values)

    @cached_property
    def _sites(self) -> Mapping[str, list[syntax.CallSite]]:
        """The calls of names that decorated functions have: `f(...)`, `f.expand(...)` and their like."""
        names = {getattr(task.function, "name", "") for task in self._file.tasks}
        found: defaultdict[str, list[syntax.CallSite]] = defaultdict(list)
        for site in self._file.module.calls:
            name = _first(site.call)
            if name in names:
                found[name].append(site)
        return found


def _returned(maker: Maker, outcome: Outcome) -> Value:
    return joined(each.value for each in outcome.returns) if maker.task.pushes else UNKNOWN


def _bulk(given: Iterator[tuple[str, Value]]) -> Iterator[_Given]:
    """The values that hold bulk, by parameter, if there are any."""
    found = {name: value for name, value in given if value.bulk is not None}
    if found:
        yield found


def _first(call: syntax.Call) -> str:
    """The name that a chain of calls and attributes starts with."""
    expression: syntax.Expression = call.function
    while isinstance(expression, (syntax.Attribute, syntax.Call)):
        is_call = isinstance(expression, syntax.Call)
        expression = expression.function if is_call else expression.value  # type: ignore[union-attr]
    return expression.id if isinstance(expression, syntax.Name) else ""


def _last(call: syntax.Call) -> str:
    return call.function.name if isinstance(call.function, syntax.Attribute) else ""


def _called(node: syntax.Expression, file: DagFile, scope: syntax.Scope) -> syntax.Expression:
    """The function in `functools.partial(function, ...)`, or the expression itself."""
    if isinstance(node, syntax.Call) and "functools.partial" in file.names(node.function, scope):
        return node.positional(0) or node
    return node


def _key(passage: Passage) -> str | None:
    node = passage.node
    return _text(node.keyword("key") or node.positional(0)) if isinstance(node, syntax.Call) else None


def _text(expression: syntax.Expression | None, otherwise: str | None = None) -> str | None:
    """A text that is written out; `otherwise` where there is nothing."""
    if expression is None:
        return otherwise
    is_text = isinstance(expression, syntax.Constant) and isinstance(expression.value, str)
    return str(expression.value) if is_text else None  # type: ignore[attr-defined]
