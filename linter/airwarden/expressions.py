"""What the expressions of a running function give, as far as bulk data goes: the dataflow's inner half."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from airwarden import syntax
from airwarden.bulk_apis import bulk_apis
from airwarden.bulk_calls import (
    Arguments,
    attribute_result,
    bounded,
    function_result,
    joined_text,
    member_of,
    method_result,
    operated,
)
from airwarden.bulk_values import (
    SMALL,
    UNKNOWN,
    Definition,
    Step,
    Value,
    born,
    collected,
    derived,
    display,
    element,
    gathered,
    is_a,
    joined,
    put,
)
from airwarden.dag import DagFile
from airwarden.queries import FEW, is_bounded

_ADDING = frozenset({"add", "append", "appendleft", "insert"})
_EXTENDING = frozenset({"extend", "update"})
_QUERY_KEYWORDS = ("sql", "query", "statement", "hql", "soql")


@dataclass(frozen=True)
class Passage:
    """A value that leaves a function at a node: by `return`, `yield` or a push."""

    file: DagFile
    node: syntax.Node
    value: Value


class Surroundings(Protocol):
    """What the expressions of a function need to know of the rest of the program."""

    def enter(self) -> bool:
        """Goes one level deeper, where the budget allows it."""

    def leave(self) -> None:
        """Comes back from where `enter` went."""

    def name(self, name: str, file: DagFile, scope: syntax.Scope, is_running: bool) -> Value:
        """What a name stands for that the running function has given no value."""

    def attribute(self, receiver: Value, name: str) -> Value:
        """An attribute of a definition or of an instance of a class of the repository."""

    def called(self, callee: Value, arguments: Arguments) -> tuple[Value, Value | None]:
        """What a function of the repository returns, and what of its arguments it pushes to XCom."""


class Expressions:
    """The expressions of one function, evaluated in the environment of its variables.

    `env` has the values of variables, and of attributes by their dotted path. `loops` and `whiles` count the
    loops around the statement that runs, `handlers` the `except` clauses.
    """

    def __init__(self, around: Surroundings, file: DagFile, scope: syntax.Scope, is_running: bool) -> None:
        self.around = around
        self.file = file
        self.scope = scope
        self.is_running = is_running
        self.env: dict[str, Value] = {}
        self.has_attributes = False
        self.loops = 0
        self.whiles = 0
        self.handlers = 0
        self.pushes: list[Passage] = []
        self.yields: list[Passage] = []

    def value(self, expression: syntax.Expression) -> Value:
        """What an expression gives; what it binds, pushes or yields on the way is noted."""
        reader = _READERS.get(type(expression))
        if reader is None or not self.around.enter():
            return UNKNOWN
        value = reader(self, expression)
        self.around.leave()
        return value

    def constant(self, _: syntax.Constant) -> Value:
        return SMALL

    def name(self, name: syntax.Name) -> Value:
        found = self.env.get(name.id)
        if found is not None:
            return found
        return self.around.name(name.id, self.file, self.scope, self.is_running)

    def attribute(self, attribute: syntax.Attribute) -> Value:
        path = path_of(attribute)
        if path is not None and path in self.env:
            return self.env[path]
        receiver = self.value(attribute.value)
        if receiver.type in ("definition", "instance"):
            return self.around.attribute(receiver, attribute.name)
        return attribute_result(receiver, attribute.name)

    # Calls

    def call(self, call: syntax.Call) -> Value:
        if isinstance(call.function, syntax.Attribute):
            receiver = self.value(call.function.value)
            arguments = self.arguments(call)
            return self.method(receiver, call.function.name, arguments)
        callee = self.value(call.function)
        return self.applied(callee, self.arguments(call))

    def arguments(self, call: syntax.Call) -> Arguments:
        positional = []
        keywords = {}
        for argument in call.arguments:
            value = self.value(argument.value)
            if argument.keyword is not None:
                keywords[argument.keyword] = value
            elif not argument.star:
                positional.append(value)
        return Arguments(
            self.file, call, tuple(positional), keywords, lambda: self.is_short(query_of(call))
        )

    def is_short(self, query: syntax.Expression | None) -> bool:
        """Whether a query is one whose text is known to bound its answer."""
        text = None if query is None else self.text(query)
        return text is not None and is_bounded(text)

    def text(self, query: syntax.Expression) -> str | None:
        """The text of a query as far as it is written out, `{}` for the rest."""
        match self.file.value(query, self.scope):
            case syntax.Constant(value=str() as text):
                return text
            case syntax.FormattedString(parts=parts):
                return "".join(part if isinstance(part, str) else "{}" for part in parts)
            case syntax.Operation(operators=operators, operands=operands) if set(operators) == {"Add"}:
                return "".join(self.text(operand) or "{}" for operand in operands)
            case syntax.Call(function=syntax.Attribute(value=inner, name=name)) if name in _TEXT_METHODS:
                return self.text(inner)
            case syntax.Call() as call if len(call.arguments) == 1:
                return self.text(call.arguments[0].value)
            case _:
                return None

    def applied(self, callee: Value, arguments: Arguments) -> Value:
        """What the call of a value gives."""
        definition = callee.definition
        if callee.type != "definition" or definition is None:
            maker = member_of(callee, "__call__")
            made = Value(maker.result) if maker is not None else UNKNOWN
            return made if callee.type else self.pushed_by_name(arguments, UNKNOWN)
        if isinstance(definition.node, syntax.Class):
            return Value("instance", definition=definition)
        if definition.file is not None:
            value, pushed = self.around.called(callee, arguments)
            if pushed is not None:
                self.pushes.append(Passage(self.file, arguments.call, pushed))
            return value
        if definition.name == "map" and len(arguments.positional) > 1:
            return self.mapped(arguments)
        return self.pushed_by_name(arguments, function_result(definition.name, arguments))

    def mapped(self, arguments: Arguments) -> Value:
        item = element(arguments.positional[1])
        inner = Arguments(self.file, arguments.call, (item,), {}, lambda: False)
        return Value("chunks", held=((None, self.applied(arguments.first, inner)),))

    def pushed_by_name(self, arguments: Arguments, value: Value) -> Value:
        """Notes the bulk that a call pushes whose name says so, and hands on what the call gives."""
        function = arguments.call.function
        name = getattr(function, "name", getattr(function, "id", ""))
        if name == "xcom_push":
            values = arguments.values
        elif name == "PokeReturnValue":
            values = (*arguments.positional[1:2], arguments.keywords.get("xcom_value", UNKNOWN))
        else:
            return value
        pushed = next((each for each in values if each.bulk is not None), None)
        if pushed is not None:
            self.pushes.append(Passage(self.file, arguments.call, pushed))
        return value

    def method(self, receiver: Value, name: str, arguments: Arguments) -> Value:
        if receiver.type in ("definition", "instance"):
            callee = self.around.attribute(receiver, name)
            if callee.definition is not None:
                return self.applied(callee, arguments)
            receiver = callee if callee.type else UNKNOWN
        owner = arguments.call.function
        place = root_path(owner.value) if isinstance(owner, syntax.Attribute) else None
        if name in _ADDING | _EXTENDING and place is not None:
            self.extend(place, self.added(name, arguments), name in _EXTENDING)
        if name == "execute" and place is not None:
            self.execute(place, receiver, arguments)
        if "handler" in arguments.keywords:
            return self.handled(arguments)
        if name == "join" and receiver.type == "small":
            return joined_text([gathered(arguments.first)])
        self.write_into_buffer(receiver, name, arguments)
        return self.pushed_by_name(arguments, method_result(receiver, name, arguments))

    def handled(self, arguments: Arguments) -> Value:
        """What a hook's `run(sql, handler=...)` gives: whatever the handler makes of the cursor."""
        cursor = born("cursor", Step(self.file, arguments.call, "this query gives all its rows"))
        if arguments.is_short():
            cursor = bounded(cursor)
        inner = Arguments(self.file, arguments.call, (cursor,), {}, arguments.is_short)
        return self.applied(arguments.keywords["handler"], inner)

    def execute(self, place: str, receiver: Value, arguments: Arguments) -> None:
        """A cursor remembers whether the query that it ran last has a short answer."""
        if receiver.type not in ("", "cursor", "small") and not is_a(receiver, "cursor"):
            return
        cursor = born("cursor", Step(self.file, arguments.call, "this query gives all its rows"))
        if arguments.is_short():
            self.env[place] = bounded(cursor)
        elif receiver.type == "small":
            self.env[place] = cursor

    def write_into_buffer(self, receiver: Value, name: str, arguments: Arguments) -> None:
        member = member_of(receiver, name)
        target = arguments.destination() if member and member.unless == "destination" else None
        path = path_of(target) if target is not None else None
        if path is not None and receiver.bulk is not None and self.env.get(path, UNKNOWN).type == "buffer":
            self.env[path] = derived(receiver, "filled buffer")

    # Containers that grow

    def added(self, name: str, arguments: Arguments) -> Value:
        if name == "insert":
            return arguments.positional[1] if len(arguments.positional) > 1 else UNKNOWN
        if name == "update" and not arguments.positional:
            return display(arguments.keywords.items())
        return arguments.first

    def extend(self, path: str, item: Value, unpacks: bool) -> None:
        """Puts an item, or all items of it, into the container at a path."""
        current = self.env.get(path)
        if current is None or current.type not in ("", "container", "small"):
            return
        if unpacks:
            item = self.all_of(item)
            if item.type == "container":
                self.env[path] = joined([current, item]) if current.held else item
                return
            if item.bulk is not None:
                self.env[path] = item
        elif item.type == "record" and self.loops and not self.handlers:
            self.env[path] = derived(item, "records")
        else:
            self.env[path] = put(current, None, item)

    def all_of(self, item: Value) -> Value:
        """What comes together when all items of a value are added to a list."""
        if item.type == "batch":
            return derived(item, "records") if self.whiles else UNKNOWN
        if item.type == "record":
            return derived(item, "records") if self.loops and not self.handlers else UNKNOWN
        return gathered(item)

    # Parts of values

    def subscript(self, subscript: syntax.Subscript) -> Value:
        inner = subscript.value
        if isinstance(inner, syntax.Attribute) and inner.name in ("loc", "iloc"):
            return self.located(self.value(inner.value), subscript.index)
        receiver, index = self.value(inner), self.value(subscript.index)
        key = subscript.index
        if receiver.type == "container":
            is_known = isinstance(key, syntax.Constant)
            return receiver.get(key.value) if is_known else element(receiver)  # type: ignore[attr-defined]
        if receiver.type in ("record", "field"):
            return derived(receiver, "field")
        if receiver.bulk is None:
            return receiver if receiver.type == "small" else UNKNOWN
        if isinstance(key, syntax.Slice):
            return bounded(receiver) if _is_short_slice(key) else receiver
        if not is_a(receiver, "frame"):
            return UNKNOWN
        if is_a(receiver, "column"):
            return receiver if index.bulk is not None else UNKNOWN
        if index.bulk is not None or isinstance(key, syntax.Operation) or _is_list(key):
            return receiver
        column = bulk_apis().types[receiver.type].column
        is_position = isinstance(key, syntax.Constant) and not isinstance(key.value, str)
        return derived(receiver, column) if column and not is_position else UNKNOWN

    def located(self, frame: Value, index: syntax.Expression) -> Value:
        """What `frame.loc[index]` or `frame.iloc[index]` gives."""
        if frame.bulk is None:
            return frame if frame.type == "small" else UNKNOWN
        rows, columns = index, None
        if isinstance(index, syntax.Sequence) and index.kind == "tuple" and len(index.items) == 2:
            rows, columns = index.items
        value = self.value(rows)
        if isinstance(rows, syntax.Slice):
            if _is_short_slice(rows):
                return bounded(frame)
        elif value.bulk is None and not isinstance(rows, syntax.Operation):
            return UNKNOWN
        if columns is None or isinstance(columns, syntax.Slice) or _is_list(columns) or is_a(frame, "column"):
            return frame
        return derived(frame, "column") if isinstance(columns, syntax.Constant) else UNKNOWN

    # Displays, comprehensions and operations

    def sequence(self, sequence: syntax.Sequence) -> Value:
        items: list[tuple[Any, Value]] = []
        for place, item in enumerate(sequence.items):
            if isinstance(item, syntax.Starred):
                items.append((None, element(self.value(item.value))))
            else:
                items.append((place, self.value(item)))
        return display(items)

    def mapping(self, mapping: syntax.Mapping) -> Value:
        items: list[tuple[Any, Value]] = []
        for key, inner in mapping.entries:
            value = self.value(inner)
            if key is None:
                items.extend(value.held if value.type == "container" else [(None, value)])
            else:
                items.append((key.value if isinstance(key, syntax.Constant) else None, value))
        return display(items)

    def comprehension(self, comprehension: syntax.Comprehension) -> Value:
        before = dict(self.env)
        sources = []
        for generator in comprehension.generators:
            sources.append(self.value(generator.iterable))
            self.bind(generator.target, element(sources[-1]))
            for condition in generator.conditions:
                self.value(condition)
        item = self.value(comprehension.element)
        self.env = before
        if sources[0].type == "record" and item.type == "field":
            return derived(item, "record")
        if comprehension.kind == "generator":
            return Value("chunks", held=((None, item),))
        return collected(item)

    def operation(self, operation: syntax.Operation) -> Value:
        return operated(operation.operators, [self.value(operand) for operand in operation.operands])

    def conditional(self, conditional: syntax.Conditional) -> Value:
        self.value(conditional.test)
        return joined([self.value(conditional.body), self.value(conditional.orelse)])

    def formatted(self, formatted: syntax.FormattedString) -> Value:
        return joined_text([self.value(part) for part in formatted.parts if not isinstance(part, str)])

    def lambda_(self, made: syntax.Lambda) -> Value:
        return Value("definition", definition=Definition(self.file, made))

    def inner(self, expression: syntax.Await | syntax.Starred) -> Value:
        return self.value(expression.value)

    def yield_(self, expression: syntax.Yield) -> Value:
        if expression.value is not None:
            value = self.value(expression.value)
            value = element(value) if expression.delegates else value
            self.yields.append(Passage(self.file, expression, value))
        return UNKNOWN

    def named(self, expression: syntax.NamedExpression) -> Value:
        value = self.value(expression.value)
        self.bind(expression.target, value)
        return value

    # Names that get values

    def bind(self, target: syntax.Expression, value: Value) -> None:
        """Gives a value to a target; a tuple of targets gets its items."""
        match target:
            case syntax.Name() | syntax.Attribute():
                self.set(path_of(target), value)
            case syntax.Sequence(items=items):
                for place, item in enumerate(items):
                    self.bind(item, _item(value, place))
            case syntax.Subscript(value=inner, index=index):
                path = root_path(inner)
                key = index.value if isinstance(index, syntax.Constant) else None
                if path is not None:
                    self.env[path] = put(self.env.get(path, UNKNOWN), key, value)
            case syntax.Starred(value=inner):
                self.bind(inner, UNKNOWN)
            case _:
                pass

    def set(self, path: str | None, value: Value) -> None:
        """Gives a value to a variable or attribute, and forgets what was known of the old one's attributes."""
        if path is None:
            return
        self.has_attributes = self.has_attributes or "." in path
        if self.has_attributes:
            for stale in [each for each in self.env if each.startswith(f"{path}.")]:
                del self.env[stale]
        self.env[path] = value


