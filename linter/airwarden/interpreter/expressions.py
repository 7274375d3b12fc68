"""What expressions give, with the values that the names around them have at that moment."""

from __future__ import annotations

import builtins
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import field, replace
from functools import partial
from typing import Any, Literal, TypeAlias

from airwarden import syntax
from airwarden.dag import DagFile
from airwarden.interpreter.memory import Changes, Memory, joined_entries, joined_items
from airwarden.interpreter.operations import (
    COMPARING,
    LONGEST_TEXT,
    distinct,
    formatted,
    item_of,
    may_lack,
    negated,
    sliced,
    span_of,
)
from airwarden.interpreter.values import (
    ABSENT,
    DATA,
    FIELDS,
    NONE,
    UNKNOWN,
    Arguments,
    Choice,
    ClassOf,
    Data,
    Entries,
    FunctionOf,
    Instance,
    Items,
    Known,
    ModuleOf,
    Namespace,
    Symbol,
    Table,
    Value,
    Variable,
    View,
    Written,
    alternatives,
    choice,
    key_of,
    may_be_absent,
    now,
    present,
    text_of,
    truth,
    value_of,
)
from airwarden.records import dataclass

_BUILTINS = frozenset(dir(builtins))
_MOST_DEPTH = 90
MOST_BLOCKS = 200
"""Blocks and ways inside one another, through all calls; each takes about ten calls of the interpreter."""
FRAMES = 4_000
"""Calls inside one another that a run may take: what so many blocks and expressions come to, and to spare."""
_MOST_LOOPS = 20
_LONGEST = 1000
_NO_ARGUMENTS = Arguments()
Flow: TypeAlias = Literal["next", "return", "break", "continue", "raise", "dead"]
"""How a run goes on after a statement; `dead` where it is not reached in this way."""


class Exhausted(Exception):
    """A run took more steps than it may."""


class Raised(Exception):
    """The run itself raises an exception here, on every way here: `value`, or one of that class."""

    def __init__(self, value: Value | str = UNKNOWN) -> None:
        super().__init__()
        self.value: Value = Symbol(value) if isinstance(value, str) else value


@dataclass(frozen=True)
class Exit:
    """A way that has left something before its end: by what, in which state, and what it raised."""

    flow: Flow
    changes: Changes
    failure: Value = UNKNOWN


@dataclass
class Frame:
    """One running function, class body or module.

    `returned` and `yielded` are what it has given so far, `yielded` where somebody asks; `exits` are the ways
    that left it, or the loop that runs in it, before the end. `depth` is the memory's depth when it began.
    `handled` is what the running handler has caught; `at_yield` what is done at the one `yield` of a context
    manager.
    """

    file: DagFile
    names: Namespace
    depth: int
    function: FunctionOf | None = None
    returned: list[Value] = field(default_factory=list)
    yielded: Items | None = None
    exits: list[Exit] = field(default_factory=list)
    since: int = field(default_factory=now)
    call: tuple[DagFile, syntax.Call] | None = None
    arguments: Arguments = _NO_ARGUMENTS
    handled: Value = UNKNOWN
    at_yield: Callable[[Value], None] | None = None


