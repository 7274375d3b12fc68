"""What statements do, one after the other, on every way that the run may take."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Literal, TypeAlias

from airwarden import syntax
from airwarden.interpreter.branches import End
from airwarden.interpreter.calls import Calls, is_field
from airwarden.interpreter.expressions import (
    MOST_BLOCKS,
    Exhausted,
    Flow,
    Frame,
    Raised,
    defaults_of,
    other_of,
)
from airwarden.interpreter.memory import Changes
from airwarden.interpreter.methods import called_method, next_of
from airwarden.interpreter.operations import caught_by, repeated
from airwarden.interpreter.values import (
    ABSENT,
    NONE,
    UNKNOWN,
    Arguments,
    Choice,
    ClassOf,
    Coroutine,
    Entries,
    FieldOf,
    FunctionOf,
    Instance,
    Items,
    Known,
    Method,
    Namespace,
    Symbol,
    Table,
    Value,
    Variable,
    alternatives,
    choice,
    may_be_absent,
    now,
    present,
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
_MODELS = frozenset({"pydantic.BaseModel"})
_SUPPRESSING = "contextlib.suppress"
_SET_METHODS = {
    "BitAnd": "intersection_update",
    "BitOr": "update",
    "BitXor": "symmetric_difference_update",
    "Subtract": "difference_update",
}
_MOST_TURNS = 300
_MOST_CONTEXTS = 20


class Statements(Calls):
    """The part of an interpreter that follows statements."""

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
        return next_of(self, value, None) if isinstance(value, Items) and value.is_lazy else value

    def left_context(self, value: Value) -> None:
        """The end of `with value`."""

    def sidetracked(self, changes: Changes) -> None:
        """What a way would change that only an exception leads to."""

    def block(self, statements: Sequence[syntax.Statement]) -> Flow:
        """Follows statements in order."""
        depth = self.memory.depth
        if self.blocks >= MOST_BLOCKS:
            raise Exhausted
        self.blocks += 1
        try:
            for statement in statements:
                self.tick()
                follow = _FOLLOW.get(type(statement))
                flow: Flow = "next" if follow is None else follow(self, statement)
                if flow != "next":
                    return flow
        except Raised as raised:
            self.memory.abandon(depth)
            self.failure = raised.value
            return "raise"
        finally:
            self.blocks -= 1
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
        variable = None if name is None else self.frame.names.holder(name)
        if variable is not None and isinstance(variable.content, Choice):
            possible = [each for each in variable.content.values if each is not ABSENT]
            kept = [each for each in possible if self._comes_out(test, variable, each) in (outcome, None)]
            if not kept:
                return "dead"
            self.memory.write(variable, choice(kept))
        return follow()

    def _comes_out(self, test: syntax.Expression, variable: Variable, value: Value) -> bool | None:
        """What a test gives where a variable holds one of the values that it may hold."""
        exits = len(self.frame.exits)
        self.memory.open()
        depth = self.memory.depth
        self.aside += 1
        try:
            self.memory.write(variable, value)
            return truth(self.evaluate(test))
        except Raised:
            return None
        finally:
            self.aside -= 1
            del self.frame.exits[exits:]
            self.memory.abandon(depth)
            self.memory.undo()

    def match(self, statement: syntax.Match) -> Flow:
        """Follows `match`: the case that is known to match, or every one that may."""
        subject = self.evaluate(statement.subject)
        ways: list[Callable[[], Flow]] = []
        captures = statement.captures or ((),) * len(statement.bodies)
        for tests, body, names in zip(statement.tests, statement.bodies, captures, strict=True):
            known = self._matches(subject, tests)
            if known is not False:
                ways.append(partial(self._case, subject if tests == () else UNKNOWN, names, body))
            if known is True:
                break
        else:
            ways.append(lambda: "next")
        return ways[0]() if len(ways) == 1 else self.branches(ways)

    def _case(self, captured: Value, names: Sequence[str], body: Sequence[syntax.Statement]) -> Flow:
        for name in names:
            self.bind(name, captured)
        return self.block(body)

    def _matches(self, subject: Value, tests: tuple[syntax.Expression, ...] | None) -> bool | None:
        if tests is None:
            return None
        outcomes = [truth(self.operation("Equal", subject, self.evaluate(test))) for test in tests]
        if True in outcomes or not tests:
            return True
        return None if None in outcomes else False

    # Exceptions

    def try_(self, statement: syntax.Try) -> Flow:
        """Follows `try`: what is not known to go wrong goes well, and `sidetracked` is told the rest."""
        follow = partial(self._try, statement)
        return self.finally_(follow, partial(self.block, statement.final)) if statement.final else follow()

    def finally_(self, follow: Callable[[], Flow], final: Callable[[], Flow]) -> Flow:
        """Follows something, and on every way out of it something else."""
        since = now()
        ends = self.attempted(follow, ("return", "break", "continue", "raise"))
        return self._each_end(ends, partial(self._finished, final), since)

    def _each_end(self, ends: Sequence[End], follow: Callable[[End], Flow], since: int) -> Flow:
        if not ends:
            return "dead"
        if len(ends) == 1:
            return follow(ends[0])
        return self.branches([partial(follow, end) for end in ends], since)

    def _finished(self, final: Callable[[], Flow], end: End) -> Flow:
        self.memory.apply(end.changes)
        after = final()
        if after != "next":
            return after
        self.failure = end.failure
        return end.flow

    def _try(self, statement: syntax.Try) -> Flow:
        since = now()
        ends = self.attempted(partial(self.block, statement.body), ("raise",))
        return self._each_end(ends, partial(self._after_try, statement), since)

    def _after_try(self, statement: syntax.Try, end: End) -> Flow:
        self.memory.apply(end.changes)
        if end.flow == "raise":
            return self._handled(statement, end.failure, 0)
        for index in range(len(statement.handlers)):
            self._set_aside(partial(self._handler, statement, index, UNKNOWN))
        return self.block(statement.orelse) if end.flow == "next" else end.flow

    def _set_aside(self, follow: Callable[[], Flow]) -> None:
        """Follows a way that only an exception leads to of which nothing is known, and takes it back."""
        exits, returned, depth = len(self.frame.exits), len(self.frame.returned), self.memory.depth
        self.memory.open()
        with self.standing():
            self.aside += 1
            try:
                follow()
            except Exhausted:
                self.unknown(Arguments())
        self.memory.abandon(depth + 1)
        del self.frame.exits[exits:], self.frame.returned[returned:]
        self.sidetracked(self.memory.undo())

    def _handled(self, statement: syntax.Try, failure: Value, index: int) -> Flow:
        """Follows the handler that catches a failure, or every one that may."""
        for place in range(index, len(statement.handlers)):
            kind = statement.handlers[place][0]
            catches = True if kind is None else caught_by(failure, self.evaluate(kind))
            follow = partial(self._handler, statement, place, failure)
            if catches:
                return follow()
            if catches is None:
                return self.branches([follow, partial(self._handled, statement, failure, place + 1)])
        self.failure = failure
        return "raise"

    def _handler(self, statement: syntax.Try, index: int, failure: Value) -> Flow:
        name = statement.caught[index] if statement.caught else None
        before, self.frame.handled = self.frame.handled, failure
        if name is not None:
            self.bind(name, failure if isinstance(failure, Instance) else UNKNOWN)
        flow = self.block(statement.handlers[index][1])
        if name is not None and flow == "next":
            self.bind(name, ABSENT)
        self.frame.handled = before
        return flow

    # Loops

    def for_(self, statement: syntax.For) -> Flow:
        """Follows a loop: turn by turn where its items are known, else one turn that may come."""
        value = self.evaluate(statement.iterable)
        first_exit, since = len(self.frame.exits), now()
        if isinstance(value, Items) and value.kind == "list":
            self.memory.open()
            flow, complete = self._turns_of_list(statement, value)
        else:
            items, complete, read = self._read(value, not any(map(_may_stop, statement.body)))
            self.memory.open()
            flow, is_whole = self._turns_of(statement, items, read)
            complete = complete and is_whole
        if flow == "next" and not complete:
            flow = self.maybe(partial(self._turn, statement, other_of(value)))
        if flow == "next":
            flow = self.block(statement.orelse)
        return self._after_loop(flow, first_exit, since)

    def _turns_of_list(self, statement: syntax.For, value: Items) -> tuple[Flow, bool]:
        """A loop over a list, which may change while it runs; and whether no other turns may follow."""
        flow: Flow = "next"
        index = 0
        before = value.content
        while flow == "next" and index < len(value.items):
            flow = self._turns(statement, value.items[index : index + 1])
            index += 1
            if value.content is not before and not value.is_fixed:
                return flow, False
        return flow, value.complete

    def _read(
        self, value: Value, to_the_end: bool
    ) -> tuple[tuple[Value, ...], bool, list[tuple[Items | Table, object]]]:
        """What a loop over a value meets, and the lists and dicts that it comes from, with what they hold."""
        first = len(self.reads)
        self.reading += 1
        try:
            items, complete = self.elements(value, to_the_end)
        finally:
            self.reading -= 1
            found = self.reads[first:]
            self.reads = self.reads if self.reading else []
        return items, complete, found

    def _turns_of(
        self, statement: syntax.For, items: Sequence[Value], read: Sequence[tuple[Items | Table, object]]
    ) -> tuple[Flow, bool]:
        """The turns of a loop over something made of lists and dicts, and whether these are all: where the
        loop changes one of them, nobody knows what turns are left.
        """
        for item in items:
            flow = self._turns(statement, [item])
            changed = [cell for cell, content in read if _has_moved(cell, content)]
            if flow == "next" and any(isinstance(cell, Table) for cell in changed):
                raise Raised("RuntimeError")
            if flow != "next" or changed:
                return flow, not changed
        return "next", True

    def _turns(self, statement: syntax.For, items: Sequence[Value]) -> Flow:
        for item in items:
            self.tick()
            turn = partial(self._turn, statement, present(item))
            flow = self.branches([turn, lambda: "next"]) if may_be_absent(item) else turn()
            if flow != "next":
                return flow
        return "next"

    def _turn(self, statement: syntax.For | syntax.While, item: Value | None) -> Flow:
        first_exit, since = len(self.frame.exits), now()
        self.memory.open()
        if isinstance(statement, syntax.For) and item is not None:
            self.assign(statement.target, item)
        flow = self.block(statement.body)
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
        turns = 0
        while flow == "next":
            known = truth(self.evaluate(statement.test))
            if known is False:
                flow = self.block(statement.orelse)
                break
            turns += 1
            if known is None or turns > _MOST_TURNS:
                flow = self._possible_turns(statement, is_endless=known is True)
                break
            flow = self._turn(statement, None)
        return self._after_loop(flow, first_exit, since)

    def _possible_turns(self, statement: syntax.While, is_endless: bool) -> Flow:
        def turn() -> Flow:
            flow = self._turn(statement, None)
            if flow == "next":
                flow = self.flow_of(lambda: self.evaluate(statement.test))
            return flow

        flow = self.maybe(turn)
        if flow == "next" and is_endless:
            return "dead"
        return self.block(statement.orelse) if flow == "next" else flow

    # Contexts

    def with_(self, statement: syntax.With) -> Flow:
        """Follows a `with`, whose contexts are entered in order."""
        return self._with(statement, 0)

    def _with(self, statement: syntax.With, index: int) -> Flow:
        if index == len(statement.items):
            return self.block(statement.body)
        if index > _MOST_CONTEXTS:
            raise Exhausted
        expression, target = statement.items[index]
        value = self.evaluate(expression)

        def follow(given: Value) -> Flow:
            if target is not None:
                self.assign(target, given, expression)
            return self._with(statement, index + 1)

        def guarded(given: Value) -> Flow:
            return self.guarded(partial(follow, given))

        if isinstance(value, Items) and value.is_pending and value.made_by is not None:
            return self.within_context(*value.made_by, guarded)
        if self._leaves_by_itself(value):
            return self._in_own_context(value, guarded)
        if _suppresses(value) and isinstance(value, Instance):
            return self._suppressing(value, partial(guarded, NONE))
        flow = guarded(self.entered_context(value))
        self.left_context(value)
        return flow

    def _leaves_by_itself(self, value: Value) -> bool:
        """Whether it is the repository that says what happens at the end of a `with`."""
        if not isinstance(value, Instance) or not isinstance(value.callee, ClassOf):
            return False
        return isinstance(self.class_attribute(value.callee, "__exit__"), FunctionOf)

    def _suppressing(self, context: Instance, follow: Callable[[], Flow]) -> Flow:
        since = now()

        def after(end: End) -> Flow:
            self.memory.apply(end.changes)
            if end.flow != "raise":
                return end.flow
            caught = caught_by(end.failure, Items("tuple", context.arguments.positional))
            self.failure = end.failure
            if caught is None:
                return self.branches([lambda: "next", lambda: "raise"])
            return "next" if caught else "raise"

        return self._each_end(self.attempted(follow, ("raise",)), after, since)

    def _in_own_context(self, value: Value, follow: Callable[[Value], Flow]) -> Flow:
        """Follows a `with` of an object whose class is in the repository."""
        since = now()
        given = self.entered_context(value)

        def after(end: End) -> Flow:
            self.memory.apply(end.changes)
            is_failing = end.flow == "raise"
            said = self._exit(value, end.failure if is_failing else NONE)
            if said == "raise":
                return "raise"
            self.failure = end.failure
            if not is_failing or said is False:
                return end.flow
            return "next" if said else self.branches([lambda: "next", lambda: "raise"])

        ends = self.attempted(partial(follow, given), ("return", "break", "continue", "raise"))
        flow = self._each_end(ends, after, since)
        self.left_context(value)
        return flow

    def _exit(self, value: Value, failure: Value) -> Literal["raise"] | bool | None:
        """What `__exit__` says: whether it takes a failure for settled."""
        found: list[Value | None] = []
        given = (failure, failure, NONE if failure is NONE else UNKNOWN)
        if self.flow_of(lambda: found.append(self.special(value, "__exit__", *given))) == "raise":
            return "raise"
        return False if found[0] is None else truth(found[0])

    # Definitions

    def function(self, node: syntax.Function) -> Flow:
        """Defines a function, its decorators applied."""
        names = self.frame.names.keep()
        made: Value = FunctionOf(node, self.frame.file, names, defaults_of(self, node.parameters))
        for decorator in reversed(node.decorators):
            made = self.decorated(made, self.evaluate(decorator), decorator)
        self.bind(node.name, made)
        return "next"

    def decorated(self, made: Value, decorator: Value, node: syntax.Expression) -> Value:
        """What a decorator makes of a function or class; one from outside is taken to change nothing."""
        call = node if isinstance(node, syntax.Call) else None
        if isinstance(decorator, Instance) and isinstance(decorator.callee, Symbol):
            name = f"{decorator.callee.name}.__call__"
            found = self.outside(Symbol(name, decorator), Arguments((made,)), call)
        else:
            found = self.call(decorator, Arguments((made,)), call)
        is_outside = isinstance(found, Instance) and isinstance(found.callee, Symbol)
        is_outside = is_outside and not _is_own(found)
        return made if is_outside or isinstance(found, Coroutine) else found

    def class_(self, node: syntax.Class) -> Flow:
        """Defines a class."""
        bases = tuple(
            self.evaluate(each.value) for each in node.arguments if each.keyword is None and not each.star
        )
        named = {each.keyword: self.evaluate(each.value) for each in node.arguments if each.keyword}
        names = Namespace("class", node.scope, self.frame.names).keep()
        self.frames.append(Frame(self.frame.file, names, self.memory.depth))
        try:
            flow = self.block(node.body)
        finally:
            self.ended()
        if flow != "next":
            return flow
        decorators = [self.evaluate(each) for each in node.decorators]
        fields = self._fields_of(node, names, bases, decorators)
        made = ClassOf(node, self.frame.file, names, bases, _form(bases, decorators), fields)
        metaclass = named.pop("metaclass", None) or next(
            (each.metaclass for each in made.lineage if each.metaclass is not None), None
        )
        made = replace(made, metaclass=metaclass)
        self._complete(made, named)
        result = self._by_metaclass(made, metaclass)
        for decorator, written in zip(reversed(decorators), reversed(node.decorators), strict=True):
            if not _is_record(decorator):
                result = self.decorated(result, decorator, written)
        self.bind(node.name, result)
        return "next"

    def _by_metaclass(self, made: ClassOf, metaclass: Value | None) -> Value:
        """What a metaclass makes of a class."""
        if metaclass is None or isinstance(metaclass, Symbol):
            return made
        if not isinstance(metaclass, ClassOf):
            return UNKNOWN
        names: dict[Hashable, Value] = {name: each.content for name, each in made.names.variables.items()}
        given = Arguments((Known(made.name), Items("tuple", made.bases), Table(Entries(names))))
        self.making.append(made)
        new, begin = (self.class_attribute(metaclass, name) for name in ("__new__", "__init__"))
        found: Value = made
        if isinstance(new, FunctionOf):
            found = self.called(new, given.after(Arguments((metaclass,))), None)
        if isinstance(begin, FunctionOf):
            self.called(replace(begin, receiver=found), given, None)
        self.making.pop()
        return found

    def _complete(self, made: ClassOf, named: Mapping[str, Value]) -> None:
        """What is done with a class as soon as its body has run."""
        if made.form == "enum":
            self._make_members(made)
        for name, field in (made.fields or {}).items():
            variable = made.names.variables.get(name)
            if variable is not None and field.default is not None and is_field(field.default):
                self.memory.write(variable, field.default.arguments.keywords.get("default", ABSENT))
        for name, variable in list(made.names.variables.items()):
            self.special(variable.content, "__set_name__", made, Known(name))
        for base in made.lineage[1:]:
            begun = base.names.own("__init_subclass__")
            if isinstance(begun, FunctionOf):
                self.called(replace(begun, receiver=made), Arguments((), named), None)
                break

    def _fields_of(
        self, node: syntax.Class, names: Namespace, bases: Sequence[Value], decorators: Sequence[Value]
    ) -> dict[str, FieldOf] | None:
        """The fields of a record that has a constructor of its own."""
        record = next(filter(_is_record, decorators), None)
        outside = {base.name for base in bases if isinstance(base, Symbol)}
        ours = [base for base in bases if isinstance(base, ClassOf)]
        models = [base for base in ours if any(each.name in _MODELS for each in base.outside_bases)]
        if record is None and not outside & _RECORD_BASES and not models:
            return None
        found: dict[str, FieldOf] = {}
        for base in reversed(ours):
            found.update(next((each.fields for each in base.lineage if each.fields is not None), {}))
        options = record.arguments.keywords if isinstance(record, Instance) else {}
        is_keyword = truth(options.get("kw_only", NONE)) is True
        for name in _annotated(node):
            if name == "_":
                is_keyword = True
            else:
                found[name] = _field(names.own(name), is_keyword)
        return found

    def _make_members(self, made: ClassOf) -> None:
        members: list[Instance] = []
        for name, variable in made.names.variables.items():
            value = variable.content
            if isinstance(value, FunctionOf) or name.startswith("_") or value is ABSENT:
                continue
            if isinstance(value, Instance) and _is_call_of(value, "enum.member"):
                value = value.arguments.get(0, "value") or UNKNOWN
            elif isinstance(value, Instance) and _is_call_of(value, "enum.auto"):
                value = UNKNOWN
            member = next((each for each in members if self._has_value(each, value)), None)
            if member is None:
                member = Instance(made)
                members.append(member)
                self.memory.write(member, {"name": Known(name), "value": value})
                self._start_member(member, made, value)
            self.memory.write(variable, member)

    def _has_value(self, member: Instance, value: Value) -> bool:
        return truth(self.operation("Equal", member.content["value"], value)) is True

    def _start_member(self, member: Instance, made: ClassOf, value: Value) -> None:
        constructor = self.class_attribute(made, "__init__")
        if isinstance(constructor, FunctionOf):
            is_tuple = isinstance(value, Items) and value.kind == "tuple"
            items, complete = self.elements(value) if is_tuple else ((value,), True)
            self.called(replace(constructor, receiver=member), Arguments(items, complete=complete), None)

    # Assignments

    def assign_all(self, statement: syntax.Assign) -> Flow:
        """Follows an assignment."""
        if statement.value is not None:
            value = self.evaluate(statement.value)
            for target in statement.targets:
                self.assign(target, value, statement.value)
        return "next"

    def augment(self, statement: syntax.AugmentedAssign) -> Flow:
        """Follows `target operator= value`: lists, sets and dicts change in place."""
        before, value = self.evaluate(statement.target), self.evaluate(statement.value)
        operator = statement.operator.removesuffix("Assign")
        ways = [partial(self._in_place, operator, each, value) for each in alternatives(before)]
        self.assign(statement.target, self.either(ways), statement.value)
        return "next"

    def _in_place(self, operator: str, before: Value, value: Value) -> Value:
        """What `before operator= value` gives."""
        if operator == "Add" and isinstance(before, Items) and before.kind == "list":
            return called_method(self, Method(before, "__iadd__"), Arguments((value,)))
        if operator == "Multiply" and isinstance(before, Items) and before.kind == "list":
            self.memory.write(before, repeated(before, value).content)
            return before
        if operator in _SET_METHODS and isinstance(before, Items) and before.kind == "set":
            called_method(self, Method(before, _SET_METHODS[operator]), Arguments((value,)))
            return before
        if operator == "BitOr" and isinstance(before, Table):
            return called_method(self, Method(before, "__ior__"), Arguments((value,)))
        special = self.special(before, f"__i{operator.lower()}__", value) if operator == "Add" else None
        return self.operation(operator, before, value) if special is None else special


def _is_own(value: Value) -> bool:
    return (
        isinstance(value, Instance)
        and isinstance(value.callee, Symbol)
        and value.callee.name.startswith("airwarden.")
    )


def _is_call_of(value: Instance, name: str) -> bool:
    return isinstance(value.callee, Symbol) and value.callee.name == name


def _has_moved(cell: Items | Table, before: object) -> bool:
    """Whether a list or dict that is looped over has other items or keys by now."""
    if isinstance(cell, Table) and isinstance(before, Entries):
        return cell.content.values.keys() != before.values.keys()
    return cell.content is not before and not cell.is_lazy if isinstance(cell, Items) else False


def _may_stop(statement: syntax.Statement) -> bool:
    """Whether a statement in a loop may keep the loop from going on to its end."""
    if isinstance(statement, (syntax.Leave, syntax.Return)):
        return True
    return any(_may_stop(inner) for block in syntax.blocks_of(statement) for inner in block)


def _annotated(node: syntax.Class) -> Iterator[str]:
    """The names that make fields in the body of a record."""
    for statement in node.body:
        match statement:
            case syntax.Assign(targets=(syntax.Name(id=name),), annotation=annotation) if annotation:
                if not _is_shared(annotation):
                    yield name
            case _:
                pass


def _is_shared(annotation: syntax.Expression) -> bool:
    """Whether an annotation is `ClassVar` or `ClassVar[...]`."""
    inner = annotation.value if isinstance(annotation, syntax.Subscript) else annotation
    match inner:
        case syntax.Name(id=name) | syntax.Attribute(name=name):
            return name == "ClassVar"
        case syntax.Constant(value=str() as text):
            return "ClassVar" in text
        case _:
            return False


def _field(default: Value | None, is_keyword: bool) -> FieldOf:
    if default is None or not is_field(default):
        return FieldOf(default, is_keyword=is_keyword)
    options = default.arguments.keywords
    has_default = default.arguments.positional or options.keys() & {"default", "default_factory", "factory"}
    is_given = truth(options.get("init", Known(value=True))) is not False
    by_name = truth(options["kw_only"]) is True if "kw_only" in options else is_keyword
    return FieldOf(default if has_default else None, is_given, by_name)


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
        raise Raised(run.frame.handled if statement.value is None else run.evaluate(statement.value))
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
