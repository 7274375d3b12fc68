"""What the expressions of a running function give, as far as bulk data goes: the dataflow's inner half."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from airwarden import syntax
from airwarden.bulk.calls import (
    Arguments,
    attribute_result,
    bounded,
    function_result,
    joined_text,
    member_of,
    method_result,
    narrowed,
    operated,
)
from airwarden.bulk.conditions import shrunk
from airwarden.bulk.paths import is_by_hand
from airwarden.bulk.queries import (
    asks_a_table,
    bounds_answer,
    is_bounded,
    is_made_by,
    is_thin,
    query_of,
    written,
)
from airwarden.bulk.subscripts import located, parts, subscripted
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
    as_record,
    born,
    collected,
    derived,
    display,
    element,
    fits,
    gathered,
    is_a,
    joined,
    mapped,
    put,
    without,
)
from airwarden.bulk.variables import path_of, root_path
from airwarden.dag import DagFile
from airwarden.records import dataclass

SPREAD = "*"
"""The key among keywords under which a record stands whose fields are spread over the arguments."""

_ADDING = frozenset({"add", "append", "appendleft", "insert"})
_EXTENDING = frozenset({"extend", "update"})


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
        ...

    def leave(self) -> None:
        """Comes back from where `enter` went."""

    def name(self, name: str, file: DagFile, scope: syntax.Scope, is_running: bool) -> Value:
        """What a name stands for that the running function has given no value."""
        ...

    def attribute(self, receiver: Value, name: str) -> Value:
        """An attribute of a definition or of an instance of a class of the repository."""
        ...

    def called(self, callee: Value, arguments: Arguments) -> tuple[Value, Value | None]:
        """What a function of the repository returns, and what of its arguments it pushes to XCom."""
        ...

    @property
    def pulled(self) -> Callable[[syntax.Call, DagFile], Value]:
        """What `xcom_pull` gives."""
        ...


class Expressions:
    """The expressions of one function, evaluated with the values of its variables.

    `env` has the values of variables, and of their attributes by dotted path. `loops` and `whiles` count the
    loops around the statement that runs, `handlers` the `except` clauses. Not `is_running`: no function runs,
    and each name is taken for the one value that it is assigned anywhere.
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
        return value if not value.held or fits(value) else UNKNOWN

    # Calls

    def applied(self, callee: Value, arguments: Arguments) -> Value:
        """What the call of a value gives."""
        definition = callee.definition
        if callee.type == "instance":
            return self.method(callee, "__call__", arguments)
        if callee.type != "definition" or definition is None:
            maker = member_of(callee, "__call__") if callee.type else None
            return Value(maker.result) if maker else self._pushed_by_name(arguments, UNKNOWN)
        if isinstance(definition.node, syntax.Class) and SPREAD in arguments.keywords:
            return arguments.keywords[SPREAD]
        if isinstance(definition.node, syntax.Class):
            return _filled(definition.node, arguments) or Value("instance", definition=definition)
        if definition.file is not None:
            value, pushed = self.around.called(callee, arguments)
            if pushed is not None:
                self.pushes.append(Passage(self.file, arguments.call, pushed))
            return value
        if definition.name == "getattr" and len(arguments.positional) > 1:
            return self._asked(arguments)
        if definition.name == "map" and len(arguments.positional) > 1:
            return self._mapped(arguments)
        return self._pushed_by_name(arguments, function_result(definition.name, arguments))

    def method(self, receiver: Value, name: str, arguments: Arguments) -> Value:
        """What the call of a method gives; what it does to its receiver is noted."""
        if receiver.type in ("definition", "instance"):
            callee = self.around.attribute(receiver, name)
            if callee.definition is not None:
                value = self.applied(callee, arguments)
                is_ours = receiver.type == "instance" and callee.definition.file is not None
                return method_result(UNKNOWN, name, arguments) if is_ours and value is UNKNOWN else value
            receiver = callee if callee.type else UNKNOWN
        self._affect(receiver, name, arguments)
        if name == "pipe" and receiver.bulk is not None:
            inner = replace(arguments, positional=(receiver, *arguments.positional[1:]))
            return self.applied(arguments.first, inner)
        if name == "map" and receiver is UNKNOWN and len(arguments.positional) > 1:
            return self._mapped(arguments)
        if name == "execute" and receiver is UNKNOWN and arguments.is_short():
            return SMALL
        if name == "xcom_pull":
            return self.around.pulled(arguments.call, self.file)
        if "handler" in arguments.keywords:
            return self._handled(arguments)
        if name == "join" and receiver.type == "small":
            return joined_text([gathered(arguments.first)])
        return self._pushed_by_name(arguments, method_result(receiver, name, arguments))

    def _asked(self, arguments: Arguments) -> Value:
        """What `getattr(value, "name")` gives."""
        name = arguments.call.positional(1)
        if not isinstance(name, syntax.Constant) or arguments.first.type not in ("definition", "instance"):
            return UNKNOWN
        return self.around.attribute(arguments.first, str(name.value))

    def _mapped(self, arguments: Arguments) -> Value:
        item = element(arguments.positional[1])
        inner = Arguments(self.file, arguments.call, (item,), {}, lambda: False)
        return Value("chunks", held=((None, self.applied(arguments.first, inner)),))

    def _pushed_by_name(self, arguments: Arguments, value: Value) -> Value:
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

    def _handled(self, arguments: Arguments) -> Value:
        """What a hook's `run(sql, handler=...)` gives: whatever the handler makes of the cursor."""
        inner = Arguments(self.file, arguments.call, (self._cursor(arguments),), {}, arguments.is_short)
        return self.applied(arguments.keywords["handler"], inner)

    def _cursor(self, arguments: Arguments) -> Value:
        """A cursor on which a query was run."""
        cursor = born("cursor", Step(self.file, arguments.call, "this query gives all its rows"))
        return bounded(cursor) if arguments.is_short() else narrowed(cursor, arguments)

    # What methods do to variables

    def _affect(self, receiver: Value, name: str, arguments: Arguments) -> None:
        owner = arguments.call.function
        path = root_path(owner.value) if isinstance(owner, syntax.Attribute) else None
        if path is not None and name in _ADDING | _EXTENDING:
            self.extend(path, _added(name, arguments), name in _EXTENDING)
        if path is not None and name == "execute":
            self._execute(path, receiver, arguments)
        if path is not None and name == "setdefault" and len(arguments.positional) > 1:
            key = arguments.call.positional(0)
            place = key.value if isinstance(key, syntax.Constant) else None
            self.env[path] = put(self.env.get(path, UNKNOWN), place, arguments.positional[1])
        if path is not None and name in ("clear", "pop"):
            self._take_out(path, name, arguments)
        self._write_into_buffer(receiver, name, arguments)

    def _take_out(self, path: str, name: str, arguments: Arguments) -> None:
        current = self.env.get(path)
        key = arguments.call.positional(0)
        if current is not None and name == "clear":
            self.env[path] = EMPTY
        elif current is not None and isinstance(key, syntax.Constant):
            self.env[path] = without(current, key.value)

    def _execute(self, path: str, receiver: Value, arguments: Arguments) -> None:
        """A cursor remembers whether the query that it ran last has a short answer."""
        if receiver.type in ("", "small") or is_a(receiver, "cursor"):
            cursor = self._cursor(arguments)
            told = ("column", "unknown rows")
            if cursor.type == "small" or receiver.type == "small" or {cursor.kind, receiver.kind} & {*told}:
                self.env[path] = cursor

    def _write_into_buffer(self, receiver: Value, name: str, arguments: Arguments) -> None:
        member = member_of(receiver, name)
        target = arguments.destination() if member and member.unless == "destination" else None
        path = path_of(target) if target is not None else None
        if path is not None and receiver.bulk is not None and self.env.get(path, UNKNOWN).type == "buffer":
            self.env[path] = derived(receiver, "filled buffer")

    def extend(self, path: str, item: Value, unpacks: bool) -> None:
        """Puts an item, or all items of it, into the container at a path."""
        current = self.env.get(path)
        if current is None or current.type not in ("", "container", "small"):
            return
        item = as_record(item)
        if unpacks:
            item = self._all_of(item)
            if item.type == "container":
                item = joined([current, item]) if current.held else item
            self.env[path] = item if item.type == "container" or item.bulk is not None else current
        elif item.type in ("field", "record") and self.loops and not self.handlers:
            made = collected(item)
            self.env[path] = made if made != EMPTY else put(current, None, item)
        else:
            self.env[path] = put(current, None, item)

    def _all_of(self, item: Value) -> Value:
        """What comes together when all items of a value are added to a list, round after round."""
        if item.type == "batch":
            return derived(item, "records") if self.whiles else UNKNOWN
        if item.type == "container":
            return item
        if item.type == "record":
            return derived(item, "records") if self.loops and not self.handlers else UNKNOWN
        return gathered(item)

    # Names that get values

    def kept(self, value: Value, target: syntax.Expression) -> Value:
        """A value that is given a name, which is a step of its way."""
        path = path_of(target)
        if path is None or value.bulk is None:
            return value
        return value.through(Step(self.file, target, f"kept as {path}", turn=False))

    def bind(self, target: syntax.Expression, value: Value) -> None:
        """Gives a value to a target; a tuple of targets gets its items."""
        match target:
            case syntax.Name() | syntax.Attribute():
                self.set(path_of(target), value)
            case syntax.Sequence(items=items):
                for place, item in enumerate(items):
                    self.bind(item, value if isinstance(item, syntax.Starred) else _item(value, place))
            case syntax.Subscript(value=inner, index=index):
                path = root_path(inner)
                key = index.value if isinstance(index, syntax.Constant) else None
                if path is not None:
                    self.env[path] = self._put(path, key, value, self.value(index))
                    self._fill(path.removesuffix(".loc").removesuffix(".at"))
            case syntax.Starred(value=inner):
                self.bind(inner, value if value.bulk is not None else UNKNOWN)
            case _:
                pass

    def _put(self, path: str, key: Hashable, value: Value, index: Value) -> Value:
        """A container with an item under a key; in a loop over rows, with one under a key of each row."""
        pair = display([(0, index), (1, value)])
        if self.loops and not self.handlers and index.type == "field" and pair.type == "record":
            return derived(pair, "records")
        return put(self.env.get(path, UNKNOWN), key, value)

    def _fill(self, path: str) -> None:
        """Takes an empty frame that something is put into for one that grows."""
        frame = self.env.get(path, UNKNOWN)
        if frame.type == "empty frame":
            self.env[path] = derived(frame, "pandas.DataFrame")

    def set(self, path: str | None, value: Value) -> None:
        """Gives a value to a variable or attribute, and forgets the attributes that the old one had."""
        if path is None:
            return
        self.has_attributes = self.has_attributes or "." in path
        if self.has_attributes:
            for stale in [each for each in self.env if each.startswith(f"{path}.")]:
                del self.env[stale]
        self.env[path] = value

    def suppose(self, test: syntax.Expression, outcome: bool) -> None:
        """Goes on as if a test came out so: what it finds to be short is short."""
        for path in set(shrunk(test, outcome)):
            self.set(path, SMALL)