class Expressions(ABC):
    """The part of an interpreter that evaluates expressions."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.frames: list[Frame] = []
        self.steps = 0
        self.most_steps = 0
        self.aside = 0
        """How many ways deep the run is that only an exception leads to, or that are followed once more."""
        self.rehearsals = 0
        """How many ways deep the run is that are followed once more."""
        self.catchers: list[int] = []
        """The memory's depth where each `try` began that is running."""
        self.failure: Value = UNKNOWN
        """What the way has raised that ended last by raising."""
        self.is_lost = False
        """Whether something has been done of which nobody knows what it changed."""
        self.making: list[ClassOf] = []
        """The classes that a metaclass is making."""
        self.reading = 0
        self.reads: list[tuple[Items | Table, object]] = []
        """The lists and dicts that have been looped over, with what they held."""
        self._nesting = 0
        self.blocks = 0
        """How many blocks and ways the run is in."""

    @property
    def frame(self) -> Frame:
        """What runs at the moment."""
        return self.frames[-1]

    def tick(self) -> None:
        """Counts a step. Raises `Exhausted` past the last."""
        self.steps += 1
        if self.steps > self.most_steps:
            raise Exhausted

    def charge(self, steps: int) -> None:
        """Counts what takes as long as so many steps. Raises `Exhausted` past the last."""
        self.steps += steps
        if self.steps > self.most_steps:
            raise Exhausted

    @abstractmethod
    def call(self, callee: Value, arguments: Arguments, call: syntax.Call | None) -> Value:
        """What a call gives, after all that it does."""

    @abstractmethod
    def attribute(self, value: Value, name: str) -> Value:
        """What `value.name` gives."""

    @abstractmethod
    def unknown(self, arguments: Arguments) -> Value:
        """What a call of nobody knows what gives: it may change every dict and list it is handed."""

    @abstractmethod
    def asked(self, value: Value, name: str) -> Value:
        """What `value.name` gives. Raises `Raised` where it is known to have no such attribute."""

    @abstractmethod
    def has_attribute(self, value: Value, name: str) -> bool | None:
        """Whether a value has an attribute; None where only a run can tell."""

    @abstractmethod
    def set_some_attribute(self, owner: Value, value: Value) -> None:
        """`setattr(owner, name, value)` where it is not known which name."""

    def mangled(self, name: str) -> str:
        """The name that a private one stands for inside a class."""
        if not name.startswith("__") or name.endswith("__"):
            return name
        scope: syntax.Scope | None = self.frames[-1].names.scope
        while scope is not None:
            if isinstance(scope.owner, syntax.Class):
                return f"_{scope.owner.name.lstrip('_')}{name}"
            scope = scope.parent
        return name

    @abstractmethod
    def module_names(self, name: str) -> Value | None:
        """What a name stands for that every module has: `__name__`, `__file__`."""

    @abstractmethod
    def await_(self, value: Value) -> Value:
        """What waiting for a value gives."""

    @abstractmethod
    def imported_module(self, name: str) -> Value:
        """The module that `import name` gives."""

    @abstractmethod
    def owner(self) -> ClassOf | None:
        """The class whose method is running."""

    @abstractmethod
    def receiver(self) -> Value:
        """The `self` or `cls` of the running method."""

    # Expressions

    def evaluate(self, expression: syntax.Expression) -> Value:
        """What an expression gives here and now."""
        self.steps += 1
        if self.steps > self.most_steps:
            raise Exhausted
        if self._nesting >= _MOST_DEPTH:
            return UNKNOWN
        self._nesting += 1
        try:
            evaluate = _EVALUATE.get(type(expression))
            return UNKNOWN if evaluate is None else evaluate(self, expression)
        finally:
            self._nesting -= 1

    def possibly(self, expression: syntax.Expression) -> Value:
        """What an expression gives that may not be evaluated at all."""
        return self.either([lambda: self.evaluate(expression), lambda: ABSENT])

    @abstractmethod
    def either(self, ways: Sequence[Callable[[], Value]]) -> Value:
        """What one of several computations gives; which of them is made, only a run can tell."""

    @abstractmethod
    def may_raise(self, name: str) -> None:
        """Notes that an exception of that name may be raised here and now."""

    @abstractmethod
    def maybe(self, turn: Callable[[], Flow]) -> Flow:
        """Follows a turn of a loop that may come any number of times, once or not at all."""

    def name(self, name: str) -> Value:
        """What a name stands for."""
        names = self.frames[-1].names
        name = self.mangled(name) if name.startswith("__") else name
        found = names.find(name)
        if found is not None:
            return found
        special = self.module_names(name)
        if special is not None:
            return special
        outside = names.module.outside
        if name in _BUILTINS:
            return Symbol(name)
        return Symbol(f"{outside[-1]}.{name}") if len(outside) == 1 else UNKNOWN

    def arguments(self, arguments: Sequence[syntax.Argument]) -> Arguments:
        """The arguments of a call, `*` and `**` unpacked."""
        positional: list[Value] = []
        keywords: dict[str, Value] = {}
        nodes: dict[int | str, tuple[DagFile, syntax.Node]] = {}
        complete = is_placed = True
        others: Value = UNKNOWN
        for argument in arguments:
            value = self.evaluate(argument.value)
            others = DATA if argument.star and isinstance(value, Data) else others
            if argument.star == "*":
                items, fixed = self.iterated(value)
                positional.extend(items if fixed and is_placed else ())
                complete, is_placed = complete and fixed, is_placed and fixed
            elif argument.star == "**":
                complete = self._unpack(value, keywords, nodes) and complete
            elif argument.keyword is not None:
                keywords[argument.keyword] = value
                nodes[argument.keyword] = self.frame.file, argument.value
            elif is_placed:
                nodes[len(positional)] = self.frame.file, argument.value
                positional.append(value)
        return Arguments(tuple(positional), keywords, nodes, complete, others)

    def _unpack(self, value: Value, keywords: dict[str, Value], nodes: dict[Any, Any]) -> bool:
        """Adds what `**value` brings; whether that is all."""
        if isinstance(value, Choice):
            value = _joined_tables(value.values)
        if not isinstance(value, Table):
            return False
        for key, each in value.content.values.items():
            if isinstance(key, str) and each is not ABSENT:
                keywords[key] = each
                if key in value.content.nodes:
                    nodes[key] = value.content.nodes[key]
        return value.content.complete

    # What loops meet

    def iterated(self, value: Value, to_the_end: bool = True) -> tuple[tuple[Value, ...], bool]:
        """What a loop over a value meets, one after the other, and whether that is known."""
        items, complete = self.elements(value, to_the_end)
        if complete and not any(map(may_be_absent, items)):
            return items, True
        return tuple(present(item) for item in items), False

    def elements(self, value: Value, to_the_end: bool = True) -> tuple[tuple[Value, ...], bool]:
        """What a loop over a value meets, of which some may be absent, and whether there are no others.

        Not `to_the_end` where somebody may stop early, or do other things in between.
        """
        if self.reading and isinstance(value, (Items, Table)):
            source = value.table if isinstance(value, View) else value
            self.reads.append((source, source.content))
        match value:
            case Items():
                return self._taken(value, to_the_end)
            case Choice(values=values):
                return self._taken_of_choice(values, to_the_end)
            case Table():
                return value.content.listed(lambda key, _: value_of(key)), value.content.complete
            case Known(value=str() as text) if len(text) < _LONGEST:
                return tuple(Known(character) for character in text), True
            case ClassOf(form="enum"):
                members = (variable.content for variable in value.names.variables.values())
                return tuple(each for each in members if isinstance(each, Instance)), True
            case Instance() if isinstance(fields := value.content.get(FIELDS), Items):
                return fields.content
            case Instance(callee=ClassOf()):
                found = self.special(value, "__iter__")
                is_other = found is not None and not isinstance(found, Instance)
                return self.elements(found, to_the_end) if found is not None and is_other else ((), False)
            case Known(value=None | bool() | int() | float()) | FunctionOf():
                raise Raised("TypeError")
            case _:
                return (), False

    def _taken(self, value: Items, to_the_end: bool) -> tuple[tuple[Value, ...], bool]:
        if value.is_pending:
            self._draw(value, to_the_end)
        content = value.content
        if value.is_lazy:
            self.memory.write(value, ((), value.complete))
        return content

    def _taken_of_choice(self, values: Sequence[Value], to_the_end: bool) -> tuple[tuple[Value, ...], bool]:
        """What a loop meets over one of several values."""
        found: list[tuple[tuple[Value, ...], bool]] = []
        for each in values:
            if isinstance(each, Items) and each.is_lazy:
                self.memory.write(each, ((), False))
                found.append(((), False))
                continue
            with suppress(Raised):
                found.append(self.elements(each, to_the_end))
        if not found:
            raise Raised("TypeError")
        return joined_items(found)

    def _draw(self, value: Items, to_the_end: bool) -> None:
        """Makes an iterator give its items, which it has not done so far."""
        pending, since, depth = value.pending, now(), self.memory.depth
        draw = pending.content.value if pending is not None and isinstance(pending.content, Known) else None
        if pending is not None:
            self.memory.write(pending, NONE)
        if not callable(draw):
            self.memory.write(value, ((), False))
            return
        self.memory.open()
        try:
            drawn: Any = draw()
            items, complete = drawn
        except Raised:
            self.memory.abandon(depth)
            raise
        self.memory.abandon(depth + 1)
        changes = self.memory.undo()
        if to_the_end or all(cell.born > since for cell, _ in changes.values()):
            self.memory.apply(changes)
        else:
            self.memory.join([changes, {}], since)
            items, complete = tuple(choice((each, ABSENT)) for each in items), False
        self.memory.write(value, (items, complete))

    def item(self, value: Value, key: Value) -> Value:
        """What `value[key]` gives. Raises `Raised` where there is known to be no such item."""
        name = text_of(key)
        if name is not None and isinstance(value, ClassOf) and value.form == "enum":
            return self.attribute(value, name)
        if name is not None and isinstance(value, Instance) and _is_globals(value):
            return self.frame.names.module.own(name) or UNKNOWN
        if isinstance(value, Table) and _lacks(value.content, key_of(key)):
            raise Raised("KeyError")
        if isinstance(value, Items) and _is_beyond(value, key):
            raise Raised("IndexError")
        if value is NONE:
            raise Raised("TypeError")
        if may_lack(value, key):
            self.may_raise("IndexError" if isinstance(value, Items) else "KeyError")
        special = self.special(value, "__getitem__", key)
        return item_of(value, key) if special is None else special

    # Assignments

    def bind(self, name: str, value: Value) -> None:
        """Gives a name of the running scope a value."""
        self._bind_in(self.frames[-1].names, self.mangled(name) if name.startswith("__") else name, value)

    def bind_around(self, name: str, value: Value) -> None:
        """Gives a name a value outside of the comprehensions that are running, as `:=` does."""
        names = self.frame.names
        while names.kind == "comprehension" and names.outer is not None:
            names = names.outer
        self._bind_in(names, name, value)

    def _bind_in(self, names: Namespace, name: str, value: Value) -> None:
        home = _home(names, name)
        variable = home.variables.get(name)
        if variable is None:
            variable = home.variables[name] = Variable(ABSENT)
        self.memory.assign(variable, value)

    def assign(self, target: syntax.Expression, value: Value, node: syntax.Node | None = None) -> None:
        """Gives a target a value, which is written at `node`."""
        match target:
            case syntax.Name(id=name):
                self.bind(name, value)
            case syntax.Sequence(items=items):
                self._assign_each(items, value)
            case syntax.Starred(value=inner):
                self.assign(inner, value)
            case syntax.Attribute(value=owner, name=name):
                self.set_attribute(self.evaluate(owner), self.mangled(name), value, node or target)
            case syntax.Subscript(value=owner, index=syntax.Slice() as index):
                found, bounds = self.evaluate(owner), self.bounds(index)
                self.on_each(found, lambda each: self._set_slice(each, bounds, value))
            case syntax.Subscript(value=owner, index=index):
                found, key = self.evaluate(owner), self.evaluate(index)
                self.on_each(found, lambda each: self.set_item(each, key, value, node or target))
            case _:
                pass

    def on_each(self, value: Value, act: Callable[[Value], object]) -> None:
        """Does something to a value, or to one of several of which only a run can tell which it is."""

        def way(each: Value) -> Value:
            act(each)
            return NONE

        self.either([partial(way, each) for each in alternatives(value)])

    def _assign_each(self, targets: Sequence[syntax.Expression], value: Value) -> None:
        items, fixed = self.iterated(value)
        stars = [index for index, each in enumerate(targets) if isinstance(each, syntax.Starred)]
        if not fixed:
            given = DATA if isinstance(value, Data) else UNKNOWN
            for target in targets:
                is_star = isinstance(target, syntax.Starred)
                self.assign(target, Items("list", (), complete=False) if is_star else given)
            return
        if len(items) != len(targets) if not stars else len(items) < len(targets) - 1:
            raise Raised("ValueError")
        first = stars[0] if stars else len(targets)
        last = len(items) - (len(targets) - first - 1)
        values = [*items[:first], *([Items("list", items[first:last])] if stars else []), *items[last:]]
        for target, each in zip(targets, values, strict=False):
            self.assign(target, each)

    def set_attribute(self, owner: Value, name: str, value: Value, node: syntax.Node) -> None:
        """`owner.name = value`."""
        if (
            isinstance(owner, Instance)
            and isinstance(owner.callee, Symbol)
            and owner.callee.name == "sys.modules"
        ):
            self.store(name, value)
        elif isinstance(owner, Instance):
            self.memory.write(owner, {**owner.content, name: value})
        elif isinstance(owner, (ModuleOf, ClassOf)):
            variable = owner.names.variables.setdefault(name, Variable(ABSENT))
            self.memory.write(variable, value)
        elif isinstance(owner, Choice):
            self.on_each(owner, lambda each: self.set_attribute(each, name, value, node))

    def delete_attribute(self, owner: Value, name: str) -> None:
        """`del owner.name`."""
        if isinstance(owner, Instance):
            self.memory.write(owner, {key: each for key, each in owner.content.items() if key != name})
        elif isinstance(owner, (ModuleOf, ClassOf)) and name in owner.names.variables:
            self.memory.write(owner.names.variables[name], ABSENT)

    def set_item(self, owner: Value, key: Value, value: Value, node: syntax.Node | None) -> None:
        """`owner[key] = value`."""
        if isinstance(owner, Table):
            written = None if node is None else (self.frame.file, node)
            self.memory.write(owner, owner.content.with_entry(key_of(key), value, written))
        elif isinstance(owner, Items):
            if _is_beyond(owner, key):
                raise Raised("IndexError")
            items = list(owner.items)
            if isinstance(key, Known) and isinstance(key.value, int) and owner.is_fixed:
                items[key.value] = value
            else:
                items = [choice((item, value)) for item in items]
            self.memory.write(owner, (tuple(items), owner.complete))
        elif isinstance(owner, Instance):
            if _is_globals(owner):
                self.store(text_of(key) or f"?{self.steps}", value)
            else:
                self.special(owner, "__setitem__", key, value)
        elif owner is NONE:
            raise Raised("TypeError")

    def _set_slice(self, owner: Value, bounds: Sequence[Value | None], value: Value) -> None:
        if not isinstance(owner, Items):
            return
        added, complete = self.elements(value)
        span = span_of(bounds)
        if span is None or span.step not in (None, 1) or not owner.is_fixed:
            self.memory.write(owner, owner.loosened)
            return
        items = list(owner.items)
        items[span] = added
        self.memory.write(owner, (tuple(items), complete))

    def bounds(self, index: syntax.Slice) -> list[Value | None]:
        """The lower bound, the upper bound and the step of a slice."""
        parts = (index.lower, index.upper, index.step)
        return [None if each is None else self.evaluate(each) for each in parts]

    def store(self, name: str, value: Value) -> None:
        """Gives a name of the running module a value."""
        variable = self.frame.names.module.variables.setdefault(name, Variable(ABSENT))
        self.memory.write(variable, value)

    def delete(self, target: syntax.Expression) -> None:
        """`del target`."""
        match target:
            case syntax.Name(id=name):
                self.bind(name, ABSENT)
            case syntax.Attribute(value=owner, name=name):
                found, own = self.evaluate(owner), self.mangled(name)
                self.on_each(found, lambda each: self.delete_attribute(each, own))
            case syntax.Subscript(value=owner, index=syntax.Slice() as index):
                found, bounds = self.evaluate(owner), self.bounds(index)
                self.on_each(found, lambda each: self._set_slice(each, bounds, Items("tuple", ())))
            case syntax.Subscript(value=owner, index=index):
                found, key = self.evaluate(owner), self.evaluate(index)
                self.on_each(found, lambda each: self.delete_item(each, key))
            case syntax.Sequence(items=items):
                for each in items:
                    self.delete(each)
            case _:
                pass

    def delete_item(self, owner: Value, key: Value) -> None:
        """`del owner[key]`."""
        if isinstance(owner, Table):
            if _lacks(owner.content, key_of(key)):
                raise Raised("KeyError")
            self.memory.write(owner, owner.content.without(key_of(key)))
        elif isinstance(owner, Items):
            if _is_beyond(owner, key):
                raise Raised("IndexError")
            items, index = list(owner.items), key.value if isinstance(key, Known) else None
            if isinstance(index, int) and owner.is_fixed:
                del items[index]
                self.memory.write(owner, (tuple(items), True))
            else:
                self.memory.write(owner, owner.loosened)
        elif isinstance(owner, Instance) and _is_globals(owner) and text_of(key) is not None:
            self.store(str(text_of(key)), ABSENT)
        elif isinstance(owner, Instance):
            self.special(owner, "__delitem__", key)

    @abstractmethod
    def operation(self, name: str, left: Value, right: Value) -> Value:
        """What `left operator right` gives, by the operator's name in the syntax."""

    @abstractmethod
    def special(self, owner: Value, name: str, *given: Value) -> Value | None:
        """What a special method of an instance of a class of the repository gives; None where it has none."""

    # Comprehensions

    def turns(
        self, generators: Sequence[syntax.Generator], names: Namespace, first: Value, take: Callable[[], None]
    ) -> None:
        """Calls `take` in each turn of a comprehension over `first`."""
        if len(generators) > _MOST_LOOPS:
            raise Exhausted
        before = self.frame
        self.frames.append(Frame(before.file, names, self.memory.depth, before.function))
        try:
            self._comprehended(list(generators), first, take)
        finally:
            self.ended()

    def ended(self) -> None:
        """Ends what runs at the moment, which others may see fail."""
        frame = self.frames.pop()
        if self.frames and frame.exits:
            self.frames[-1].exits.extend(each for each in frame.exits if each.flow == "raise")

    def _comprehended(
        self, generators: list[syntax.Generator], iterable: Value, take: Callable[[], None]
    ) -> None:
        items, complete = self.elements(iterable, to_the_end=False)
        for item in items:
            turn = partial(self._turn_of, generators, present(item), take)
            if may_be_absent(item):
                self.perhaps(turn)
            else:
                turn()
        if not complete:
            self.maybe(partial(self.flow_of, partial(self._turn_of, generators, other_of(iterable), take)))

    def _turn_of(self, generators: list[syntax.Generator], item: Value, take: Callable[[], None]) -> None:
        self.tick()
        self.assign(generators[0].target, item)
        follow = partial(self._inner_turns, generators[1:], take)
        known = [truth(self.evaluate(condition)) for condition in generators[0].conditions]
        if False in known:
            return
        if None in known:
            self.perhaps(follow)
        else:
            follow()

    def _inner_turns(self, generators: list[syntax.Generator], take: Callable[[], None]) -> None:
        if generators:
            self._comprehended(generators, self.evaluate(generators[0].iterable), take)
        else:
            take()

    def perhaps(self, act: Callable[[], object]) -> None:
        """Does something that a run may do or not."""

        def way() -> Value:
            act()
            return NONE

        self.either([way, lambda: NONE])

    def guarded(self, follow: Callable[[], Flow]) -> Flow:
        """How a way goes on, where it may end by raising."""
        depth = self.memory.depth
        try:
            return follow()
        except Raised as raised:
            self.memory.abandon(depth)
            self.failure = raised.value
            return "raise"

    def flow_of(self, act: Callable[[], object]) -> Flow:
        """How a run goes on after something is done."""

        def follow() -> Flow:
            act()
            return "next"

        return self.guarded(follow)


