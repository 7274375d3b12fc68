"""Where bulk data flows: an abstract run of each function, statement by statement, on the values of a file.

Nothing is executed. What a run could not know is unknown, and unknown is not bulk. A variable that holds a
frame on one of several paths holds it after they meet, so a `return` counts when what it returns was bulk on
some path that assigned it. Every analysis ends: evaluations, calls within calls and rounds of a loop are
counted, and what lies beyond is unknown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from airwarden import syntax
from airwarden.bulk.annotations import annotated
from airwarden.bulk.apis import bulk_apis
from airwarden.bulk.calls import Arguments
from airwarden.bulk.definitions import Definitions, is_defined
from airwarden.bulk.expressions import Expressions, Passage
from airwarden.bulk.values import (
    BY_HAND,
    EMPTY,
    FALSE,
    SHORT_QUERY,
    SMALL,
    TRUE,
    UNKNOWN,
    Definition,
    Step,
    Value,
    element,
    joined,
    without,
)
from airwarden.bulk.variables import mentions, met, path_of, root_path
from airwarden.dag import DagFile
from airwarden.records import dataclass

_MOST_EVALUATIONS = 50_000
_MOST_CALLS_DEEP = 6
_MOST_NESTED = 90
_MOST_ROUNDS = 2
_PROPERTIES = frozenset({"property", "cached_property"})


@dataclass(frozen=True)
class Outcome:
    """What a function gives to its caller, and every value that leaves it."""

    value: Value = UNKNOWN
    returns: tuple[Passage, ...] = ()
    yields: tuple[Passage, ...] = ()
    pushes: tuple[Passage, ...] = ()

    @property
    def holds_bulk(self) -> bool:
        """Whether bulk leaves it in any way."""
        return any(each.value.bulk is not None for each in (*self.returns, *self.yields, *self.pushes))


class Dataflow:
    """Runs the functions of one file, and those that they call; has one budget for all of it."""

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
        self._left = _MOST_EVALUATIONS
        self._depth = 0
        self._cuts = 0
        self._running: list[int] = []
        self._outcomes: dict[tuple[object, ...], Outcome] = {}
        self._settled: dict[int, Value] = {}
        self._pushing: dict[str, frozenset[int]] = {}
        self.pulled: Callable[[syntax.Call, DagFile], Value] = _nothing
        """What `xcom_pull` gives, told by whoever knows the tasks."""

    def enter(self) -> bool:
        """Goes one level deeper, where the budget of evaluations and levels allows it."""
        self._left -= 1
        if self._left < 0 or self._depth >= _MOST_NESTED:
            return False
        self._depth += 1
        return True

    def leave(self) -> None:
        """Comes back from where `enter` went."""
        self._depth -= 1

    def outcome(self, definition: Definition, given: Mapping[str, Value]) -> Outcome:
        """What a function or lambda of the repository makes of these values for its parameters."""
        node, file = definition.node, definition.file
        if file is None or not isinstance(node, (syntax.Function, syntax.Lambda)):
            return Outcome()
        key = (id(node), *sorted(given.items(), key=lambda item: item[0]))
        if key in self._outcomes:
            return self._outcomes[key]
        if id(node) in self._running or len(self._running) >= _MOST_CALLS_DEEP:
            self._cuts += id(node) not in self._running
            return Outcome()
        cuts = self._cuts
        self._running.append(id(node))
        outcome = _Run(self, file, node.scope).outcome(node, given)
        self._running.pop()
        if cuts == self._cuts:
            self._outcomes[key] = outcome
        return outcome

    def settled(self, expression: syntax.Expression, file: DagFile, scope: syntax.Scope) -> Value:
        """What an expression gives when each name in it has the one value that it is assigned."""
        if id(expression) not in self._settled:
            self._settled[id(expression)] = UNKNOWN
            self._settled[id(expression)] = _Run(self, file, scope, is_running=False).value(expression)
        return self._settled[id(expression)]

    def name(self, name: str, file: DagFile, scope: syntax.Scope, is_running: bool) -> Value:
        """What a name stands for that the running function has given no value."""
        found = scope.lookup(name)
        if found is None or is_defined(found[1]):
            return self.definitions.name(name, file, found[0] if found else scope)
        home, bindings = found
        if (home is scope and is_running) or len(bindings) != 1:
            return UNKNOWN
        match bindings[0].value:
            case syntax.Parameter() as parameter:
                return self.parameter(parameter, file, home)
            case syntax.Expression() as value if bindings[0].kind == "assign":
                return self.settled(value, file, home)
            case _:
                return UNKNOWN

    def parameter(self, parameter: syntax.Parameter, file: DagFile, scope: syntax.Scope) -> Value:
        """What is known of a parameter as such: its class where it is `self`, else its annotation."""
        home = scope.parent.owner if scope.parent is not None else None
        if isinstance(home, syntax.Class) and _is_receiver(parameter, scope.owner):
            return Value("instance", definition=Definition(file, home, home.name))
        if parameter.annotation is None or parameter.star:
            return UNKNOWN
        return annotated(parameter.annotation, file, scope, self.definitions)

    # What classes and functions of the repository give

    def attribute(self, receiver: Value, name: str) -> Value:
        """An attribute of a definition or of an instance of a class of the repository."""
        if receiver.definition is None:
            return UNKNOWN
        if receiver.type == "definition":
            found = self.definitions.attribute(receiver.definition, name)
            function = found.definition.node if found.definition else None
            is_bound = isinstance(function, syntax.Function) and _has_decorator(function, {"classmethod"})
            return replace(found, held=(("self", receiver),)) if is_bound else found
        found = self.definitions.member(receiver.definition, name)
        function = found.definition.node if found.definition else None
        if isinstance(function, syntax.Function):
            method = replace(found, held=(("self", receiver),))
            is_property = _has_decorator(function, _PROPERTIES)
            return self._invoked(method, {})[0] if is_property else method
        given = self._assigned(receiver.definition, name)
        return self._inherited(found) if given is UNKNOWN else given

    def _assigned(self, owner: Definition, name: str) -> Value:
        """What the methods of a class give to `self.name`, where they agree on its type."""
        for each in self.definitions.lineage(owner):
            if each.file is None or not isinstance(each.node, syntax.Class):
                continue
            written = self.definitions.assigned(each.file, each.node, name)
            values = [self.settled(expression, each.file, scope) for expression, scope in written]
            known = [value for value in values if value.type != "small" and value != EMPTY]
            known = [value for value in known if value is not UNKNOWN] or known
            if known:
                return joined(known) if len({value.type for value in known}) == 1 else UNKNOWN
        return UNKNOWN

    def _inherited(self, found: Value) -> Value:
        """A member of a base class from outside, as a method of a value of that type where it is one."""
        name = found.definition.name if found.definition else ""
        made = bulk_apis().named(name.rpartition(".")[0])
        return Value(made) if made is not None else UNKNOWN

    def run(self, callee: Value, given: Mapping[str, Value] | None = None) -> Outcome:
        """What a function or bound method does when nothing is known of its arguments but what is given."""
        definition = callee.definition
        if definition is None:
            return Outcome()
        return self.outcome(definition, _with_receiver(callee, given or {}))

    def called(self, callee: Value, arguments: Arguments) -> tuple[Value, Value | None]:
        """What a function of the repository returns, and what of its arguments it pushes to XCom."""
        definition = callee.definition
        if definition is None:
            return UNKNOWN, None
        given = _given(definition.node, callee, arguments)
        if self._is_task(definition):
            returns = self.outcome(definition, given).returns if self.hands_on(definition) else ()
            step = Step(arguments.file, arguments.call, f"{definition.name}() hands it on")
            return joined([each.value.through(step) for each in returns]), None
        return self._invoked(callee, given)

    def hands_on(self, definition: Definition) -> bool:
        """Whether the return value of a decorated function goes through XCom to whom its call is given."""
        file = definition.file
        if file is None:
            return False
        if file.path not in self._pushing:
            self._pushing[file.path] = frozenset(id(task.function) for task in file.tasks if task.pushes)
        return id(definition.node) in self._pushing[file.path]

    def _invoked(self, callee: Value, given: Mapping[str, Value]) -> tuple[Value, Value | None]:
        definition = callee.definition
        assert definition is not None
        given = _with_receiver(callee, given)
        outcome = self.outcome(definition, given)
        if not any(value.bulk for value in given.values()):
            return outcome.value, None
        own = {id(passage.node) for passage in self.outcome(definition, {}).pushes}
        pushed = (passage.value for passage in outcome.pushes if id(passage.node) not in own)
        return outcome.value, next(pushed, None)

    def _is_task(self, definition: Definition) -> bool:
        node, file = definition.node, definition.file
        if not isinstance(node, syntax.Function) or file is None:
            return False
        scope = node.scope.parent or file.module.scope
        named = (each.function if isinstance(each, syntax.Call) else each for each in node.decorators)
        return any(file.task_variant(decorator, scope) is not None for decorator in named)


class _Run(Expressions):
    """One run of a function, from its first statement on."""

    around: Dataflow

    def __init__(self, around: Dataflow, file: DagFile, scope: syntax.Scope, is_running: bool = True) -> None:
        super().__init__(around, file, scope, is_running)
        self.returns: list[Passage] = []
        self.is_alive = True
        self.exits: list[defaultdict[str, list[dict[str, Value]]]] = []

    def outcome(self, node: syntax.Function | syntax.Lambda, given: Mapping[str, Value]) -> Outcome:
        for parameter in node.parameters:
            value = given.get(parameter.name, UNKNOWN)
            known = self.around.parameter(parameter, self.file, self.scope) if value.is_vague else UNKNOWN
            self.env[parameter.name] = value if known is UNKNOWN else known
        if isinstance(node, syntax.Lambda):
            value = self.value(node.body)
            passages = (Passage(self.file, node, value),)
            return Outcome(value, passages, tuple(self.yields), tuple(self.pushes))
        self.block(node.body)
        returns = self._returns(node)
        return Outcome(self._given(node, returns), returns, tuple(self.yields), tuple(self.pushes))

    def declared(self, value: Value, annotation: syntax.Expression, scope: syntax.Scope) -> Value:
        """A value, or what its annotation says where that knows better."""
        if not value.is_vague:
            return value
        known = annotated(annotation, self.file, scope, self.around.definitions)
        return value if known is UNKNOWN else known

    def _returns(self, node: syntax.Function) -> tuple[Passage, ...]:
        """What the `return` statements give; where that is not known, what the annotation says."""
        scope = self.scope.parent or self.scope
        if node.returns is None:
            return tuple(self.returns)
        values = [self.declared(passage.value, node.returns, scope) for passage in self.returns]
        return tuple(replace(each, value=value) for each, value in zip(self.returns, values, strict=True))

    def _given(self, node: syntax.Function, returns: tuple[Passage, ...]) -> Value:
        if self.yields:
            value = joined([passage.value for passage in self.yields])
            if _has_decorator(node, {"contextmanager", "asynccontextmanager"}):
                return value
            made = Value("chunks", held=((None, value),))
            return made if node.returns is None else self.declared(made, node.returns, self.scope)
        if not returns and node.returns is not None:
            scope = self.scope.parent or self.scope
            return annotated(node.returns, self.file, scope, self.around.definitions)
        values = [
            each.value.through(Step(self.file, each.node, f"{node.name}() returns it")) for each in returns
        ]
        return joined(values)

    # Statements

    def block(self, statements: Iterable[syntax.Statement]) -> None:
        """Runs statements until one of them leaves the block."""
        if not self.around.enter():
            return
        for statement in statements:
            runner = _RUNNERS.get(type(statement)) if self.is_alive else None
            if runner is not None:
                runner(self, statement)
        self.around.leave()

    def branches(self, blocks: Iterable[Callable[[], None]]) -> None:
        """Runs blocks of which one is taken, each from here, and goes on where they meet."""
        start, ends = self.env, []
        for block in blocks:
            self.env, self.is_alive = dict(start), True
            block()
            if self.is_alive:
                ends.append(self.env)
        self.env, self.is_alive = met(ends) if ends else start, bool(ends)

    def evaluate(self, statement: syntax.Evaluate) -> None:
        self.value(statement.value)

    def assign(self, statement: syntax.Assign) -> None:
        if statement.value is None:
            return
        value = self.value(statement.value)
        if statement.annotation is not None:
            value = self.declared(value, statement.annotation, self.scope)
        for target in statement.targets:
            is_kept = isinstance(target, syntax.Subscript) and mentions(statement.value, root_path(target))
            self.bind(target, UNKNOWN if is_kept else self.kept(value, target))

    def augment(self, statement: syntax.AugmentedAssign) -> None:
        value = self.value(statement.value)
        path = path_of(statement.target)
        if path is not None and value in (BY_HAND, SHORT_QUERY):
            self.env[path] = value
            return
        if path is None or statement.operator not in ("AddAssign", "BitOrAssign"):
            return
        if self.env.get(path, UNKNOWN).type in ("", "container", "small"):
            self.extend(path, value, unpacks=True)

    def leave(self, statement: syntax.Leave) -> None:
        if statement.value is not None:
            self.value(statement.value)
        if statement.word != "raise" and self.exits:
            self.exits[-1][statement.word].append(self.env)
        self.is_alive = False

    def return_(self, statement: syntax.Return) -> None:
        value = SMALL if statement.value is None else self.value(statement.value)
        self.returns.append(Passage(self.file, statement, value))
        self.is_alive = False

    def delete(self, statement: syntax.Delete) -> None:
        for target in statement.targets:
            if isinstance(target, syntax.Subscript) and isinstance(target.index, syntax.Constant):
                path = root_path(target.value)
                if path in self.env:
                    self.env[path] = without(self.env[path], target.index.value)
            self.set(path_of(target), UNKNOWN)

    def define(self, statement: syntax.Function | syntax.Class) -> None:
        self.env.pop(statement.name, None)

    def import_(self, statement: syntax.Import) -> None:
        for name in statement.names:
            self.env.pop(name.bound or "", None)

    def if_(self, statement: syntax.If) -> None:
        failed: list[syntax.Expression] = []
        blocks: list[Callable[[], None]] = []
        for test, body in statement.branches:
            outcome = self.value(test)
            if outcome != FALSE:
                blocks.append(partial(self.taken, body, test, tuple(failed)))
            if outcome == TRUE:
                break
            failed.append(test)
        else:
            blocks.append(partial(self.taken, statement.orelse, None, tuple(failed)))
        self.branches(blocks)

    def taken(
        self,
        body: Iterable[syntax.Statement],
        test: syntax.Expression | None,
        failed: tuple[syntax.Expression, ...],
    ) -> None:
        """Runs a branch in the light of its test, and of those before it, which failed."""
        for each in failed:
            self.suppose(each, outcome=False)
        if test is not None:
            self.suppose(test, outcome=True)
        self.block(body)

    def for_(self, statement: syntax.For) -> None:
        item = element(self.value(statement.iterable))
        self.loops += 1
        left = self.rounds(lambda: self.bind(statement.target, item), statement.body)
        self.loops -= 1
        self.after_loop(statement.orelse, left)

    def while_(self, statement: syntax.While) -> None:
        self.loops, self.whiles = self.loops + 1, self.whiles + 1
        left = self.rounds(lambda: self.value(statement.test), statement.body)
        self.loops, self.whiles = self.loops - 1, self.whiles - 1
        self.after_loop(statement.orelse, left)

    def after_loop(self, orelse: tuple[syntax.Statement, ...], left: list[dict[str, Value]]) -> None:
        """Runs the `else` of a loop, which a `break` leaves out."""
        self.block(orelse)
        ends = [*left, *([self.env] if self.is_alive else [])]
        self.env, self.is_alive = met(ends) if ends else self.env, bool(ends)

    def rounds(
        self, begin: Callable[[], object], body: tuple[syntax.Statement, ...]
    ) -> list[dict[str, Value]]:
        """Runs the body of a loop until nothing new comes of it, twice at most; returns what the variables
        hold at each `break`.
        """
        left: list[dict[str, Value]] = []
        for _ in range(_MOST_ROUNDS):
            start = self.env
            self.env = dict(start)
            self.exits.append(defaultdict(list))
            begin()
            self.block(body)
            exits = self.exits.pop()
            left += exits["break"]
            self.env = met([start, *exits["continue"], *([self.env] if self.is_alive else [])])
            self.is_alive = True
            if all(self.env[name] == value for name, value in start.items()):
                break
        return left

    def with_(self, statement: syntax.With) -> None:
        for expression, target in statement.items:
            value = self.value(expression)
            if target is not None:
                self.bind(target, value)
        self.block(statement.body)

    def try_(self, statement: syntax.Try) -> None:
        start = dict(self.env)
        self.block(statement.body)
        middle = met([start, self.env])
        ends = []
        if self.is_alive:
            self.block(statement.orelse)
        if self.is_alive:
            ends.append(self.env)
        self.handlers += 1
        for _, body in statement.handlers:
            self.env, self.is_alive = dict(middle), True
            self.block(body)
            if self.is_alive:
                ends.append(self.env)
        self.handlers -= 1
        self.env, self.is_alive = met(ends or [middle]), True
        self.block(statement.final)
        self.is_alive = self.is_alive and bool(ends)

    def match(self, statement: syntax.Match) -> None:
        self.value(statement.subject)
        self.branches([*(partial(self.block, body) for body in statement.bodies), lambda: None])


_RUNNERS: Mapping[type, Callable[[Any, Any], None]] = {
    syntax.Assign: _Run.assign,
    syntax.AugmentedAssign: _Run.augment,
    syntax.Class: _Run.define,
    syntax.Delete: _Run.delete,
    syntax.Evaluate: _Run.evaluate,
    syntax.For: _Run.for_,
    syntax.Function: _Run.define,
    syntax.If: _Run.if_,
    syntax.Import: _Run.import_,
    syntax.Leave: _Run.leave,
    syntax.Match: _Run.match,
    syntax.Return: _Run.return_,
    syntax.Try: _Run.try_,
    syntax.While: _Run.while_,
    syntax.With: _Run.with_,
}


def _nothing(call: syntax.Call, file: DagFile) -> Value:  # noqa: ARG001
    return UNKNOWN


def _is_receiver(parameter: syntax.Parameter, owner: syntax.Node | None) -> bool:
    """Whether a parameter is the `self` or `cls` of a method."""
    is_first = isinstance(owner, syntax.Function) and owner.parameters[:1] == (parameter,)
    return isinstance(owner, syntax.Function) and is_first and not _has_decorator(owner, {"staticmethod"})


def _has_decorator(function: syntax.Function, names: Iterable[str]) -> bool:
    """Whether a function has a decorator of one of these names, wherever it comes from."""
    plain = (each.function if isinstance(each, syntax.Call) else each for each in function.decorators)
    return any((path_of(each) or "").rpartition(".")[2] in names for each in plain)


def _with_receiver(callee: Value, given: Mapping[str, Value]) -> Mapping[str, Value]:
    """The values of parameters, with the receiver of a bound method before them."""
    node = callee.definition.node if callee.definition else None
    receiver = callee.get("self")
    if receiver is UNKNOWN or not isinstance(node, syntax.Function) or not node.parameters:
        return given
    return given if _has_decorator(node, {"staticmethod"}) else {node.parameters[0].name: receiver, **given}


def _given(node: syntax.Node | None, callee: Value, arguments: Arguments) -> dict[str, Value]:
    """The values of parameters that a call gives; what is not known is left out."""
    if not isinstance(node, (syntax.Function, syntax.Lambda)):
        return {}
    bound = bool(callee.held) and not (
        isinstance(node, syntax.Function) and _has_decorator(node, {"staticmethod"})
    )
    plain = [each for each in node.parameters if not each.star and not each.keyword_only][bound:]
    given = {parameter.name: value for parameter, value in zip(plain, arguments.positional, strict=False)}
    names = {parameter.name for parameter in node.parameters}
    given.update((name, value) for name, value in arguments.keywords.items() if name in names)
    return {name: value for name, value in given.items() if _tells(value)}


def _tells(value: Value) -> bool:
    """Whether a value for a parameter tells more than that something is given."""
    return value.type not in ("", "small") or bool(value.kind or value.noun)