def _constant(run: Expressions, constant: syntax.Constant) -> Value:  # noqa: ARG001
    text = constant.value
    if not isinstance(text, str):
        return FALSE if text is False else TRUE if text is True else SMALL
    if is_by_hand(text):
        return BY_HAND
    return SHORT_QUERY if bounds_answer(text) else SMALL


def _name(run: Expressions, name: syntax.Name) -> Value:
    if name.id == "__file__":
        return BY_HAND
    found = run.env.get(name.id)
    return found if found is not None else run.around.name(name.id, run.file, run.scope, run.is_running)


def _attribute(run: Expressions, attribute: syntax.Attribute) -> Value:
    path = path_of(attribute) if run.has_attributes else None
    if path is not None and path in run.env:
        return run.env[path]
    receiver = run.value(attribute.value)
    if receiver.type in ("definition", "instance"):
        return run.around.attribute(receiver, attribute.name)
    return attribute_result(receiver, attribute.name)


def _call(run: Expressions, call: syntax.Call) -> Value:
    if isinstance(call.function, syntax.Attribute):
        receiver = run.value(call.function.value)
        return run.method(receiver, call.function.name, _arguments(run, call))
    return run.applied(run.value(call.function), _arguments(run, call))


def _arguments(run: Expressions, call: syntax.Call) -> Arguments:
    positional = []
    keywords = {}
    for argument in call.arguments:
        value = run.value(argument.value)
        if argument.keyword is not None:
            keywords[argument.keyword] = value
        elif argument.star == "**" and value.type == "container":
            keywords.update((key, inner) for key, inner in value.held if isinstance(key, str))
        elif argument.star and value.type == "record":
            keywords[SPREAD] = value
        elif not argument.star:
            positional.append(value)
    return Arguments(
        run.file,
        call,
        tuple(positional),
        keywords,
        partial(_is_short, run, call),
        partial(_is_thin, run, call),
        partial(_is_known, run, call),
    )


