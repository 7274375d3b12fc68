"""What expressions give, with the values that the names around them have at that moment."""

from __future__ import annotations

import builtins
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

from airwarden import syntax
from airwarden.dag import DagFile
from airwarden.interpreter.memory import Changes, Memory
from airwarden.interpreter.operations import (
    formatted,
    item_of,
    negated,
    operated,
    sliced,
)
from airwarden.interpreter.values import (
    ABSENT,
    DATA,
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
    alternatives,
    choice,
    key_of,
    now,
    present,
    text_of,
    truth,
    value_of,
)

_BUILTINS = frozenset(dir(builtins))
_MOST_DEPTH = 90


class Exhausted(Exception):
    """A run took more steps than it may."""


class Raised(Exception):
    """The run itself raises an exception here, on every way that leads here."""


@dataclass
class Frame:
    """One running function, class body or module.

    `returned` and `yielded` are what it has given so far; `exits` are the states in which branches left it,
    or the loop that runs in it, before the end. `depth` is the memory's depth when it began.
    """

    file: DagFile
    names: Namespace
    depth: int
    function: FunctionOf | None = None
    returned: list[Value] = field(default_factory=list)
    yielded: list[Value] = field(default_factory=list)
    exits: list[tuple[str, Changes]] = field(default_factory=list)
    endless: bool = False
    since: int = field(default_factory=now)
    call: tuple[DagFile, syntax.Call] | None = None