def other_of(value: Value) -> Value:
    """What a loop over a value meets that is not known."""
    return DATA if isinstance(value, Data) else UNKNOWN


def _home(names: Namespace, name: str) -> Namespace:
    """Where a name is bound that is given a value in a namespace."""
    if name in names.scope.outer_names:
        return names.module
    if name not in names.scope.nonlocal_names:
        return names
    found = names.outer
    while found is not None:
        is_own = name in found.scope.bindings and name not in found.scope.nonlocal_names
        if found.kind == "function" and is_own:
            return found
        found = found.outer
    return names.outer or names


def _is_beyond(items: Items, key: Value) -> bool:
    """Whether a list is known to have no item of that number."""
    if not items.is_fixed or not isinstance(key, Known) or not isinstance(key.value, int):
        return False
    return not -len(items.items) <= key.value < len(items.items)


def _is_globals(value: Instance) -> bool:
    return isinstance(value.callee, Symbol) and value.callee.name in ("globals", "vars", "locals")


def _lacks(entries: Entries, key: Hashable | None) -> bool:
    return entries.complete and key is not None and key not in entries.values


def _joined_tables(values: Sequence[Value]) -> Value:
    """One dict for several of which it may be any."""
    tables = [value for value in values if isinstance(value, Table)]
    if len(tables) != len(values):
        return UNKNOWN
    return Table(joined_entries([table.content for table in tables]))