def _is_short(run: Expressions, call: syntax.Call) -> bool:
    """Whether a call has a query whose text is known to bound the answer."""
    query = query_of(call)
    if query is None:
        return False
    text = written(query, run.file, run.scope)
    return is_made_by("limit", query, run.file, run.scope) or (
        is_bounded(text) if text is not None else run.value(query) == SHORT_QUERY
    )


def _is_thin(run: Expressions, call: syntax.Call) -> bool:
    """Whether a call has a query whose text is known to ask for little of each row."""
    query = query_of(call)
    if query is None:
        return False
    text = written(query, run.file, run.scope)
    return is_thin(text) if text is not None else is_made_by("group_by", query, run.file, run.scope)


def _is_known(run: Expressions, call: syntax.Call) -> bool:
    """Whether of a call's query, if it has one, anything is known."""
    query = query_of(call)
    if query is None:
        return True
    text = written(query, run.file, run.scope)
    if text is not None:
        return asks_a_table(text)
    value = run.value(query)
    return value.type in ("container", "small") and value != BY_HAND


def _subscript(run: Expressions, subscript: syntax.Subscript) -> Value:
    inner, key = subscript.value, subscript.index
    if isinstance(inner, syntax.Attribute) and inner.name in ("loc", "iloc"):
        return located(run.value(inner.value), key, run.value(parts(key)[0]))
    return subscripted(run.value(inner), key, run.value(key), in_loop=run.loops > 0)


