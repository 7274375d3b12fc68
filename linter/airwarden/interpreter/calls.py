"""What calls and attributes give: functions and classes of the repository are followed."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Hashable, Iterator, Sequence
from functools import partial

from airwarden import syntax
from airwarden.interpreter.branches import Branches, Flow
from airwarden.interpreter.expressions import Frame, Raised
from airwarden.interpreter.methods import called_method
from airwarden.interpreter.outside import known_attribute, known_call
from airwarden.interpreter.signatures import bound
from airwarden.interpreter.values import (
    DATA,
    NONE,
    UNKNOWN,
    Arguments,
    Choice,
    ClassOf,
    Coroutine,
    Data,
    Entries,
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
    Value,
    alternatives,
    choice,
    present,
    text_of,
)

_MOST_FRAMES = 24
_MOST_RECURSIONS = 8


class Calls(Branches):
    """The part of an interpreter that calls."""

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
            if isinstance(value, Table):
                self.memory.write(value, value.content.with_entry(None, UNKNOWN, None))
            elif isinstance(value, Items):
                self.memory.write(value, (value.items, False))
        return UNKNOWN

    def too_deep(self, arguments: Arguments) -> Value:
        """What a call gives that is nested too deeply to be followed."""
        return self.unknown(arguments)

    def constructed(self, instance: Instance, base: Symbol, arguments: Arguments) -> None:
        """A class of the repository hands arguments to the constructor of a class from outside."""

    # Calls

    def call(self, callee: Value, arguments: Arguments, call: syntax.Call | None) -> Value:
        """What a call gives, after all that it does."""
        self.tick()
        match callee:
            case Symbol():
                return self.outside(callee, arguments, call)
            case FunctionOf():
                return self.called(callee, arguments, call)
            case ClassOf():
                return self.construct(callee, arguments, call)
            case Method():
                return called_method(self, callee, arguments)
            case Partial(callee=inner, arguments=first):
                return self.call(inner, arguments.after(first), call)
            case Choice(values=values):
                return self.either([partial(self.call, each, arguments, call) for each in values])
            case Instance(callee=Symbol(name=name)):
                return self.outside(Symbol(f"{name}.__call__", callee), arguments, call)
            case Instance():
                return self.call(self.attribute(callee, "__call__"), arguments, call)
            case Data():
                return DATA
            case _:
                return self.unknown(arguments)

    def called(self, function: FunctionOf, arguments: Arguments, call: syntax.Call | None) -> Value:
        """What a call of a function of the repository gives."""
        node = function.node
        if isinstance(node, syntax.Function) and node.is_async:
            return Coroutine(function, arguments)
        running = sum(frame.function is not None and frame.function.node is node for frame in self.frames)
        if running >= _MOST_RECURSIONS or len(self.frames) >= _MOST_FRAMES:
            return self.too_deep(arguments)
        return self.entered(function, arguments, call)

    def await_(self, value: Value) -> Value:
        """What waiting for a value gives."""
        if isinstance(value, Coroutine):
            return self.entered(value.function, value.arguments, None)
        return value

    def entered(self, function: FunctionOf, arguments: Arguments, call: syntax.Call | None) -> Value:
        """Follows the body of a function."""
        if function.receiver is not None:
            arguments = arguments.after(Arguments((function.receiver,)))
        names = Namespace("function", function.node.scope, function.names)
        site = None if call is None else (self.frame.file, call)
        frame = Frame(function.file, names, self.memory.depth, function, call=site)
        self.frames.append(frame)
        self.memory.open()
        try:
            for name, value in bound(function, arguments).items():
                self.bind(name, value)
            return self._result(function, frame)
        except Raised:
            self.memory.abandon(frame.depth)
            raise
        finally:
            self.frames.pop()

    def _result(self, function: FunctionOf, frame: Frame) -> Value:
        node = function.node
        if isinstance(node, syntax.Lambda):
            value = self.evaluate(node.body)
            self.memory.keep()
            return value
        flow = self.block(node.body)
        if flow == "next":
            frame.returned.append(NONE)
        if not self.rejoined("return", flow, 0, frame.since):
            raise Raised
        if frame.yielded:
            return Items("generator", frame.yielded, not frame.endless)
        return choice(frame.returned)

    # Classes

    def construct(self, made: ClassOf, arguments: Arguments, call: syntax.Call | None) -> Value:
        """A new instance of a class of the repository."""
        if made.form == "enum":
            return self._member(made, arguments)
        if made.form == "dict":
            return known_call(self, Symbol("dict"), arguments) or UNKNOWN
        instance = Instance(made, arguments, call, self.frame.file)
        constructor = self.class_attribute(made, "__init__")
        if isinstance(constructor, FunctionOf):
            self.called(_bound_to(constructor, instance, made), arguments, call)
        elif made.form == "record":
            self._fill(instance, made, arguments)
        for base in (
            self.outside_bases(made) if constructor is None or isinstance(constructor, Symbol) else ()
        ):
            self.constructed(instance, base, arguments)
        return instance

    def _member(self, made: ClassOf, arguments: Arguments) -> Value:
        wanted = arguments.positional[0] if arguments.positional else UNKNOWN
        for member in self.iterated(made)[0]:
            value = member.content.get("value") if isinstance(member, Instance) else None
            if isinstance(value, Known) and isinstance(wanted, Known) and value.value == wanted.value:
                return member
        return UNKNOWN

    def _fill(self, instance: Instance, made: ClassOf, arguments: Arguments) -> None:
        """What the constructor of a dataclass, or of a class like one, does."""
        fields = self.fields(made)
        content: dict[str, Value] = {}
        for index, (name, default) in enumerate(fields.items()):
            given = arguments.get(index, name)
            content[name] = given if given is not None else default if arguments.complete else UNKNOWN
        content["_fields"] = Items("tuple", list(content.values()))
        self.memory.write(instance, content)
        after = self.class_attribute(made, "__post_init__")
        if isinstance(after, FunctionOf):
            self.called(_bound_to(after, instance, made), Arguments(), None)

    def fields(self, made: ClassOf) -> dict[str, Value]:
        """The fields of a dataclass, or of a class like one, each with its default."""
        found: dict[str, Value] = {}
        for base in reversed(made.bases):
            if isinstance(base, ClassOf):
                found.update(self.fields(base))
        for statement in made.node.body:
            match statement:
                case syntax.Assign(targets=(syntax.Name(id=name),), annotation=annotation) if annotation:
                    default = made.names.own(name)
                    found[name] = UNKNOWN if default is None else self._field_default(default)
                case _:
                    pass
        return found

    def _field_default(self, value: Value) -> Value:
        """What `field(default=..., default_factory=...)` stands for."""
        if not isinstance(value, Instance) or not isinstance(value.callee, Symbol):
            return value
        if value.callee.name.rpartition(".")[2] not in ("field", "Field", "ib"):
            return value
        factory = value.arguments.keywords.get("default_factory") or value.arguments.keywords.get("factory")
        if factory is not None:
            return self.call(factory, Arguments(), None)
        return value.arguments.get(0, "default") or UNKNOWN

    # Attributes

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
                return choice(self.attribute(each, name) for each in values)
            case Known() | Items() | Table():
                return Method(value, name)
            case Data() | Coroutine():
                return DATA
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
            return _with_receiver(found, made)
        return found

    def class_attribute(self, made: ClassOf, name: str) -> Value | None:
        """What a class, or the first of its bases that has it, holds under a name; of a base from outside,
        the full name.
        """
        for each in self.lineage(made):
            found = each.names.own(name)
            if found is not None:
                return found
        for base in self.outside_bases(made):
            return Symbol(f"{base.name}.{name}")
        return None

    def lineage(self, made: ClassOf) -> list[ClassOf]:
        """A class and its bases in the repository, in the order in which Python looks for attributes."""
        found: dict[int, ClassOf] = {}
        for each in self._descended(made, 0):
            found.pop(id(each), None)
            found[id(each)] = each
        return list(found.values())

    def _descended(self, made: ClassOf, depth: int) -> Iterator[ClassOf]:
        yield made
        for base in made.bases:
            if isinstance(base, ClassOf) and depth < _MOST_RECURSIONS:
                yield from self._descended(base, depth + 1)

    def outside_bases(self, made: ClassOf) -> list[Symbol]:
        """The classes from outside that a class is derived from; one that says nothing is left out."""
        found = [base for each in self.lineage(made) for base in each.bases if isinstance(base, Symbol)]
        return [base for base in found if base.name not in ("object", "abc.ABC", "typing.Generic")]

    def _of_instance(self, instance: Instance, name: str) -> Value:
        if name in instance.content:
            return present(instance.content[name])
        made = instance.callee
        if isinstance(made, Symbol):
            known = known_attribute(instance, name)
            return Symbol(f"{made.name}.{name}", instance) if known is None else known
        if name == "__class__":
            return made
        if name == "_replace" and made.form == "record":
            return Partial(Symbol("dataclasses.replace"), Arguments((instance,)))
        found = self.class_attribute(made, name)
        return UNKNOWN if found is None else self._bound(found, instance, made)

    def _bound(self, found: Value, instance: Value, made: ClassOf) -> Value:
        """What an attribute of a class is as seen from an instance."""
        if isinstance(found, Choice):
            return choice(self._bound(each, instance, made) for each in found.values)
        if isinstance(found, Symbol) and isinstance(instance, Instance):
            return Symbol(found.name, instance)
        if not isinstance(found, FunctionOf):
            return found
        bound_one = _bound_to(found, instance, made)
        return self.called(bound_one, Arguments(), None) if found.kind == "property" else bound_one

    def _of_super(self, after: ClassOf, receiver: Value, name: str) -> Value:
        made = receiver.callee if isinstance(receiver, Instance) else receiver
        lineage = self.lineage(made) if isinstance(made, ClassOf) else []
        for base in lineage[lineage.index(after) + 1 :] if after in lineage else ():
            found = base.names.own(name)
            if found is not None:
                return self._bound(found, receiver, base)
        for outer in self.outside_bases(made if isinstance(made, ClassOf) else after):
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
                return next((one for one in self.lineage(made) if one.node is node), None)
        return None

    def receiver(self) -> Value:
        """The `self` or `cls` of the running method."""
        for frame in reversed(self.frames):
            if frame.function is not None and frame.function.receiver is not None:
                return frame.function.receiver
        return UNKNOWN


def _with_receiver(function: FunctionOf, receiver: Value) -> FunctionOf:
    return FunctionOf(
        function.node, function.file, function.names, function.defaults, receiver, function.kind
    )


def _bound_to(function: FunctionOf, instance: Value, made: ClassOf) -> FunctionOf:
    if function.kind == "static" or function.receiver is not None:
        return function
    return _with_receiver(function, made if function.kind == "class" else instance)