def _constant(_: Expressions, expression: syntax.Constant) -> Value:
    return NONE if expression.value is None else Known(expression.value)


def _name(run: Expressions, expression: syntax.Name) -> Value:
    return run.name(expression.id)


def _attribute(run: Expressions, expression: syntax.Attribute) -> Value:
    name = expression.name
    return run.asked(run.evaluate(expression.value), run.mangled(name) if name.startswith("__") else name)


def _call(run: Expressions, expression: syntax.Call) -> Value:
    callee = run.evaluate(expression.function)
    return run.call(callee, run.arguments(expression.arguments), expression)


def _lambda(run: Expressions, expression: syntax.Lambda) -> Value:
    names = run.frame.names.keep()
    return FunctionOf(expression, run.frame.file, names, defaults_of(run, expression.parameters))


def defaults_of(run: Expressions, parameters: Sequence[syntax.Parameter]) -> Mapping[str, Value]:
    """What the defaults of parameters give where their function is defined."""
    return {each.name: run.evaluate(each.default) for each in parameters if each.default is not None}


def _sequence(run: Expressions, expression: syntax.Sequence) -> Value:
    found: list[Value] = []
    complete = True
    for item in expression.items:
        if isinstance(item, syntax.Starred):
            items, is_all = run.elements(run.evaluate(item.value))
            found.extend(items)
            complete = complete and is_all
        else:
            found.append(run.evaluate(item))
    return Items(expression.kind, distinct(found) if expression.kind == "set" else found, complete)