def _sequence(run: Expressions, sequence: syntax.Sequence) -> Value:
    items: list[tuple[Any, Value]] = []
    for place, item in enumerate(sequence.items):
        if isinstance(item, syntax.Starred):
            inner = run.value(item.value)
            if inner.type != "container" and inner.bulk is not None:
                return gathered(inner)
            items.append((None, element(inner)))
        else:
            items.append((place, run.value(item)))
    return display(items)


def _mapping(run: Expressions, mapping: syntax.Mapping) -> Value:
    items: list[tuple[Any, Value]] = []
    for key, inner in mapping.entries:
        value = run.value(inner)
        if key is None:
            items.extend(value.held if value.type == "container" else [(None, value)])
        else:
            items.append((key.value if isinstance(key, syntax.Constant) else None, value))
    return mapped(items)


def _comprehension(run: Expressions, comprehension: syntax.Comprehension) -> Value:
    before = dict(run.env)
    sources = []
    for generator in comprehension.generators:
        sources.append(run.value(generator.iterable))
        run.bind(generator.target, element(sources[-1]))
        for condition in generator.conditions:
            run.value(condition)
    item = _item_of(run, comprehension)
    run.env = before
    if sources[0].type == "record" and item.type == "field":
        return derived(item, "record")
    if sources[0].type == "batch" and not run.whiles:
        return UNKNOWN
    if comprehension.kind == "generator":
        return Value("chunks", held=((None, item),))
    if item.type == "line" and any(each.conditions for each in comprehension.generators):
        return UNKNOWN
    made = collected(item)
    return mapped(made.held) if comprehension.kind == "dict" and made.type == "container" else made