_TEXT_METHODS = frozenset({"format", "strip", "replace", "bindparams"})

_READERS: Mapping[type, Callable[[Any, Any], Value]] = {
    syntax.Attribute: Expressions.attribute,
    syntax.Await: Expressions.inner,
    syntax.Call: Expressions.call,
    syntax.Comprehension: Expressions.comprehension,
    syntax.Conditional: Expressions.conditional,
    syntax.Constant: Expressions.constant,
    syntax.FormattedString: Expressions.formatted,
    syntax.Lambda: Expressions.lambda_,
    syntax.Mapping: Expressions.mapping,
    syntax.Name: Expressions.name,
    syntax.NamedExpression: Expressions.named,
    syntax.Operation: Expressions.operation,
    syntax.Sequence: Expressions.sequence,
    syntax.Starred: Expressions.inner,
    syntax.Subscript: Expressions.subscript,
    syntax.Yield: Expressions.yield_,
}


def path_of(expression: syntax.Expression) -> str | None:
    """The dotted path of a variable or an attribute; None for anything else."""
    suffix = ""
    while isinstance(expression, syntax.Attribute):
        suffix = f".{expression.name}{suffix}"
        expression = expression.value
    return expression.id + suffix if isinstance(expression, syntax.Name) else None


def root_path(expression: syntax.Expression) -> str | None:
    """The path of the container that `a[key]`, `a.get(key)` or `a` itself is a part of."""
    while True:
        if isinstance(expression, syntax.Subscript):
            expression = expression.value
        elif isinstance(expression, syntax.Call) and isinstance(expression.function, syntax.Attribute):
            if expression.function.name not in ("get", "setdefault"):
                return None
            expression = expression.function.value
        else:
            return path_of(expression)


def query_of(call: syntax.Call) -> syntax.Expression | None:
    """The argument of a call that may be a query."""
    written = (call.keyword(name) for name in _QUERY_KEYWORDS)
    return next((query for query in written if query is not None), call.positional(0))


def _item(value: Value, place: int) -> Value:
    if value.type == "container":
        found = value.get(place)
        return found if found is not UNKNOWN else value.get(None)
    if value.type in ("record", "field"):
        return derived(value, "field")
    return UNKNOWN


def _is_list(index: syntax.Expression) -> bool:
    return isinstance(index, syntax.Sequence) and index.kind == "list"


def _is_short_slice(index: syntax.Slice) -> bool:
    """Whether a slice has an end that bounds it, or starts so far from the end."""
    match index.lower, index.upper:
        case _, syntax.Constant(value=int() as upper):
            return 0 <= upper <= FEW
        case syntax.Constant(value=int() as lower), None:
            return -FEW <= lower < 0
        case _, None:
            return False
        case _:
            return True