def _mapping(run: Expressions, expression: syntax.Mapping) -> Value:
    entries = Entries()
    values: dict[Hashable, Value] = {}
    nodes: dict[Hashable, Written] = {}
    for key, node in expression.entries:
        if key is None:
            value = run.evaluate(node)
            entries = _with_all(entries, values, nodes)
            entries = entries.merged(_joined_tables(value.values) if isinstance(value, Choice) else value)
            values, nodes = {}, {}
            continue
        name, value = key_of(run.evaluate(key)), run.evaluate(node)
        if name is None or may_be_absent(value):
            entries = _with_all(entries, values, nodes).with_entry(name, value, (run.frame.file, node))
            values, nodes = {}, {}
        else:
            values[name], nodes[name] = value, (run.frame.file, node)
    return Table(_with_all(entries, values, nodes))


def _with_all(
    entries: Entries, values: Mapping[Hashable, Value], nodes: Mapping[Hashable, Written]
) -> Entries:
    """Entries and more of them, all of which are known to be there."""
    if not values:
        return entries
    return replace(entries, values={**entries.values, **values}, nodes={**entries.nodes, **nodes})


def _conditional(run: Expressions, expression: syntax.Conditional) -> Value:
    known = truth(run.evaluate(expression.test))
    if known is not None:
        return run.evaluate(expression.body if known else expression.orelse)
    return run.either([lambda: run.evaluate(expression.body), lambda: run.evaluate(expression.orelse)])