class Expressions(ABC):
    """The part of an interpreter that evaluates expressions."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.frames: list[Frame] = []
        self.steps = 0
        self.most_steps = 0
        self._nesting = 0

    @property
    def frame(self) -> Frame:
        """What runs at the moment."""
        return self.frames[-1]

    def tick(self) -> None:
        """Counts a step. Raises `Exhausted` past the last."""
        self.steps += 1
        if self.steps > self.most_steps:
            raise Exhausted

    @abstractmethod
    def call(self, callee: Value, arguments: Arguments, call: syntax.Call | None) -> Value:
        """What a call gives, after all that it does."""

    @abstractmethod
    def attribute(self, value: Value, name: str) -> Value:
        """What `value.name` gives."""

    @abstractmethod
    def module_names(self, name: str) -> Value | None:
        """What a name stands for that every module has: `__name__`, `__file__`."""

    def lazily(self, follow: Callable[[], None]) -> Callable[[], None] | None:
        """Follows what is done when somebody asks for the items of a generator or iterator.

        Returns what is then still to be done.
        """
        follow()
        return None

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
        self.tick()
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

    def name(self, name: str) -> Value:
        """What a name stands for."""
        names = self.frame.names
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
        complete = True
        others: Value = UNKNOWN
        for argument in arguments:
            value = self.evaluate(argument.value)
            others = DATA if argument.star and isinstance(value, Data) else others
            if argument.star == "*":
                items, fixed = self.iterated(value)
                positional.extend(items if fixed else ())
                complete = complete and fixed
            elif argument.star == "**":
                complete = self._unpack(value, keywords, nodes) and complete
            elif argument.keyword is not None:
                keywords[argument.keyword] = value
                nodes[argument.keyword] = self.frame.file, argument.value
            else:
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

    def iterated(self, value: Value) -> tuple[tuple[Value, ...], bool]:
        """What a loop over a value meets, one after the other, and whether that is known."""
        if isinstance(value, Items) and value.pending is not None:
            pending, value.pending = value.pending, None
            pending()
        if isinstance(value, Items) and value.is_fixed:
            return value.items, True
        if isinstance(value, Items):
            return tuple(present(item) for item in value.items), False
        if isinstance(value, Table):
            keys = tuple(value_of(key) for key in value.content.values)
            return keys, value.content.complete and ABSENT not in map(_whole, value.content.values.values())
        if isinstance(value, Known) and isinstance(value.value, str) and len(value.value) < 1000:
            return tuple(Known(character) for character in value.value), True
        if isinstance(value, ClassOf) and value.form == "enum":
            members = (variable.content for variable in value.names.variables.values())
            return tuple(each for each in members if isinstance(each, Instance)), True
        if isinstance(value, Instance):
            fields = value.content.get("_fields")
            return (fields.items, True) if isinstance(fields, Items) else ((), False)
        return (), False

    def item(self, value: Value, key: Value) -> Value:
        """What `value[key]` gives. Raises `Raised` where a dict is known to have no such key."""
        name = text_of(key)
        if name is not None and isinstance(value, ClassOf) and value.form == "enum":
            return self.attribute(value, name)
        if name is not None and isinstance(value, Instance) and _is_globals(value):
            return self.frame.names.module.own(name) or UNKNOWN
        if isinstance(value, Table) and _lacks(value.content, key_of(key)):
            raise Raised
        return item_of(value, key)

    # Assignments

    def bind(self, name: str, value: Value) -> None:
        """Gives a name of the running scope a value."""
        names = self._home(name)
        variable = names.variables.get(name)
        if variable is None:
            variable = names.variables[name] = Variable(ABSENT)
        self.memory.write(variable, value)

    def _home(self, name: str) -> Namespace:
        names = self.frame.names
        if name in names.scope.outer_names:
            return names.module
        while names.outer is not None and (
            names.kind == "comprehension" or name in names.scope.nonlocal_names
        ):
            names = names.outer
        return names

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
                self.set_attribute(self.evaluate(owner), name, value, node or target)
            case syntax.Subscript(value=owner, index=index):
                self._set_item(self.evaluate(owner), self.evaluate(index), value, node or target)
            case _:
                pass

    def _assign_each(self, targets: Sequence[syntax.Expression], value: Value) -> None:
        items, fixed = self.iterated(value)
        stars = [index for index, each in enumerate(targets) if isinstance(each, syntax.Starred)]
        if not fixed or (len(items) != len(targets) if not stars else len(items) < len(targets) - 1):
            given = DATA if isinstance(value, Data) else UNKNOWN
            for target in targets:
                self.assign(target, given)
            return
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
            for each in owner.values:
                before = self.attribute(each, name)
                self.set_attribute(each, name, choice((before, value)), node)

    def _set_item(self, owner: Value, key: Value, value: Value, node: syntax.Node) -> None:
        if isinstance(owner, Table):
            entries = owner.content.with_entry(key_of(key), value, (self.frame.file, node))
            self.memory.write(owner, entries)
        elif isinstance(owner, Items):
            index = key.value if isinstance(key, Known) else None
            known = (
                isinstance(index, int) and owner.is_fixed and -len(owner.items) <= index < len(owner.items)
            )
            items = list(owner.items)
            if known and isinstance(index, int):
                items[index] = value
            self.memory.write(owner, (tuple(items), known))
        elif isinstance(owner, Instance):
            self._store(owner, text_of(key), value)
        elif isinstance(owner, Choice):
            for each in owner.values:
                self._set_item(each, key, choice((item_of(each, key), value)), node)

    def _store(self, owner: Instance, name: str | None, value: Value) -> None:
        """`owner[name] = value`, where the owner is neither list nor dict."""
        if _is_globals(owner):
            self.store(name or f"?{self.steps}", value)

    def store(self, name: str, value: Value) -> None:
        """Gives a name of the running module a value."""
        variable = self.frame.names.module.variables.setdefault(name, Variable(ABSENT))
        self.memory.write(variable, value)

    def delete(self, target: syntax.Expression) -> None:
        """`del target`."""
        match target:
            case syntax.Name(id=name):
                self.bind(name, ABSENT)
            case syntax.Subscript(value=owner, index=index):
                table, key = self.evaluate(owner), key_of(self.evaluate(index))
                if isinstance(table, Table):
                    entries = table.content if key is None else table.content.without(key)
                    self.memory.write(
                        table, entries if key is not None else entries.with_entry(None, UNKNOWN, None)
                    )
                elif isinstance(table, Items):
                    self.memory.write(table, (table.items, False))
            case _:
                pass

    # Comprehensions

    def turns(
        self, generators: Sequence[syntax.Generator], scope: syntax.Scope, take: Callable[[bool], None]
    ) -> None:
        """Calls `take` for each turn of a comprehension, and says whether that turn is sure to come."""
        names = Namespace("comprehension", scope, self.frame.names)
        before = self.frame
        self.frames.append(
            Frame(
                before.file,
                names,
                before.depth,
                before.function,
                before.returned,
                before.yielded,
                before.exits,
            )
        )
        try:
            self._comprehended(list(generators), True, take)
        finally:
            self.frames.pop()

    def _comprehended(
        self, generators: list[syntax.Generator], sure: bool, take: Callable[[bool], None]
    ) -> None:
        if not generators:
            take(sure)
            return
        first, rest = generators[0], generators[1:]
        items, fixed = self.iterated(self.evaluate(first.iterable))
        for item in items or (() if fixed else (UNKNOWN,)):
            self.tick()
            self.assign(first.target, item)
            kept = [truth(self.evaluate(condition)) for condition in first.conditions]
            if False not in kept:
                self._comprehended(rest, sure and fixed and None not in kept, take)


def _is_globals(value: Instance) -> bool:
    return isinstance(value.callee, Symbol) and value.callee.name in ("globals", "vars", "locals")


def _lacks(entries: Entries, key: Hashable | None) -> bool:
    return entries.complete and key is not None and key not in entries.values


def _whole(value: Value) -> Value:
    return ABSENT if ABSENT in alternatives(value) else value


def _joined_tables(values: Sequence[Value]) -> Value:
    """One dict for several of which it may be any."""
    tables = [value for value in values if isinstance(value, Table)]
    if len(tables) != len(values):
        return UNKNOWN
    keys = {key: None for table in tables for key in table.content.values}
    found = {key: choice(table.content.values.get(key, ABSENT) for table in tables) for key in keys}
    nodes = {key: node for table in tables for key, node in table.content.nodes.items()}
    return Table(Entries(found, nodes, all(table.content.complete for table in tables)))


def _constant(_: Expressions, expression: syntax.Constant) -> Value:
    return NONE if expression.value is None else Known(expression.value)


def _name(run: Expressions, expression: syntax.Name) -> Value:
    return run.name(expression.id)


def _attribute(run: Expressions, expression: syntax.Attribute) -> Value:
    return run.attribute(run.evaluate(expression.value), expression.name)


def _call(run: Expressions, expression: syntax.Call) -> Value:
    callee = run.evaluate(expression.function)
    return run.call(callee, run.arguments(expression.arguments), expression)


def _lambda(run: Expressions, expression: syntax.Lambda) -> Value:
    return FunctionOf(expression, run.frame.file, run.frame.names, defaults_of(run, expression.parameters))


def defaults_of(run: Expressions, parameters: Sequence[syntax.Parameter]) -> Mapping[str, Value]:
    """What the defaults of parameters give where their function is defined."""
    return {each.name: run.evaluate(each.default) for each in parameters if each.default is not None}


def _sequence(run: Expressions, expression: syntax.Sequence) -> Value:
    found: list[Value] = []
    complete = True
    for item in expression.items:
        if isinstance(item, syntax.Starred):
            inner = run.evaluate(item.value)
            items, fixed = run.iterated(inner)
            optional = isinstance(inner, Items) and inner.complete
            found.extend(inner.items if optional and isinstance(inner, Items) else items)
            complete = complete and (fixed or optional)
        else:
            found.append(run.evaluate(item))
    return Items(expression.kind, found, complete)


def _mapping(run: Expressions, expression: syntax.Mapping) -> Value:
    entries = Entries()
    for key, node in expression.entries:
        if key is None:
            value = run.evaluate(node)
            entries = entries.merged(_joined_tables(value.values) if isinstance(value, Choice) else value)
        else:
            name = key_of(run.evaluate(key))
            entries = entries.with_entry(name, run.evaluate(node), (run.frame.file, node))
    return Table(entries)


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
    if len(values) > 2 and operators[0] not in (
        "Add",
        "Subtract",
        "Multiply",
        "BitOr",
        "Divide",
        "FloorDivide",
    ):
        pairs = [operated(name, a, b) for name, a, b in zip(operators, values, values[1:], strict=False)]
        known = [truth(pair) for pair in pairs]
        return Known(False) if False in known else UNKNOWN if None in known else Known(True)
    result = values[0]
    for name, value in zip(operators, values[1:], strict=True):
        result = operated(name, result, value)
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
    return DATA if None in texts else Known("".join(text or "" for text in texts))


def _formatted(run: Expressions, expression: syntax.Formatted) -> Value:
    run.evaluate(expression.value)
    return DATA


def _subscript(run: Expressions, expression: syntax.Subscript) -> Value:
    value = run.evaluate(expression.value)
    index = expression.index
    if isinstance(index, syntax.Slice):
        bounds = [
            None if each is None else run.evaluate(each) for each in (index.lower, index.upper, index.step)
        ]
        return sliced(value, bounds)
    return run.item(value, run.evaluate(index))


def _comprehension(run: Expressions, expression: syntax.Comprehension) -> Value:
    entries: list[tuple[Hashable | None, Value]] = []
    all_sure = True

    def take(sure: bool) -> None:
        nonlocal all_sure
        all_sure = all_sure and sure
        key = None if expression.key is None else key_of(run.evaluate(expression.key))
        value = run.evaluate(expression.element)
        entries.append((key, value if sure else choice((value, ABSENT))))

    turns = partial(run.turns, expression.generators, expression.scope, take)
    pending = run.lazily(turns) if expression.kind == "generator" else None
    if expression.kind != "generator":
        turns()
    complete = all_sure
    if expression.kind != "dict":
        items = Items(expression.kind, [value for _, value in entries], complete)
        items.pending = pending
        return items
    table = Entries(complete=complete)
    for key, value in entries:
        table = table.with_entry(key, value, (run.frame.file, expression.element))
    return Table(table)


def _named(run: Expressions, expression: syntax.NamedExpression) -> Value:
    value = run.evaluate(expression.value)
    run.assign(expression.target, value, expression.value)
    return value


def _await(run: Expressions, expression: syntax.Await) -> Value:
    return run.await_(run.evaluate(expression.value))


def _yield(run: Expressions, expression: syntax.Yield) -> Value:
    value = NONE if expression.value is None else run.evaluate(expression.value)
    if expression.delegates:
        items, fixed = run.iterated(value)
        run.frame.yielded.extend(items)
        run.frame.endless = run.frame.endless or not fixed
    else:
        run.frame.yielded.append(value)
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
