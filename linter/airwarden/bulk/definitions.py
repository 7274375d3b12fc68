"""What names stand for: functions, classes and modules of the repository, and full names from outside."""

from __future__ import annotations

import builtins
from collections import defaultdict
from collections.abc import Iterator
from typing import TypeAlias

from airwarden import syntax
from airwarden.bulk.values import UNKNOWN, Definition, Value
from airwarden.dag import DagFile, enclosing_class
from airwarden.repo import Repo
from airwarden.tracing import Answers

_BUILTINS = frozenset(dir(builtins))
_DEFINING = ("import", "function", "class")
_MOST_BASES = 8
_MOST_HOPS = 16

_Assigned: TypeAlias = defaultdict[tuple[int, str], list[tuple[syntax.Expression, syntax.Scope]]]


class Definitions:
    """Looks up definitions for the dataflow, each once."""

    def __init__(self, repo: Repo) -> None:
        self._repo = repo
        self._names: Answers[tuple[int, str], Definition | None] = Answers(repo.tracer)
        self._bases: Answers[int, tuple[Definition, ...]] = Answers(repo.tracer)
        self._to_self: dict[str, _Assigned] = {}

    def name(self, name: str, file: DagFile, home: syntax.Scope) -> Value:
        """What a name that `home` defines or imports, or a builtin, stands for.

        A later assignment does not count: `load = PythonOperator(python_callable=load)` is a habit.
        """
        return _as_value(self._named(name, file, home, 0))

    def _named(self, name: str, file: DagFile, home: syntax.Scope, hops: int) -> Definition | None:
        key = (id(home), name)
        if key not in self._names and hops >= _MOST_HOPS:
            return None
        return self._names.get(key, lambda: self._found(name, file, home, hops), None)

    def _found(self, name: str, file: DagFile, home: syntax.Scope, hops: int) -> Definition | None:
        found = home.lookup(name)
        if found is None:
            return self._starred(name, file, hops)
        scope, bindings = found
        defining = [each.value for each in bindings if each.kind in _DEFINING]
        match defining[-1] if defining else bindings[-1].value:
            case syntax.ImportedName() as imported:
                return self._imported(imported, file, hops)
            case syntax.Function() | syntax.Class() as node:
                return Definition(file, node, node.name)
            case syntax.Name() | syntax.Attribute() as alias if len(bindings) == 1:
                return self._aliased(alias, file, scope, hops)
            case _:
                return None

    def _aliased(
        self, alias: syntax.Expression, file: DagFile, scope: syntax.Scope, hops: int
    ) -> Definition | None:
        match alias:
            case syntax.Name(id=name):
                return self._named(name, file, scope, hops + 1)
            case syntax.Attribute(value=inner, name=name):
                owner = self._aliased(inner, file, scope, hops + 1)
                return None if owner is None else self.attribute(owner, name).definition
            case _:
                return None

    def _starred(self, name: str, file: DagFile, hops: int) -> Definition | None:
        if name in _BUILTINS:
            return Definition(None, None, name)
        outside: list[str] = []
        for binding in reversed(file.module.scope.bindings.get("*", [])):
            if isinstance(binding.value, syntax.ImportedName):
                module = self._repo.module(binding.value.module, file.path)
                found = None if module is None else self._member(module, name, hops)
                if found is not None:
                    return found
                outside += [binding.value.module] if module is None else []
        return Definition(None, None, f"{outside[0]}.{name}") if len(outside) == 1 else None

    def _imported(self, imported: syntax.ImportedName, file: DagFile, hops: int) -> Definition | None:
        whole = self._repo.module(imported.target, file.path)
        if whole is not None and whole is not file:
            return Definition(whole, whole.module)
        if imported.name is not None:
            module = self._repo.module(imported.module, file.path)
            if module is not None and module is not file:
                return self._member(module, imported.name, hops)
        return Definition(None, None, imported.target)

    def _member(self, module: DagFile, name: str, hops: int) -> Definition | None:
        if name in module.module.scope.bindings or "*" in module.module.scope.bindings:
            return self._named(name, module, module.module.scope, hops + 1)
        if not module.path.endswith("__init__.py"):
            return None
        inner = self._repo.module(f".{name}", module.path)
        return None if inner is None else Definition(inner, inner.module)

    def attribute(self, definition: Definition, name: str) -> Value:
        """What `name` is in a module or class, or below a full name from outside."""
        if definition.file is None:
            return Value("definition", definition=Definition(None, None, f"{definition.name}.{name}"))
        if isinstance(definition.node, syntax.Class):
            return self.member(definition, name)
        if isinstance(definition.node, syntax.Module):
            return _as_value(self._member(definition.file, name, 0))
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

    def assigned(
        self, file: DagFile, owner: syntax.Class, name: str
    ) -> Iterator[tuple[syntax.Expression, syntax.Scope]]:
        """The expressions that a class gives to `self.name` or to `name` in its body, with their scopes."""
        for binding in owner.scope.bindings.get(name, []):
            if isinstance(binding.value, syntax.Expression):
                yield binding.value, owner.scope
        if file.path not in self._to_self:
            self._to_self[file.path] = _assigned_to_self(file)
        yield from self._to_self[file.path].get((id(owner), name), ())

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
        return self._bases.get(id(node), lambda: tuple(self._found_bases(node, file)))

    def _found_bases(self, node: syntax.Class, file: DagFile) -> Iterator[Definition]:
        scope = node.scope.parent or file.module.scope
        written = (each.value for each in node.arguments if each.keyword is None and not each.star)
        bases = (self._aliased(each, file, scope, 0) for each in written)
        yield from (base for base in bases if base is not None and base.name != "object")


def is_defined(bindings: list[syntax.Binding]) -> bool:
    """Whether a name is bound by an import or a definition."""
    return any(binding.kind in _DEFINING for binding in bindings)


def _assigned_to_self(file: DagFile) -> _Assigned:
    """What the classes of a file give to `self.name`, by class and name."""
    found: _Assigned = defaultdict(list)
    for change in file.module.item_assignments:
        match change.target:
            case syntax.Attribute(value=syntax.Name(id="self"), name=name):
                owner = enclosing_class(change.scope)
                if owner is not None:
                    found[id(owner), name].append((change.value, change.scope))
            case _:
                pass
    return found


def _as_value(found: Definition | None) -> Value:
    return UNKNOWN if found is None else Value("definition", definition=found)