def _operation(run: Expressions, expression: syntax.Operation) -> Value:
    operators, operands = expression.operators, expression.operands
    if len(operands) > 1 and operators[0] in ("And", "Or"):
        return _junction(run, operators, operands)
    if len(operands) == 1:
        value = run.evaluate(operands[0])
        return negated(value) if operators[0] == "Not" else UNKNOWN
    values = [run.evaluate(operand) for operand in operands]
    if operators[0] in COMPARING:
        pairs = [run.operation(name, a, b) for name, a, b in zip(operators, values, values[1:], strict=False)]
        if len(pairs) == 1:
            return pairs[0]
        known = [truth(pair) for pair in pairs]
        return Known(False) if False in known else UNKNOWN if None in known else Known(True)
    result = values[0]
    for name, value in zip(operators, values[1:], strict=True):
        result = run.operation(name, result, value)
    return result


def _junction(run: Expressions, operators: Sequence[str], operands: Sequence[syntax.Expression]) -> Value:
    """`a or b and c ...`, from left to right: what is not reached is not evaluated."""
    value = run.evaluate(operands[0])
    for operator, operand in zip(operators, operands[1:], strict=True):
        decides = operator == "Or"
        left = [each for each in alternatives(value) if truth(each) is not (not decides)]
        if truth(value) is not decides:
            right = present(run.possibly(operand)) if left else run.evaluate(operand)
            value = choice((*left, right))
    return value


