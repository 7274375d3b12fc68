"""What an expression is known to be, without running it: followed through names, modules and calls.

Values that depend on what only a run can tell are `Unknown`; the analysis never guesses. Every evaluation
ends: it has a budget of steps, and what lies beyond is unknown.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Mapping
from dataclasses import replace

from airwarden import syntax
from airwarden.dag import DagFile, enclosing_class
from airwarden.evaluated import (
    DATA,
    NONE,
    UNKNOWN,
    Choice,
    ClassOf,
    Data,
    FunctionOf,
    Instance,
    Items,
    Known,
    ModuleOf,
    Place,
    Symbol,
    Table,
    Unknown,
    Value,
    added,
    choice,
    is_empty,
    item_of,
    merged,
    text_of,
    with_entry,
    without,
)
from airwarden.repo import Repo

_MOST_STEPS = 4_000
_MOST_DEPTH = 60
_BUILTINS = frozenset(dir(builtins))
_DICT_CHANGES = frozenset({"update", "setdefault", "pop", "clear", "popitem"})
_COPIES = frozenset({"copy.copy", "copy.deepcopy", "dict", "list", "tuple"})


class Evaluator:
    """Evaluates expressions of one repository. Each call of `evaluate` from outside has its own budget."""

    def __init__(self, repo: Repo) -> None:
        self.repo = repo
        self._steps = 0
        self._depth = 0

    def evaluate(self, expression: syntax.Expression, place: Place) -> Value:
        """What an expression is known to be at a place."""
        if self._depth == 0:
            self._steps = 0
        if self._steps >= _MOST_STEPS or self._depth >= _MOST_DEPTH:
            return UNKNOWN
        self._steps += 1
        self._depth += 1
        try:
            return self._expression(expression, place)
        finally:
            self._depth -= 1

    def _expression(self, expression: syntax.Expression, place: Place) -> Value:
        match expression:
            case syntax.Constant(value=value):
                return Known(value)
            case syntax.Name(id=name):
                return self._name(name, place)
            case syntax.Attribute(value=inner, name=name):
                return self.attribute(self.evaluate(inner, place), name)
            case syntax.Call():
                return self._call(expression, place)
            case syntax.Lambda():
                return FunctionOf(expression, place)
            case syntax.Sequence(kind=kind, items=items):
                return self._items(kind, items, place)
            case syntax.Mapping(entries=entries):
                return self._table(entries, place)
            case syntax.Conditional(body=body, orelse=orelse):
                return choice((self.evaluate(body, place), self.evaluate(orelse, place)))
            case syntax.Operation():
                return self._operation(expression, place)
            case syntax.FormattedString(parts=parts):
                return self._formatted(parts, place)
            case syntax.Subscript(value=inner, index=index):
                return item_of(self.evaluate(inner, place), self.evaluate(index, place))
            case syntax.NamedExpression(value=inner):
                return self.evaluate(inner, place)
            case _:
                return UNKNOWN

    # Names

    def _name(self, name: str, place: Place) -> Value:
        found = place.scope.lookup(name)
        if found is None:
            return self._unbound(name, place)
        home, bindings = found
        in_order = place.order if home is place.scope else None
        values = [self._binding(binding, name, home, place) for binding in _effective(bindings, in_order)]
        return self._changed(choice(values), name, home, in_order, place)

    def _unbound(self, name: str, place: Place) -> Value:
        if name in _BUILTINS:
            return Symbol(name)
        stars = [
            binding.value
            for binding in place.scope.module.bindings.get("*", [])
            if isinstance(binding.value, syntax.ImportedName)
        ]
        for star in reversed(stars):
            module = self.repo.module(star.module, place.file.path)
            if module is not None and name in module.module.scope.bindings:
                return self._member(module, name)
        outside = [star for star in stars if self.repo.module(star.module, place.file.path) is None]
        return Symbol(f"{outside[0].module}.{name}") if len(outside) == 1 else UNKNOWN

    def _binding(self, binding: syntax.Binding, name: str, home: syntax.Scope, place: Place) -> Value:
        inside = replace(place, scope=home, order=binding.order)
        match binding.value:
            case syntax.ImportedName() as imported:
                return self._imported(imported, place.file)
            case syntax.Function() as function:
                return FunctionOf(function, replace(inside, order=None))
            case syntax.Class() as made:
                return ClassOf(made, replace(inside, order=None))
            case syntax.Parameter():
                return self._parameter(name, home, place)
            case syntax.Expression() as value if binding.kind == "assign":
                return self.evaluate(value, inside)
            case _:
                return UNKNOWN

    def _parameter(self, name: str, home: syntax.Scope, place: Place) -> Value:
        given = place.frames.get(id(home), {}).get(name)
        if given is not None:
            return given
        owner = enclosing_class(home)
        if name in ("self", "cls") and owner is not None:
            receiver = ClassOf(owner, replace(place, scope=owner.scope.parent or home, order=None))
            return Instance(receiver, None, receiver.place) if name == "self" else receiver
        return UNKNOWN

    def _imported(self, imported: syntax.ImportedName, file: DagFile) -> Value:
        whole = self.repo.module(imported.target, file.path)
        if whole is not None and whole is not file:
            return ModuleOf(whole)
        if imported.name is not None:
            module = self.repo.module(imported.module, file.path)
            if module is not None and module is not file:
                return self._member(module, imported.name)
        return Symbol(imported.target)

    def _member(self, file: DagFile, name: str) -> Value:
        return self.evaluate(syntax.Name(name), Place(file, file.module.scope))

    def _changed(
        self, value: Value, name: str, home: syntax.Scope, before: int | None, place: Place
    ) -> Value:
        """A dict or list with what is put into it after it was made."""
        if isinstance(value, Table):
            for key, node, given in self._entries_put(name, home, before, place):
                value = with_entry(value, key, node, given, place.file)
        if isinstance(value, Items):
            added = [self.evaluate(item, place) for item in _items_put(place.file, name, home)]
            if added:
                value = Items(value.kind, (*value.items, *added), complete=False)
        return value

    def _entries_put(
        self, name: str, home: syntax.Scope, before: int | None, place: Place
    ) -> Iterator[tuple[str | None, syntax.Node, Value]]:
        for change in place.file.module.item_assignments:
            if not isinstance(change.target, syntax.Subscript) or not _is(change.target.value, name):
                continue
            if _binds(change.scope, name, home) and (before is None or change.order < before):
                key = self.evaluate(change.target.index, replace(place, scope=change.scope))
                given = self.evaluate(change.value, replace(place, scope=change.scope, order=change.order))
                yield text_of(key), change.value, given
        for site in _method_calls(place.file, name, home):
            if _method(site.call) in _DICT_CHANGES and (before is None or site.order < before):
                yield from self._updates(site, place)

    def _updates(
        self, site: syntax.CallSite, place: Place
    ) -> Iterator[tuple[str | None, syntax.Node, Value]]:
        given = site.call.positional(0)
        inside = replace(place, scope=site.scope, order=site.order)
        table = self.evaluate(given, inside) if given is not None else Table({}, {})
        if _method(site.call) != "update" or not isinstance(table, Table) or not table.complete:
            yield None, site.call, UNKNOWN
            return
        for key, value in table.entries.items():
            yield key, table.nodes[key][1], value
        for argument in site.call.arguments:
            if argument.keyword is not None:
                yield argument.keyword, argument.value, self.evaluate(argument.value, inside)

    # Attributes and calls

    def attribute(self, value: Value, name: str) -> Value:
        """What `value.name` is known to be."""
        match value:
            case Symbol(name=base):
                return Symbol(f"{base}.{name}")
            case ModuleOf(file=file):
                return self._module_attribute(file, name)
            case ClassOf():
                return self._class_attribute(value, name, None)
            case Instance(callee=ClassOf() as made):
                return self._instance_attribute(value, made, name)
            case Instance(callee=Symbol(name=base)):
                return Symbol(f"{base}.{name}")
            case Choice(values=values):
                return choice(self.attribute(each, name) for each in values)
            case Known() | Data() | Items() | Table():
                return DATA
            case _:
                return UNKNOWN

    def _module_attribute(self, file: DagFile, name: str) -> Value:
        if name in file.module.scope.bindings or "*" in file.module.scope.bindings:
            return self._member(file, name)
        if file.path.endswith("__init__.py"):
            inner = self.repo.module(f".{name}", file.path)
            return UNKNOWN if inner is None else ModuleOf(inner)
        return UNKNOWN

    def _class_attribute(self, made: ClassOf, name: str, receiver: Instance | None) -> Value:
        if name in made.node.scope.bindings:
            value = self.evaluate(syntax.Name(name), replace(made.place, scope=made.node.scope, order=None))
            if isinstance(value, FunctionOf) and receiver is not None:
                return replace(value, receiver=receiver)
            return value
        for base in self.bases(made):
            match base:
                case ClassOf() if base.node is not made.node:
                    found = self._class_attribute(base, name, receiver)
                    if not isinstance(found, Unknown):
                        return found
                case Symbol(name=outside) if outside != "object":
                    return Symbol(f"{outside}.{name}")
                case _:
                    pass
        return UNKNOWN

    def bases(self, made: ClassOf) -> Iterator[Value]:
        """What each base of a class is known to be."""
        for argument in made.node.arguments:
            if argument.keyword is None and not argument.star:
                yield self.evaluate(argument.value, made.place)

    def _instance_attribute(self, instance: Instance, made: ClassOf, name: str) -> Value:
        for change in made.place.file.module.item_assignments:
            target = change.target
            if not isinstance(target, syntax.Attribute) or target.name != name:
                continue
            if _is(target.value, "self") and enclosing_class(change.scope) is made.node:
                frames = self._constructor_frames(instance, made)
                return self.evaluate(change.value, Place(made.place.file, change.scope, frames))
        return self._class_attribute(made, name, instance)

    def _constructor_frames(self, instance: Instance, made: ClassOf) -> Mapping[int, Mapping[str, Value]]:
        if instance.call is None:
            return made.place.frames
        constructor = self.constructor(made, instance.call)
        if not isinstance(constructor, FunctionOf):
            return made.place.frames
        return self.frames(constructor, instance.call, instance.place)

    def constructor(self, made: ClassOf, call: syntax.Call | None = None) -> Value:
        """The `__init__` that a call of a class runs, bound to the new instance."""
        return self._class_attribute(made, "__init__", Instance(made, call, made.place))

    def frames(self, function: FunctionOf, call: syntax.Call, place: Place) -> dict[int, Mapping[str, Value]]:
        """The values of parameters inside a function that is called at a place, by scope."""
        node = function.node
        skip = 1 if function.receiver is not None else 0
        frame = self._frame(node, function.place, call, place, skip)
        if function.receiver is not None and node.parameters:
            frame = {**frame, node.parameters[0].name: function.receiver}
        return {**function.place.frames, id(node.scope): frame}

    def _call(self, call: syntax.Call, place: Place) -> Value:
        if (
            isinstance(call.function, syntax.Attribute)
            and call.function.name == "copy"
            and not call.arguments
        ):
            original = self.evaluate(call.function.value, place)
            if isinstance(original, (Items, Table)):
                return original
        return self.called(self.evaluate(call.function, place), call, place)

    def called(self, callee: Value, call: syntax.Call, place: Place) -> Value:
        """What a call of a known callee gives."""
        match callee:
            case Symbol(name=name):
                return self._symbol_called(name, call, place)
            case FunctionOf():
                return self._returned(callee, call, place)
            case ClassOf():
                return Instance(callee, call, place)
            case Choice(values=values):
                return choice(self.called(each, call, place) for each in values)
            case Data():
                return DATA
            case _:
                return UNKNOWN

    def _symbol_called(self, name: str, call: syntax.Call, place: Place) -> Value:
        first = call.positional(0)
        if name in ("functools.partial", "functools.wraps") and first is not None:
            return self.evaluate(first, place)
        if name == "dict":
            return self._dict_called(call, place)
        if name == "getattr" and first is not None:
            return self._got_attribute(first, call, place)
        if name in _COPIES and first is not None:
            return self.evaluate(first, place)
        return Instance(Symbol(name), call, place)

    def _got_attribute(self, owner: syntax.Expression, call: syntax.Call, place: Place) -> Value:
        name = call.positional(1)
        text = text_of(self.evaluate(name, place)) if name is not None else None
        return UNKNOWN if text is None else self.attribute(self.evaluate(owner, place), text)

    def _dict_called(self, call: syntax.Call, place: Place) -> Value:
        first = call.positional(0)
        base = Table({}, {}) if first is None else self.evaluate(first, place)
        table = base if isinstance(base, Table) else Table({}, {}, complete=False)
        return self.arguments(call, place, table)

    def _returned(self, function: FunctionOf, call: syntax.Call, place: Place) -> Value:
        node = function.node
        inside = Place(function.place.file, node.scope, self.frames(function, call, place))
        if isinstance(node, syntax.Lambda):
            return self.evaluate(node.body, inside)
        if node.is_async or _yields(node):
            return UNKNOWN
        returns = [each for each in syntax.statements_of(node) if isinstance(each, syntax.Return)]
        if not returns:
            return NONE
        return choice(NONE if each.value is None else self.evaluate(each.value, inside) for each in returns)

    def _frame(
        self, node: syntax.Function | syntax.Lambda, home: Place, call: syntax.Call, place: Place, skip: int
    ) -> dict[str, Value]:
        """The values that a call at `place` gives to the parameters of a function, defaults (which stand at
        `home`) included.
        """
        plain = [each for each in node.parameters if not each.star and not each.keyword_only]
        given = self.arguments(call, place, Table({}, {}))
        frame: dict[str, Value] = {}
        for parameter in node.parameters:
            if parameter.star == "**":
                frame[parameter.name] = without(given, {each.name for each in node.parameters})
            if parameter.star:
                continue
            index = plain.index(parameter) - skip if parameter in plain else -1
            positional = call.positional(index) if index >= 0 else None
            if positional is not None:
                frame[parameter.name] = self.evaluate(positional, place)
            elif parameter.name in given.entries:
                frame[parameter.name] = given.entries[parameter.name]
            elif parameter.default is not None and given.complete and not _has_star(call):
                frame[parameter.name] = self.evaluate(parameter.default, home)
        return frame

    def arguments(self, call: syntax.Call, place: Place, start: Table) -> Table:
        """The keyword arguments of a call, `**` unpacked, over the entries of `start`."""
        table = start
        for argument in call.arguments:
            if argument.keyword is not None:
                value = self.evaluate(argument.value, place)
                table = with_entry(table, argument.keyword, argument.value, value, place.file)
            elif argument.star == "**":
                table = merged(table, self.evaluate(argument.value, place))
        return table

    # Displays and operations

    def _items(self, kind: str, items: tuple[syntax.Expression, ...], place: Place) -> Value:
        found: list[Value] = []
        complete = True
        for item in items:
            if not isinstance(item, syntax.Starred):
                found.append(self.evaluate(item, place))
                continue
            inner = self.evaluate(item.value, place)
            found.extend(inner.items if isinstance(inner, Items) else ())
            complete = complete and isinstance(inner, Items) and inner.complete
        return Items(kind, tuple(found), complete)

    def _table(
        self, entries: tuple[tuple[syntax.Expression | None, syntax.Expression], ...], place: Place
    ) -> Value:
        table = Table({}, {})
        for key, node in entries:
            value = self.evaluate(node, place)
            if key is None:
                table = merged(table, value)
            else:
                table = with_entry(table, text_of(self.evaluate(key, place)), node, value, place.file)
        return table

    def _operation(self, operation: syntax.Operation, place: Place) -> Value:
        values = [self.evaluate(operand, place) for operand in operation.operands]
        operators = set(operation.operators)
        if operators == {"BitOr"} and all(isinstance(value, Table) for value in values):
            table = Table({}, {})
            for value in values:
                table = merged(table, value)
            return table
        if operators == {"Or"}:
            return choice(value for value in values if not is_empty(value))
        if operators == {"Add"}:
            return added(values)
        return DATA if all(isinstance(value, (Data, Known)) for value in values) else UNKNOWN

    def _formatted(self, parts: tuple[str | syntax.Expression, ...], place: Place) -> Value:
        texts: list[str] = []
        for part in parts:
            value = Known(part) if isinstance(part, str) else self.evaluate(part, place)
            if not isinstance(value, Known):
                return DATA
            texts.append(str(value.value))
        return Known("".join(texts))


def _effective(bindings: list[syntax.Binding], before: int | None) -> list[syntax.Binding]:
    """The bindings that may give a name its value: the last that is sure to happen, and all after it."""
    seen = [each for each in bindings if before is None or each.order < before] or bindings
    sure = [index for index, binding in enumerate(seen) if not binding.conditional]
    return seen[sure[-1] :] if sure else seen


def _is(expression: syntax.Expression, name: str) -> bool:
    return isinstance(expression, syntax.Name) and expression.id == name


def _binds(scope: syntax.Scope, name: str, home: syntax.Scope) -> bool:
    found = scope.lookup(name)
    return found is not None and found[0] is home


def _method(call: syntax.Call) -> str:
    return call.function.name if isinstance(call.function, syntax.Attribute) else ""


def _method_calls(file: DagFile, name: str, home: syntax.Scope) -> Iterator[syntax.CallSite]:
    for site in file.module.calls:
        function = site.call.function
        owner = function.value if isinstance(function, syntax.Attribute) else None
        if owner is not None and _is(owner, name) and _binds(site.scope, name, home):
            yield site


def _items_put(file: DagFile, name: str, home: syntax.Scope) -> Iterator[syntax.Expression]:
    for site in _method_calls(file, name, home):
        item = site.call.positional(1 if _method(site.call) == "insert" else 0)
        if _method(site.call) in ("append", "add", "insert", "extend") and item is not None:
            yield item


def _yields(function: syntax.Function) -> bool:
    return any(
        isinstance(each, syntax.Evaluate) and isinstance(each.value, syntax.Yield)
        for each in syntax.statements_of(function)
    )


def _has_star(call: syntax.Call) -> bool:
    return any(argument.star == "*" for argument in call.arguments)
