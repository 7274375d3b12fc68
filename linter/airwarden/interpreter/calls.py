"""What calls and attributes give: functions and classes of the repository are followed."""

from __future__ import annotations

import sys
from abc import abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Generator, Hashable, Mapping, Sequence
from dataclasses import fields, replace
from functools import partial
from typing import Any, TypeGuard

from airwarden import syntax
from airwarden.interpreter.branches import Branches
from airwarden.interpreter.expressions import Flow, Frame, Raised
from airwarden.interpreter.memory import widened
from airwarden.interpreter.methods import called_method
from airwarden.interpreter.operations import fault_of, negated, operated
from airwarden.interpreter.outside import known_attribute, known_call
from airwarden.interpreter.signatures import Signature
from airwarden.interpreter.values import (
    ABSENT,
    DATA,
    FIELDS,
    NONE,
    OTHERS,
    UNKNOWN,
    Arguments,
    Attributes,
    Choice,
    ClassOf,
    Coroutine,
    Data,
    Entries,
    FieldOf,
    FunctionOf,
    Instance,
    Items,
    Known,
    Method,
    ModuleOf,
    Namespace,
    PackageOf,
    Partial,
    Super,
    Symbol,
    Table,
    Unknown,
    Value,
    alternatives,
    choice,
    identity,
    key_of,
    may_be_absent,
    present,
    text_of,
    truth,
)

_MOST_FRAMES = 24
_MOST_RECURSIONS = 16
_MOST_ARGUMENTS = 1_000
"""Arguments by place that partials hand on, each behind those of the one that it is made of."""
_MOST_DEPTH = 3
_BARE_BASES = frozenset(
    {"abc.ABC", "enum.Enum", "object", "typing.Generic", "typing.NamedTuple", "typing.Protocol"}
)
_BLOCKS = frozenset({"bodies", "body", "branches", "final", "handlers", "orelse", "origin", "scope"})
_TYPES: Mapping[str, type[Any]] = {
    "generator": Generator,
    "list": list,
    "set": set,
    "tuple": tuple,
}
_OPERATORS = {
    "Add": "__add__",
    "BitAnd": "__and__",
    "BitOr": "__or__",
    "Divide": "__truediv__",
    "Equal": "__eq__",
    "GreaterThan": "__gt__",
    "GreaterThanEqual": "__ge__",
    "LeftShift": "__lshift__",
    "LessThan": "__lt__",
    "LessThanEqual": "__le__",
    "Modulo": "__mod__",
    "Multiply": "__mul__",
    "NotEqual": "__ne__",
    "RightShift": "__rshift__",
    "Subtract": "__sub__",
}