def _formatted_string(run: Expressions, expression: syntax.FormattedString) -> Value:
    texts: list[str | None] = []
    for part in expression.parts:
        if isinstance(part, str):
            texts.append(part)
        elif isinstance(part, syntax.Formatted):
            texts.append(formatted(run.evaluate(part.value), part.conversion, part.spec))
        else:
            texts.append(formatted(run.evaluate(part), None, ""))
    is_long = sum(len(text or "") for text in texts) > LONGEST_TEXT
    return DATA if None in texts or is_long else Known("".join(text or "" for text in texts))


def _formatted(run: Expressions, expression: syntax.Formatted) -> Value:
    run.evaluate(expression.value)
    return DATA


def _subscript(run: Expressions, expression: syntax.Subscript) -> Value:
    value = run.evaluate(expression.value)
    index = expression.index
    if isinstance(index, syntax.Slice):
        return sliced(value, run.bounds(index))
    return run.item(value, run.evaluate(index))


def _comprehension(run: Expressions, expression: syntax.Comprehension) -> Value:
    first = run.evaluate(expression.generators[0].iterable)
    names = Namespace("comprehension", expression.scope, run.frame.names)
    if expression.kind == "dict":
        return _dict_comprehension(run, expression, names, first)
    frame = run.frame

    def draw() -> tuple[tuple[Value, ...], bool]:
        found = Items("list", ())

        def take() -> None:
            value = run.evaluate(expression.element)
            run.memory.write(found, ((*found.items, value), found.complete))

        run.frames.append(Frame(frame.file, names, run.memory.depth, frame.function))
        try:
            run.turns(expression.generators, names, first, take)
        finally:
            run.ended()
        return found.content

    if expression.kind == "generator":
        names.keep()
        return Items("generator", (), draw=draw)
    items, complete = draw()
    return Items(expression.kind, distinct(items) if expression.kind == "set" else items, complete)


