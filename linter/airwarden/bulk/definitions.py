"""What names stand for: functions, classes and modules of the repository, and full names from outside."""

from __future__ import annotations

from collections.abc import Iterator

from airwarden import syntax
from airwarden.bulk.values import UNKNOWN, Definition, Value
from airwarden.dag import DagFile, enclosing_class
from airwarden.evaluated import Choice, ClassOf, FunctionOf, ModuleOf, Place, Symbol
from airwarden.evaluated import Value as Evaluated
from airwarden.evaluation import Evaluator
from airwarden.repo import Repo

_DEFINING = ("import", "function", "class")
_MOST_BASES = 8


class Definitions:
    """Looks up definitions for the dataflow, each once."""

    def __init__(self, repo: Repo) -> None:
        self._evaluator = Evaluator(repo)
        self._names: dict[tuple[int, str], Value] = {}
        self._bases: dict[int, tuple[Definition, ...]] = {}

    def name(self, name: str, file: DagFile, home: syntax.Scope) -> Value:
        """What a name that `home` defines or imports, or a builtin, stands for.

        A later assignment does not count: `load = PythonOperator(python_callable=load)` is a habit.
        """
        key = (id(home), name)
        if key not in self._names:
            defining = [each.order for each in home.bindings.get(name, []) if each.kind in _DEFINING]
            order = defining[-1] + 1 if defining else None
            found = self._evaluator.evaluate(syntax.Name(name), Place(file, home, order=order))
            self._names[key] = _as_value(found)
        return self._names[key]

    def attribute(self, definition: Definition, name: str) -> Value:
        """What `name` is in a module or class, or below a full name from outside."""
        if definition.file is None:
            return Value("definition", definition=Definition(None, None, f"{definition.name}.{name}"))
        if isinstance(definition.node, syntax.Class):
            return self.member(definition, name)
        if isinstance(definition.node, syntax.Module):
            return _as_value(self._evaluator.attribute(ModuleOf(definition.file), name))
        return UNKNOWN

    def member(self, owner: Definition, name: str) -> Value:
        """What a class or one of its bases defines under a name; of a base from outside, its full name."""
        for each in self.lineage(owner):
            if each.file is None or not isinstance(each.node, syntax.Class):
                return self.attribute(each, name)
            bindings = each.node.scope.bindings.get(name, [])
            functions = [b.value for b in bindings if isinstance(b.value, syntax.Function)]
            if functions:
                return Value("definition", definition=Definition(each.file, functions[-1], name))
        return UNKNOWN

    def lineage(self, owner: Definition) -> Iterator[Definition]:
        """A class and its bases, those of the repository first."""
        pending, seen, outside = [owner], 0, []
        while pending and seen < _MOST_BASES:
            each, seen = pending.pop(0), seen + 1
            if isinstance(each.node, syntax.Class):
                yield each
                pending.extend(self._bases_of(each))
            else:
                outside.append(each)
        yield from outside

    def _bases_of(self, owner: Definition) -> tuple[Definition, ...]:
        node, file = owner.node, owner.file
        if not isinstance(node, syntax.Class) or file is None:
            return ()
        if id(node) not in self._bases:
            place = Place(file, node.scope.parent or file.module.scope)
            bases = (_as_value(base).definition for base in self._evaluator.bases(ClassOf(node, place)))
            self._bases[id(node)] = tuple(
                base for base in bases if base is not None and base.name != "object"
            )
        return self._bases[id(node)]


def is_defined(bindings: list[syntax.Binding]) -> bool:
    """Whether a name is bound by an import or a definition."""
    return any(binding.kind in _DEFINING for binding in bindings)


def assigned_in_class(
    file: DagFile, owner: syntax.Class, name: str
) -> Iterator[tuple[syntax.Expression, syntax.Scope]]:
    """The expressions that a class gives to `self.name` or to `name` in its body, with their scopes."""
    for binding in owner.scope.bindings.get(name, []):
        if isinstance(binding.value, syntax.Expression):
            yield binding.value, owner.scope
    for change in file.module.item_assignments:
        target = change.target
        if not isinstance(target, syntax.Attribute) or target.name != name:
            continue
        is_self = isinstance(target.value, syntax.Name) and target.value.id == "self"
        if is_self and enclosing_class(change.scope) is owner:
            yield change.value, change.scope


def _as_value(found: Evaluated) -> Value:
    match found:
        case Symbol(name=name):
            return Value("definition", definition=Definition(None, None, name))
        case FunctionOf(node=node, place=place) | ClassOf(node=node, place=place):
            return Value("definition", definition=Definition(place.file, node, getattr(node, "name", "")))
        case ModuleOf(file=file):
            return Value("definition", definition=Definition(file, file.module))
        case Choice(values=values):
            usable = (value for each in values if (value := _as_value(each)) is not UNKNOWN)
            return next(usable, UNKNOWN)
        case _:
            return UNKNOWN
