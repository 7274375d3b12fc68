"""What statements do, one after the other, on every way that the run may take."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from airwarden import syntax
from airwarden.interpreter.branches import Flow
from airwarden.interpreter.calls import Calls
from airwarden.interpreter.expressions import Frame, Raised, defaults_of
from airwarden.interpreter.memory import Changes
from airwarden.interpreter.operations import compared, operated
from airwarden.interpreter.values import (
    NONE,
    UNKNOWN,
    Arguments,
    Choice,
    ClassOf,
    Coroutine,
    Data,
    FunctionOf,
    Instance,
    Items,
    Known,
    Namespace,
    Symbol,
    Table,
    Value,
    choice,
    now,
    truth,
)

_ENUMS = frozenset({"enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag"})
_DICTS = frozenset({"typing.TypedDict", "typing_extensions.TypedDict"})
_RECORD_BASES = frozenset({"pydantic.BaseModel", "typing.NamedTuple", "attrs.Struct", "msgspec.Struct"})
_RECORD_DECORATORS = frozenset(
    {
        "attr.attrs",
        "attr.dataclass",
        "attr.define",
        "attr.frozen",
        "attr.mutable",
        "attr.s",
        "attrs.define",
        "attrs.frozen",
        "attrs.mutable",
        "dataclasses.dataclass",
        "pydantic.dataclasses.dataclass",
    }
)
_SUPPRESSING = "contextlib.suppress"


class Statements(Calls):
    """The part of an interpreter that follows statements."""

    aside = 0
    """How many ways deep the run is that only an exception leads to."""

    @abstractmethod
    def import_(self, statement: syntax.Import) -> Flow:
        """Follows an import."""

    def entered_context(self, value: Value) -> Value:
        """What `with value as ...` gives."""
        if isinstance(value, Instance) and isinstance(value.callee, ClassOf):
            method = self.class_attribute(value.callee, "__enter__")
            return (
                value if method is None else self.call(self.attribute(value, "__enter__"), Arguments(), None)
            )
        if isinstance(value, Items) and value.kind == "generator":
            return value.items[0] if value.items else UNKNOWN
        return value

    def left_context(self, value: Value) -> None:
        """The end of `with value`."""

    def sidetracked(self, changes: Changes) -> None:
        """What a way would change that only an exception leads to."""

    def block(self, statements: Sequence[syntax.Statement]) -> Flow:
        """Follows statements in order."""
        for statement in statements:
            self.tick()
            follow = _FOLLOW.get(type(statement))
            try:
                flow: Flow = "next" if follow is None else follow(self, statement)
            except Raised:
                return "dead"
            if flow != "next":
                return flow
        return "next"

    # Choices

    def if_(
        self, branches: Sequence[tuple[syntax.Expression, tuple[syntax.Statement, ...]]], orelse: Any
    ) -> Flow:
        """Follows `if`, `elif` and `else`."""
        for index, (test, body) in enumerate(branches):
            known = truth(self.evaluate(test))
            if known is True:
                return self.block(body)
            if known is None:
                rest = partial(self.if_, branches[index + 1 :], orelse)
                taken = partial(self._where, test, True, partial(self.block, body))
                return self.branches([taken, partial(self._where, test, False, rest)])
        return self.block(orelse)

    def _where(self, test: syntax.Expression, outcome: bool, follow: Callable[[], Flow]) -> Flow:
        """Follows a way on which a test has an outcome: what a name can't be there is left out."""
        name = _tested(test)
        value = None if name is None else self.frame.names.find(name)
        if name is not None and isinstance(value, Choice):
            kept = [each for each in value.values if self._comes_out(test, name, each) in (outcome, None)]
            if not kept:
                return "dead"
            self.bind(name, choice(kept))
        return follow()

    def _comes_out(self, test: syntax.Expression, name: str, value: Value) -> bool | None:
        self.memory.open()
        try:
            self.bind(name, value)
            return truth(self.evaluate(test))
        except Raised:
            return None
        finally:
            self.memory.undo()

    def match(self, statement: syntax.Match) -> Flow:
        """Follows `match`: the case that is known to match, or every one that may."""
        subject = self.evaluate(statement.subject)
        ways: list[Callable[[], Flow]] = []
        for tests, body in zip(statement.tests, statement.bodies, strict=True):
            known = self._matches(subject, tests)
            if known is not False:
                ways.append(partial(self.block, body))
            if known is True:
                break
        else:
            ways.append(lambda: "next")
        return ways[0]() if len(ways) == 1 else self.branches(ways)

    def _matches(self, subject: Value, tests: tuple[syntax.Expression, ...] | None) -> bool | None:
        if tests is None:
            return None
        outcomes = [truth(compared("Equal", subject, self.evaluate(test))) for test in tests]
        if True in outcomes or not tests:
            return True
        return None if None in outcomes else False

    def try_(self, statement: syntax.Try) -> Flow:
        """Follows `try` as if nothing went wrong, and tells `sidetracked` what the handlers would do."""
        flow = self.block(statement.body)
        if flow == "dead":
            ways = [partial(self.block, body) for _, body in statement.handlers]
            flow = self.branches(ways) if ways else flow
        else:
            for _, body in statement.handlers:
                self.memory.open()
                exits, returned = len(self.frame.exits), len(self.frame.returned)
                self.aside += 1
                self.block(body)
                self.aside -= 1
                del self.frame.exits[exits:], self.frame.returned[returned:]
                self.sidetracked(self.memory.undo())
            if flow == "next":
                flow = self.block(statement.orelse)
        after = self.block(statement.final)
        return flow if after == "next" else after

    # Loops

    def for_(self, statement: syntax.For) -> Flow:
        """Follows a loop: turn by turn where its items are known, else one turn that may come."""
        value = self.evaluate(statement.iterable)
        items, fixed = self.iterated(value)
        first_exit, since = len(self.frame.exits), now()
        self.memory.open()
        if fixed:
            flow = self._turns(statement, items)
        else:
            flow = self._possible_turns(statement, value, items)
        if flow == "next":
            flow = self.block(statement.orelse)
        return self._after_loop(flow, first_exit, since)

    def _turns(self, statement: syntax.For, items: Sequence[Value]) -> Flow:
        for item in items:
            flow = self._turn(statement.body, partial(self.assign, statement.target, item))
            if flow != "next":
                return flow
        return "next"

    def _possible_turns(self, statement: syntax.For, value: Value, items: Sequence[Value]) -> Flow:
        given: Value = value if isinstance(value, Data) else UNKNOWN
        complete = isinstance(value, Items) and value.complete
        for item in (*items, *(() if complete else (given,))):
            turn = partial(self._turn, statement.body, partial(self.assign, statement.target, item))
            flow = self.maybe(lambda turn=turn: _going_on(turn()))  # type: ignore[misc]
            if flow != "next":
                return flow
        return "next"

    def _turn(self, body: Sequence[syntax.Statement], begin: Callable[[], None]) -> Flow:
        first_exit, since = len(self.frame.exits), now()
        self.memory.open()
        begin()
        flow = self.block(body)
        goes_on = self.rejoined("continue", flow, first_exit, since)
        return "next" if goes_on else flow

    def _after_loop(self, flow: Flow, first_exit: int, since: int) -> Flow:
        goes_on = self.rejoined("break", flow, first_exit, since)
        return "next" if goes_on else flow

    def while_(self, statement: syntax.While) -> Flow:
        """Follows a loop as long as its test is known to hold, then one turn that may come."""
        first_exit, since = len(self.frame.exits), now()
        self.memory.open()
        flow: Flow = "next"
        while flow == "next":
            known = truth(self.evaluate(statement.test))
            if known is False:
                flow = self.block(statement.orelse)
                break
            if known is None:
                flow = self.maybe(lambda: _going_on(self._turn(statement.body, lambda: None)))
                break
            flow = self._turn(statement.body, lambda: None)
        return self._after_loop(flow, first_exit, since)

    # Contexts

    def with_(self, statement: syntax.With) -> Flow:
        """Follows a `with`, whose contexts are entered in order."""
        entered: list[Value] = []
        for expression, target in statement.items:
            value = self.evaluate(expression)
            entered.append(value)
            given = self.entered_context(value)
            if target is not None:
                self.assign(target, given, expression)
        flow = self.block(statement.body)
        for value in reversed(entered):
            self.left_context(value)
        return "next" if flow == "dead" and any(map(_suppresses, entered)) else flow

    # Definitions

    def function(self, node: syntax.Function) -> Flow:
        """Defines a function, its decorators applied."""
        made: Value = FunctionOf(node, self.frame.file, self.frame.names, defaults_of(self, node.parameters))
        for decorator in reversed(node.decorators):
            made = self.decorated(made, self.evaluate(decorator), decorator)
        self.bind(node.name, made)
        return "next"

    def decorated(self, made: Value, decorator: Value, node: syntax.Expression) -> Value:
        """What a decorator makes of a function or class; one from outside is taken to change nothing."""
        found = self.call(decorator, Arguments((made,)), node if isinstance(node, syntax.Call) else None)
        is_outside = isinstance(found, Instance) and isinstance(found.callee, Symbol)
        is_outside = is_outside and not _is_own(found)
        return made if is_outside or isinstance(found, Coroutine) else found

    def class_(self, node: syntax.Class) -> Flow:
        """Defines a class."""
        bases = tuple(
            self.evaluate(each.value) for each in node.arguments if each.keyword is None and not each.star
        )
        names = Namespace("class", node.scope, self.frame.names)
        self.frames.append(Frame(self.frame.file, names, self.memory.depth))
        try:
            self.block(node.body)
        finally:
            self.frames.pop()
        decorators = [self.evaluate(each) for each in node.decorators]
        made = ClassOf(node, self.frame.file, names, bases, _form(bases, decorators))
        if made.form == "enum":
            self._make_members(made)
        result: Value = made
        for decorator, written in zip(reversed(decorators), reversed(node.decorators), strict=True):
            if not _is_record(decorator):
                result = self.decorated(result, decorator, written)
        self.bind(node.name, result)
        return "next"

    def _make_members(self, made: ClassOf) -> None:
        for name, variable in made.names.variables.items():
            if isinstance(variable.content, FunctionOf) or name.startswith("_"):
                continue
            value: Value = variable.content
            if (
                isinstance(value, Instance)
                and isinstance(value.callee, Symbol)
                and value.callee.name == "enum.member"
            ):
                value = value.arguments.get(0, "value") or UNKNOWN
            member = Instance(made)
            self.memory.write(member, {"name": Known(name), "value": value})
            self.memory.write(variable, member)

    # Assignments

    def assign_all(self, statement: syntax.Assign) -> Flow:
        """Follows an assignment."""
        if statement.value is not None:
            value = self.evaluate(statement.value)
            for target in statement.targets:
                self.assign(target, value, statement.value)
        return "next"

    def augment(self, statement: syntax.AugmentedAssign) -> Flow:
        """Follows `target operator= value`: lists and dicts change in place."""
        before, value = self.evaluate(statement.target), self.evaluate(statement.value)
        operator = statement.operator.removesuffix("Assign")
        if operator == "Add" and isinstance(before, Items) and before.kind == "list":
            items, fixed = self.iterated(value)
            added = value.items if isinstance(value, Items) else items
            self.memory.write(before, ((*before.items, *added), before.complete and fixed))
            return "next"
        if operator == "BitOr" and isinstance(before, Table):
            self.memory.write(before, before.content.merged(value))
            return "next"
        self.assign(statement.target, operated(operator, before, value), statement.value)
        return "next"