def _item_of(run: Expressions, comprehension: syntax.Comprehension) -> Value:
    """What a comprehension gives in each round; of a dict's key and value, two fields are a record."""
    run.loops += 1
    item = as_record(run.value(comprehension.element))
    if comprehension.key is not None:
        pair = display([(0, run.value(comprehension.key)), (1, item)])
        item = pair if pair.type == "record" else item
    run.loops -= 1
    return item


def _operation(run: Expressions, operation: syntax.Operation) -> Value:
    return operated(operation.operators, [run.value(operand) for operand in operation.operands])


def _conditional(run: Expressions, conditional: syntax.Conditional) -> Value:
    test = run.value(conditional.test)
    if test in (FALSE, TRUE):
        return run.value(conditional.body if test == TRUE else conditional.orelse)
    before, values = run.env, []
    for outcome, branch in ((True, conditional.body), (False, conditional.orelse)):
        run.env = dict(before)
        run.suppose(conditional.test, outcome)
        values.append(run.value(branch))
    run.env = before
    return joined(values)


def _formatted(run: Expressions, formatted: syntax.FormattedString) -> Value:
    values = [run.value(part) for part in formatted.parts if not isinstance(part, str)]
    texts = [part for part in formatted.parts if isinstance(part, str)]
    value = joined_text([*values, BY_HAND] if any(map(is_by_hand, texts)) else values)
    text = "".join(part if isinstance(part, str) else "{}" for part in formatted.parts)
    return SHORT_QUERY if value.type == "small" and bounds_answer(text) else value


def _lambda(run: Expressions, made: syntax.Lambda) -> Value:
    return Value("definition", definition=Definition(run.file, made))


def _inner(run: Expressions, expression: syntax.Await | syntax.Formatted | syntax.Starred) -> Value:
    return run.value(expression.value)


def _yield(run: Expressions, expression: syntax.Yield) -> Value:
    if expression.value is not None:
        value = run.value(expression.value)
        value = element(value) if expression.delegates else value
        run.yields.append(Passage(run.file, expression, value))
    return UNKNOWN


def _named(run: Expressions, expression: syntax.NamedExpression) -> Value:
    value = run.value(expression.value)
    run.bind(expression.target, value)
    return value


_READERS: Mapping[type, Callable[[Expressions, Any], Value]] = {
    syntax.Attribute: _attribute,
    syntax.Await: _inner,
    syntax.Call: _call,
    syntax.Comprehension: _comprehension,
    syntax.Conditional: _conditional,
    syntax.Constant: _constant,
    syntax.Formatted: _inner,
    syntax.FormattedString: _formatted,
    syntax.Lambda: _lambda,
    syntax.Mapping: _mapping,
    syntax.Name: _name,
    syntax.NamedExpression: _named,
    syntax.Operation: _operation,
    syntax.Sequence: _sequence,
    syntax.Starred: _inner,
    syntax.Subscript: _subscript,
    syntax.Yield: _yield,
}


def _added(name: str, arguments: Arguments) -> Value:
    """What a method puts into its container."""
    if name == "insert":
        return arguments.positional[1] if len(arguments.positional) > 1 else UNKNOWN
    if name == "update" and not arguments.positional:
        return display(arguments.keywords.items())
    return arguments.first


def _item(value: Value, place: int) -> Value:
    if value.type == "container":
        found = value.get(place)
        return found if found is not UNKNOWN else value.get(None)
    return derived(value, "field") if value.type in ("record", "field") else UNKNOWN


def _filled(made: syntax.Class, arguments: Arguments) -> Value | None:
    """An object of a class that declares its fields and has no constructor, where bulk is put into one."""
    if "__init__" in made.scope.bindings or not any(value.bulk for value in arguments.values):
        return None
    fields = [
        path_of(each.targets[0]) for each in made.body if isinstance(each, syntax.Assign) and each.annotation
    ]
    return display([*zip(fields, arguments.positional, strict=False), *arguments.keywords.items()])