def _dict_comprehension(
    run: Expressions, expression: syntax.Comprehension, names: Namespace, first: Value
) -> Value:
    table = Table()

    def take() -> None:
        key = None if expression.key is None else key_of(run.evaluate(expression.key))
        value = run.evaluate(expression.element)
        written = run.frame.file, expression.element
        run.memory.write(table, table.content.with_entry(key, value, written))

    run.turns(expression.generators, names, first, take)
    return table


def _named(run: Expressions, expression: syntax.NamedExpression) -> Value:
    value = run.evaluate(expression.value)
    if isinstance(expression.target, syntax.Name):
        run.bind_around(expression.target.id, value)
    return value


def _await(run: Expressions, expression: syntax.Await) -> Value:
    return run.await_(run.evaluate(expression.value))


def _yield(run: Expressions, expression: syntax.Yield) -> Value:
    value = NONE if expression.value is None else run.evaluate(expression.value)
    found, frame = run.frame.yielded, run.frame
    if expression.delegates:
        items, complete = run.elements(value, to_the_end=False)
        if found is not None:
            run.memory.write(found, ((*found.items, *items), found.complete and complete))
    elif frame.at_yield is not None:
        at_yield, frame.at_yield = frame.at_yield, None
        at_yield(value)
    elif found is not None:
        run.memory.write(found, ((*found.items, value), found.complete))
    return UNKNOWN


_Evaluate: TypeAlias = Callable[[Expressions, Any], Value]

_EVALUATE: Mapping[type[syntax.Expression], _Evaluate] = {
    syntax.Constant: _constant,
    syntax.Name: _name,
    syntax.Attribute: _attribute,
    syntax.Call: _call,
    syntax.Lambda: _lambda,
    syntax.Sequence: _sequence,
    syntax.Mapping: _mapping,
    syntax.Conditional: _conditional,
    syntax.Operation: _operation,
    syntax.FormattedString: _formatted_string,
    syntax.Formatted: _formatted,
    syntax.Subscript: _subscript,
    syntax.Comprehension: _comprehension,
    syntax.NamedExpression: _named,
    syntax.Await: _await,
    syntax.Yield: _yield,
}