def _is_own(value: Value) -> bool:
    return (
        isinstance(value, Instance)
        and isinstance(value.callee, Symbol)
        and value.callee.name.startswith("airwarden.")
    )


def _going_on(flow: Flow) -> Flow:
    return "next" if flow in ("break", "continue") else flow


def _suppresses(value: Value) -> bool:
    return (
        isinstance(value, Instance) and isinstance(value.callee, Symbol) and value.callee.name == _SUPPRESSING
    )


def _tested(test: syntax.Expression) -> str | None:
    """The one name that a test is about: `x`, `not x`, `x is None`, `isinstance(x, T)`, `callable(x)`."""
    match test:
        case syntax.Name(id=name):
            return name
        case syntax.Operation(operands=(syntax.Name(id=name), *_)):
            return name
        case syntax.Call(function=syntax.Name(id="isinstance" | "callable")):
            first = test.positional(0)
            return first.id if isinstance(first, syntax.Name) else None
        case _:
            return None


def _is_record(decorator: Value) -> bool:
    if isinstance(decorator, Instance) and isinstance(decorator.callee, Symbol):
        decorator = decorator.callee
    return isinstance(decorator, Symbol) and decorator.name in _RECORD_DECORATORS


def _form(bases: Sequence[Value], decorators: Sequence[Value]) -> Any:
    names = {base.name for base in bases if isinstance(base, Symbol)}
    if names & _ENUMS or any(isinstance(base, ClassOf) and base.form == "enum" for base in bases):
        return "enum"
    if names & _DICTS:
        return "dict"
    inherits = any(isinstance(base, ClassOf) and base.form == "record" for base in bases)
    return "record" if names & _RECORD_BASES or inherits or any(map(_is_record, decorators)) else "plain"