class Calls(Branches):
    """The part of an interpreter that calls."""

    def __init__(self) -> None:
        super().__init__()
        self._generators: dict[syntax.Function, bool] = {}
        self._signatures: dict[syntax.Function | syntax.Lambda, Signature] = {}

    @abstractmethod
    def block(self, statements: Sequence[syntax.Statement]) -> Flow:
        """Follows statements in order."""

    @abstractmethod
    def submodule(self, module: ModuleOf | PackageOf, name: str) -> Value | None:
        """A module of the repository inside a package."""

    # What others may know better

    def outside(self, callee: Symbol, arguments: Arguments, call: syntax.Call | None) -> Value:
        """What a call of something outside of the repository gives."""
        if callee.name.endswith(".__init__"):
            return self._initialised(callee, arguments)
        known = known_call(self, callee, arguments)
        return Instance(callee, arguments, call, self.frame.file) if known is None else known

    def _initialised(self, callee: Symbol, arguments: Arguments) -> Value:
        """`super().__init__(...)` or `Base.__init__(self, ...)` of a class from outside."""
        receiver, given = callee.receiver, arguments
        if receiver is None and arguments.positional and isinstance(arguments.positional[0], Instance):
            receiver, given = arguments.positional[0], arguments.rest()
        if receiver is not None:
            self.constructed(receiver, Symbol(callee.name.rpartition(".")[0]), given)
        return NONE

    def unknown(self, arguments: Arguments) -> Value:
        """What a call of nobody knows what gives: it may change every dict and list it is handed."""
        for value in (*arguments.positional, *arguments.keywords.values()):
            for each in alternatives(value):
                if isinstance(each, Table):
                    self.memory.write(each, Entries(complete=False))
                elif isinstance(each, Items):
                    self.memory.write(each, ((), False))
        return UNKNOWN

    def too_deep(self, arguments: Arguments) -> Value:
        """What a call gives that is nested too deeply to be followed."""
        self.is_lost = True
        return self.unknown(arguments)

    def constructed(self, instance: Instance, base: Symbol, arguments: Arguments) -> None:
        """A class of the repository hands arguments to the constructor of a class from outside."""

    # Calls

    def call(self, callee: Value, arguments: Arguments, call: syntax.Call | None) -> Value:
        """What a call gives, after all that it does."""
        self.tick()
        while isinstance(callee, Partial):
            arguments = arguments.after(callee.arguments)
            if len(arguments.positional) > _MOST_ARGUMENTS:
                return self.unknown(arguments)
            self.charge(1 + len(arguments.positional) // 10)
            callee = callee.callee
        match callee:
            case Symbol():
                return self.outside(callee, arguments, call)
            case FunctionOf():
                return self.called(callee, arguments, call)
            case ClassOf():
                return self.construct(callee, arguments, call)
            case Method():
                return called_method(self, callee, arguments)
            case Choice(values=values):
                return self.either([partial(self.call, each, arguments, call) for each in values])
            case Instance(callee=Symbol(name=name)):
                found = self.outside(Symbol(f"{name}.__call__", callee), arguments, call)
                return self.unknown(Arguments()) if _may_be_ours(callee) else found
            case Instance():
                return self.call(self.asked(callee, "__call__"), arguments, call)
            case Data():
                return DATA
            case Known() | Items() | Table():
                raise Raised("TypeError")
            case _:
                return self.unknown(arguments)

    def called(self, function: FunctionOf, arguments: Arguments, call: syntax.Call | None) -> Value:
        """What a call of a function of the repository gives."""
        node = function.node
        if isinstance(node, syntax.Function) and node.is_async:
            return Coroutine(function, arguments)
        if function.memo is not None:
            return self._remembered(function, function.memo, arguments, call)
        if len(self.frames) >= _MOST_RECURSIONS:
            running = [each for each in self.frames if each.function and each.function.node is node]
            if len(running) >= _MOST_RECURSIONS or len(self.frames) >= _MOST_FRAMES:
                return self._cut_short(running, arguments)
        if isinstance(node, syntax.Function) and self._is_generator(node):
            found = Items("generator", (), draw=lambda: self._yielded(function, arguments, call))
            found.made_by = function, arguments
            return found
        return self.entered(function, arguments, call)

    def _cut_short(self, running: Sequence[Frame], arguments: Arguments) -> Value:
        """What a call gives that is nested too deeply: one more turn of a recursion may change what others
        have changed.
        """
        is_lost = self.is_lost
        found = self.too_deep(arguments)
        if running and _is_again(arguments, running[-1].arguments):
            self.is_lost, frame = is_lost, running[0]
            for cell, content in list(self.memory.since(frame.depth).values()):
                if cell.born < frame.since:
                    self.memory.write(cell, widened(cell, content, whole=True))
        return found

    def _remembered(
        self, function: FunctionOf, memo: Table, arguments: Arguments, call: syntax.Call | None
    ) -> Value:
        """What a cached function gives: the first time what it does, then the same again."""
        given = (function.receiver, *arguments.positional) if function.receiver else arguments.positional
        named = [each for pair in arguments.keywords.items() for each in (Known(pair[0]), pair[1])]
        key = key_of(Items("tuple", [*given, *named], arguments.complete))
        before = ABSENT if key is None else memo.content.get(key)
        if before is not ABSENT and not may_be_absent(before):
            return before
        found = self.called(replace(function, memo=None), arguments, call)
        if before is not ABSENT or key is None:
            return UNKNOWN
        self.memory.write(memo, memo.content.with_entry(key, found, None))
        return found

    def await_(self, value: Value) -> Value:
        """What waiting for a value gives."""
        if isinstance(value, Coroutine):
            return self.entered(value.function, value.arguments, None)
        return value

    def entered(self, function: FunctionOf, arguments: Arguments, call: syntax.Call | None) -> Value:
        """Follows the body of a function."""
        frame = self._frame_of(function, call)
        return self._run(function, frame, arguments)

    def _frame_of(self, function: FunctionOf, call: syntax.Call | None) -> Frame:
        names = Namespace("function", function.node.scope, function.names)
        site = None if call is None else (self.frame.file, call)
        return Frame(function.file, names, self.memory.depth, function, call=site)

    def _run(self, function: FunctionOf, frame: Frame, arguments: Arguments) -> Value:
        if function.receiver is not None:
            arguments = arguments.behind(function.receiver)
        frame.arguments = arguments
        signature = self._signature(function.node)
        is_plain = isinstance(function.node, syntax.Lambda) or not function.node.decorators
        if is_plain and arguments.complete and not signature.accepts(0, arguments):
            raise Raised("TypeError")
        self.frames.append(frame)
        self.memory.open()
        try:
            for name, value in signature.bound(function, arguments).items():
                self.bind(name, value)
            return self._result(function, frame)
        except Raised:
            self.memory.abandon(frame.depth)
            raise
        finally:
            self.ended()

    def _signature(self, node: syntax.Function | syntax.Lambda) -> Signature:
        if node not in self._signatures:
            self._signatures[node] = Signature(node.parameters)
        return self._signatures[node]

    def _result(self, function: FunctionOf, frame: Frame) -> Value:
        node = function.node
        if isinstance(node, syntax.Lambda):
            value = self.evaluate(node.body)
            self.memory.keep()
            return value
        flow = self.block(node.body)
        if flow == "next":
            frame.returned.append(NONE)
            flow = "return"
        if not frame.names.is_kept:
            self._forget(frame)
        if not self.rejoined("return", flow, 0, frame.since):
            raise Raised(self.failure if flow == "raise" else UNKNOWN)
        return frame.returned[0] if len(frame.returned) == 1 else choice(frame.returned)

    def _forget(self, frame: Frame) -> None:
        """Drops the variables of a function that has ended, where nothing else can see them."""
        variables = frame.names.variables.values()
        self.memory.forget(variables)
        for left in frame.exits:
            for variable in variables:
                left.changes.pop(id(variable), None)

    # Generators

    def _is_generator(self, node: syntax.Function) -> bool:
        if node not in self._generators:
            self._generators[node] = any(map(_holds_yield, syntax.statements_of(node)))
        return self._generators[node]

    def _yielded(
        self, function: FunctionOf, arguments: Arguments, call: syntax.Call | None
    ) -> tuple[tuple[Value, ...], bool]:
        """All that a generator gives."""
        frame = self._frame_of(function, call)
        frame.yielded = Items("generator", ())
        self._run(function, frame, arguments)
        return frame.yielded.content

    def within_context(
        self, function: FunctionOf, arguments: Arguments, follow: Callable[[Value], Flow]
    ) -> Flow:
        """Follows the body of a `with` where a generator that makes the context stops."""
        frame, outer, flows = self._frame_of(function, None), self.frame, list[Flow]()

        def at_yield(value: Value) -> None:
            first = len(outer.exits)
            self.frames.append(outer)
            flow = follow(value)
            self.frames.pop()
            frame.exits.extend(each for each in outer.exits[first:] if each.flow == "raise")
            outer.exits[first:] = [each for each in outer.exits[first:] if each.flow != "raise"]
            flows.append(flow)
            if flow in ("raise", "dead"):
                raise Raised(self.failure)

        frame.at_yield = at_yield
        ended = self.flow_of(partial(self._run, function, frame, arguments))
        if ended == "raise" or not flows:
            return "dead" if "dead" in flows else "raise"
        return "next" if flows[0] == "raise" else flows[0]

    # Classes

    def construct(self, made: ClassOf, arguments: Arguments, call: syntax.Call | None) -> Value:
        """A new instance of a class of the repository."""
        if made.form == "enum":
            return self._member(made, arguments)
        if made.form == "dict":
            return known_call(self, Symbol("dict"), arguments) or UNKNOWN
        new = self.class_attribute(made, "__new__")
        if isinstance(new, FunctionOf):
            found = self.called(new, arguments.behind(made), call)
            if not isinstance(found, Instance) or found.callee is not made:
                return found
            instance = found
        else:
            instance = Instance(made, arguments, call, self.frame.file)
        self._initialise(instance, made, arguments, call)
        return instance

    def _initialise(
        self, instance: Instance, made: ClassOf, arguments: Arguments, call: syntax.Call | None
    ) -> None:
        for each in made.lineage:
            constructor = each.names.own("__init__")
            if isinstance(constructor, FunctionOf):
                self.called(_bound_to(constructor, instance, made), arguments, call)
                return
            if constructor is not None:
                self.unknown(arguments.behind(instance))
                return
            if each.fields is not None:
                self._fill(instance, made, each.fields, arguments)
                return
        for base in made.outside_bases:
            self.constructed(instance, base, arguments)

    def _member(self, made: ClassOf, arguments: Arguments) -> Value:
        wanted = arguments.positional[0] if arguments.positional else UNKNOWN
        is_sure = True
        for member in self.iterated(made)[0]:
            value = member.content.get("value", UNKNOWN) if isinstance(member, Instance) else UNKNOWN
            same = True if member is wanted else truth(self.operation("Equal", value, wanted))
            if same and is_sure:
                return member
            is_sure = is_sure and same is False
        if is_sure and self.class_attribute(made, "_missing_") is None:
            raise Raised("ValueError")
        return UNKNOWN

    def _fill(
        self, instance: Instance, made: ClassOf, fields: Mapping[str, FieldOf], arguments: Arguments
    ) -> None:
        """What the constructor of a dataclass, or of a class like one, does."""
        content: dict[str, Value] = {}
        count = 0
        for name, field in fields.items():
            index = count if field.is_given and not field.is_keyword else -1
            given = arguments.get(index, name) if field.is_given else None
            count += index == count
            content[name] = self._filled(given, field, arguments)
        content[FIELDS] = Items("tuple", list(content.values()))
        self.memory.write(instance, content)
        after = self.class_attribute(made, "__post_init__")
        if isinstance(after, FunctionOf):
            self.called(_bound_to(after, instance, made), Arguments(), None)

    def _filled(self, given: Value | None, field: FieldOf, arguments: Arguments) -> Value:
        if given is not None and not may_be_absent(given):
            return given
        default = UNKNOWN if field.default is None else self._field_default(field.default)
        if given is None and field.default is None and arguments.complete and field.is_given:
            raise Raised("TypeError")
        if given is not None:
            return choice((present(given), default))
        return default if arguments.complete or not field.is_given else arguments.others

    def fields(self, made: ClassOf) -> dict[str, Value]:
        """The fields of a dataclass, or of a class like one, each with its default."""
        found = next((each.fields for each in made.lineage if each.fields is not None), {})
        return {
            name: UNKNOWN if field.default is None else self._field_default(field.default)
            for name, field in found.items()
        }

    def _field_default(self, value: Value) -> Value:
        """What `field(default=..., default_factory=...)` stands for."""
        if not is_field(value):
            return value
        factory = value.arguments.keywords.get("default_factory") or value.arguments.keywords.get("factory")
        if factory is not None:
            return self.call(factory, Arguments(), None)
        return value.arguments.get(0, "default") or UNKNOWN

    # Attributes

    def asked(self, value: Value, name: str) -> Value:
        """What `value.name` gives. Raises `Raised` where it is known to have no such attribute."""
        if isinstance(value, Instance):
            own = value.content.get(name)
            if own is not None and not may_be_absent(own):
                return own
        if isinstance(value, (Known, Items, Table, Instance)) and self.has_attribute(value, name) is False:
            raise Raised("AttributeError")
        return self.attribute(value, name)

    def has_attribute(self, value: Value, name: str) -> bool | None:
        """Whether a value has an attribute; None where only a run can tell."""
        match value:
            case Known(value=constant):
                return hasattr(constant, name)
            case Items(kind=kind) if kind in _TYPES:
                return hasattr(_TYPES[kind], name)
            case Table() if not hasattr(OrderedDict, name):
                return False
            case Instance():
                return self._has_instance(value, name)
            case ModuleOf():
                return True if value.names.own(name) is not None else None if value.names.outside else False
            case Choice(values=values):
                verdicts = {self.has_attribute(each, name) for each in values}
                return verdicts.pop() if len(verdicts) == 1 else None
            case _:
                return None

    def _has_instance(self, instance: Instance, name: str) -> bool | None:
        made = instance.callee
        if name in instance.content:
            return None if may_be_absent(instance.content[name]) else True
        if isinstance(made, Symbol):
            is_open = made.name != "types.SimpleNamespace" or OTHERS in instance.content
            return None if is_open or name.startswith("_") else False
        if self.class_attribute(made, name) is not None:
            return True
        return None if OTHERS in instance.content or name.startswith("_") else self._is_open(made)

    def _is_open(self, made: ClassOf) -> bool | None:
        """None where an instance of a class may have attributes that are not written out, else False."""
        for each in made.lineage:
            outside = [base for base in each.bases if not isinstance(base, ClassOf)]
            if any(not isinstance(base, Symbol) or base.name not in _BARE_BASES for base in outside):
                return None
            if any(each.keyword is not None for each in each.node.arguments) or each.node.decorators:
                return None if each.form == "plain" else False
            if any(each.names.own(own) is not None for own in ("__getattr__", "__getattribute__")):
                return None
        return False

    def attribute(self, value: Value, name: str) -> Value:
        """What `value.name` gives."""
        match value:
            case Symbol(name=base):
                known = known_attribute(value, name)
                return Symbol(f"{base}.{name}", value.receiver) if known is None else known
            case ModuleOf() | PackageOf():
                return self._module_attribute(value, name)
            case ClassOf():
                return self._of_class(value, name)
            case Instance():
                return self._of_instance(value, name)
            case Super(after=after, receiver=receiver):
                return self._of_super(after, receiver, name)
            case Choice(values=values):
                return self.either([partial(self.asked, each, name) for each in values])
            case Known() | Items() | Table():
                return Method(value, name)
            case Data() | Coroutine():
                return DATA
            case FunctionOf(kind="property") if name == "setter":
                return Partial(Symbol("airwarden.setter"), Arguments((value,)))
            case FunctionOf(node=syntax.Function(name=own)) if name in ("__name__", "__qualname__"):
                return Known(own)
            case Partial(callee=inner) if name == "func":
                return inner
            case _:
                return UNKNOWN

    def _module_attribute(self, module: ModuleOf | PackageOf, name: str) -> Value:
        if isinstance(module, ModuleOf):
            found = module.names.own(name)
            if found is not None:
                return found
        inner = self.submodule(module, name)
        if inner is not None:
            return inner
        outside = module.names.outside if isinstance(module, ModuleOf) else []
        return Symbol(f"{outside[0]}.{name}") if len(outside) == 1 else UNKNOWN

    def _of_class(self, made: ClassOf, name: str) -> Value:
        found = self.class_attribute(made, name)
        if name == "__members__" and made.form == "enum":
            members: dict[Hashable, Value] = {
                str(text_of(each.content["name"])): each
                for each in self.iterated(made)[0]
                if isinstance(each, Instance)
            }
            return Table(Entries(members))
        if found is None:
            return Known(made.name) if name in ("__name__", "__qualname__") else UNKNOWN
        if isinstance(found, FunctionOf) and found.kind == "class":
            return found.bound_to(made)
        return found

    def class_attribute(self, made: ClassOf, name: str) -> Value | None:
        """What a class, or the first of its bases that has it, holds under a name; of a base from outside,
        the full name.
        """
        possible: list[Value] = []
        for each in made.lineage:
            variable = each.names.variables.get(name)
            if variable is not None and variable.content is not ABSENT:
                possible.append(present(variable.content))
                if not may_be_absent(variable.content):
                    return choice(possible)
        outside = [base for base in made.outside_bases if base.name not in _BARE_BASES]
        possible += [Symbol(f"{base.name}.{name}") for base in outside[:1]]
        return choice(possible) if possible else None

    def _of_instance(self, instance: Instance, name: str) -> Value:
        made, own = instance.callee, instance.content.get(name)
        if own is not None and not may_be_absent(own):
            return own
        if isinstance(made, Symbol):
            if own is not None:
                return present(own)
            known = known_attribute(instance, name)
            return Symbol(f"{made.name}.{name}", instance) if known is None else known
        if name == "__class__":
            return made
        if name == "__dict__":
            return Attributes(instance)
        if name == "_replace" and made.form == "record":
            return Partial(Symbol("dataclasses.replace"), Arguments((instance,)))
        if name == "_asdict" and made.form == "record":
            return Partial(Symbol("airwarden.attributes"), Arguments((instance,)))
        return self._inherited(instance, made, name, own)

    def _inherited(self, instance: Instance, made: ClassOf, name: str, own: Value | None) -> Value:
        """An attribute that an instance has of its class, where it has none of its own, or may have none."""
        found = self.class_attribute(made, name)
        if own is None and OTHERS in instance.content:
            return UNKNOWN
        if own is not None and found is None:
            self.may_raise("AttributeError")
            return present(own)
        given = UNKNOWN if found is None else self._bound(found, instance, made, name)
        return given if own is None else choice((present(own), given))

    def _bound(self, found: Value, instance: Value, made: ClassOf, name: str) -> Value:
        """What an attribute of a class is as seen from an instance."""
        if isinstance(found, Choice):
            return self.either([partial(self._bound, each, instance, made, name) for each in found.values])
        if isinstance(found, Symbol) and isinstance(instance, Instance):
            return Symbol(found.name, instance) if found.receiver is None else found
        if isinstance(found, Instance) and isinstance(found.callee, ClassOf):
            given = self.special(found, "__get__", instance, made)
            return found if given is None else given
        if not isinstance(found, FunctionOf):
            return found
        bound_one = _bound_to(found, instance, made)
        if found.kind not in ("property", "kept"):
            return bound_one
        value = self.called(bound_one, Arguments(), None)
        if found.kind == "kept" and isinstance(instance, Instance):
            self.memory.write(instance, {**instance.content, name: value})
        return value

    def set_attribute(self, owner: Value, name: str, value: Value, node: syntax.Node) -> None:
        """`owner.name = value`."""
        made = owner.callee if isinstance(owner, Instance) else None
        if isinstance(owner, Instance) and isinstance(made, ClassOf):
            setting = self.class_attribute(made, "__setattr__")
            found = self.class_attribute(made, name)
            if isinstance(setting, FunctionOf):
                self.called(_bound_to(setting, owner, made), Arguments((Known(name), value)), None)
                return
            if isinstance(found, FunctionOf) and found.kind == "property":
                self._set_property(owner, made, found, value)
                return
        super().set_attribute(owner, name, value, node)

    def _set_property(self, owner: Instance, made: ClassOf, found: FunctionOf, value: Value) -> None:
        if found.setter is None:
            raise Raised("AttributeError")
        self.called(_bound_to(replace(found.setter, kind="plain"), owner, made), Arguments((value,)), None)

    def set_some_attribute(self, owner: Value, value: Value) -> None:
        """`setattr(owner, name, value)` where it is not known which name."""
        if isinstance(owner, Instance):
            content = {name: choice((each, value)) for name, each in owner.content.items() if name != FIELDS}
            self.memory.write(owner, {**owner.content, **content, OTHERS: UNKNOWN})
        elif isinstance(owner, (ClassOf, ModuleOf)):
            for variable in owner.names.variables.values():
                self.memory.write(variable, choice((variable.content, value)))

    def special(self, owner: Value, name: str, *given: Value) -> Value | None:
        """What a special method of an instance of a class of the repository gives; None where it has none."""
        if not isinstance(owner, Instance) or not isinstance(owner.callee, ClassOf):
            return None
        found = self.class_attribute(owner.callee, name)
        if found is None or isinstance(found, Symbol):
            return None
        return self.call(self._bound(found, owner, owner.callee, name), Arguments(given), None)

    def operation(self, name: str, left: Value, right: Value) -> Value:
        """What `left operator right` gives, by the operator's name in the syntax."""
        fault = fault_of(name, left, right)
        if fault is not None:
            raise Raised(fault)
        if isinstance(right, Items):
            self.charge(len(right.items) // 10)
        if name in ("In", "NotIn"):
            found = self.special(right, "__contains__", left)
        else:
            found = self.special(left, _OPERATORS[name], right) if name in _OPERATORS else None
        if found is not None:
            return negated(found) if name == "NotIn" else found
        return operated(name, left, right)

    def _of_super(self, after: ClassOf, receiver: Value, name: str) -> Value:
        made = receiver.callee if isinstance(receiver, Instance) else receiver
        lineage = made.lineage if isinstance(made, ClassOf) else ()
        for base in lineage[lineage.index(after) + 1 :] if after in lineage else ():
            found = base.names.own(name)
            if found is not None:
                return self._bound(found, receiver, base, name)
        for outer in (made if isinstance(made, ClassOf) else after).outside_bases:
            return Symbol(f"{outer.name}.{name}", receiver if isinstance(receiver, Instance) else None)
        return Symbol(f"object.{name}")

    def owner(self) -> ClassOf | None:
        """The class whose method is running."""
        for frame in reversed(self.frames):
            scope: syntax.Scope | None = frame.names.scope
            node = None if scope is None or scope.parent is None else scope.parent.owner
            first = next(iter(frame.names.variables.values()), None)
            if isinstance(node, syntax.Class) and first is not None:
                return self._class_with(node, first.content)
        return None

    def _class_with(self, node: syntax.Class, receiver: Value) -> ClassOf | None:
        for each in alternatives(receiver):
            made = each.callee if isinstance(each, Instance) else each
            if isinstance(made, ClassOf):
                return next((one for one in made.lineage if one.node is node), None)
        return None

    def receiver(self) -> Value:
        """The `self` or `cls` of the running method."""
        for frame in reversed(self.frames):
            if frame.function is not None and frame.function.receiver is not None:
                return frame.function.receiver
            parent = frame.names.scope.parent
            if parent is not None and parent.kind == "class" and frame.function is not None:
                first = next(iter(frame.names.variables.values()), None)
                return UNKNOWN if first is None else first.content
        return UNKNOWN


def _bound_to(function: FunctionOf, instance: Value, made: ClassOf) -> FunctionOf:
    if function.kind == "static" or function.receiver is not None:
        return function
    return function.bound_to(made if function.kind == "class" else instance)


def _is_again(given: Arguments, before: Arguments) -> bool:
    """Whether a call is given nothing but what nobody knows, or what the call around it was given."""
    same = {identity(each) for each in (*before.positional, *before.keywords.values())}
    values = [*given.positional, *given.keywords.values()]
    return all(isinstance(each, (Unknown, Data)) or identity(each) in same for each in values)


def _may_be_ours(value: Value, depth: int = 0) -> bool:
    """Whether what something from outside gave may be, or call, what the repository handed to it."""
    match value:
        case Instance(callee=Symbol(name=name) as made, arguments=given):
            top = name.partition(".")[0]
            if depth == 0 and top in ("airflow", "airwarden"):
                return False
            if depth == 0 and (top == name or top in sys.stdlib_module_names):
                return True
            inner = [*given.positional, *given.keywords.values(), *([made.receiver] if made.receiver else [])]
        case Items():
            inner = list(value.items)
        case Table():
            inner = list(value.content.values.values())
        case _:
            return isinstance(value, (ClassOf, FunctionOf, Instance, Partial))
    return depth <= _MOST_DEPTH and any(_may_be_ours(each, depth + 1) for each in inner)


def is_field(value: Value) -> TypeGuard[Instance]:
    """Whether a value is what `field(...)` gives."""
    if not isinstance(value, Instance) or not isinstance(value.callee, Symbol):
        return False
    return value.callee.name.rpartition(".")[2] in ("field", "Field", "ib")


def _holds_yield(node: object) -> bool:
    if isinstance(node, syntax.Yield):
        return True
    if isinstance(node, tuple):
        return any(map(_holds_yield, node))
    if isinstance(node, (syntax.Function, syntax.Class, syntax.Lambda)) or not isinstance(node, syntax.Node):
        return False
    parts = (getattr(node, each.name) for each in fields(node) if each.name not in _BLOCKS)  # type: ignore[arg-type]
    return any(map(_holds_yield, parts))