def _evaluate(run: Statements, statement: syntax.Evaluate) -> Flow:
    run.evaluate(statement.value)
    return "next"


def _return(run: Statements, statement: syntax.Return) -> Flow:
    value = NONE if statement.value is None else run.evaluate(statement.value)
    run.frame.returned.append(value)
    return "return"


def _leave(run: Statements, statement: syntax.Leave) -> Flow:
    if statement.word == "raise":
        if statement.value is not None:
            run.evaluate(statement.value)
        return "dead"
    return statement.word


def _delete(run: Statements, statement: syntax.Delete) -> Flow:
    for target in statement.targets:
        run.delete(target)
    return "next"


_Follow: TypeAlias = Callable[[Statements, Any], Flow]

_FOLLOW: Mapping[type[syntax.Statement], _Follow] = {
    syntax.Evaluate: _evaluate,
    syntax.Assign: Statements.assign_all,
    syntax.AugmentedAssign: Statements.augment,
    syntax.Return: _return,
    syntax.Leave: _leave,
    syntax.Delete: _delete,
    syntax.Import: lambda run, statement: run.import_(statement),
    syntax.Function: Statements.function,
    syntax.Class: Statements.class_,
    syntax.If: lambda run, statement: run.if_(statement.branches, statement.orelse),
    syntax.For: Statements.for_,
    syntax.While: Statements.while_,
    syntax.With: Statements.with_,
    syntax.Try: Statements.try_,
    syntax.Match: Statements.match,
}
