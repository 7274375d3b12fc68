"""Pushes: which functions may push to XCom, by themselves or by what they call.

Told by names alone, whoever owns them, so never of too few: to run a function costs far more than to ask.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from airwarden import syntax
from airwarden.bulk.modules import Modules
from airwarden.dag import DagFile
from airwarden.repo import Repo

_PUSHES = ("xcom_push", "PokeReturnValue")
_CALLED = "__call__"


_Named: TypeAlias = tuple[frozenset[str], frozenset[object]]
"""The names of something, and what stands in it: names, and texts, which `getattr` may take for one."""


class Pushes:
    """The functions of one repository that may push."""

    def __init__(self, repo: Repo) -> None:
        self._modules = repo.analysis(Modules)
        self._says: dict[str, bool] = {}
        self._indexed: set[str] = set()
        self._mentioning: defaultdict[object, list[tuple[str, frozenset[str]]]] = defaultdict(list)

    def functions(self, file: DagFile) -> list[syntax.Function]:
        """The functions of a file that may push, in source order."""
        if not any(map(self._says_so, self._modules.behind(file))):
            return []
        pushing = self._pushing(file)
        functions = file.module.functions
        # An instance is called by whatever name it has.
        return functions if _CALLED in pushing else [each for each in functions if each.name in pushing]

    def _says_so(self, file: DagFile) -> bool:
        if file.path not in self._says:
            self._says[file.path] = any(word in file.source.text for word in _PUSHES)
        return self._says[file.path]

    def _pushing(self, file: DagFile) -> set[str]:
        """The names by which a file can have what pushes."""
        behind = set()
        for each in self._modules.behind(file):
            behind.add(each.path)
            self._index(each)
        pushing: set[str] = set()
        pending = [*_PUSHES]
        while pending:
            for path, names in self._mentioning.get(pending.pop(), ()):
                if path in behind and not pushing.issuperset(names):
                    pending += names - pushing
                    pushing |= names
        return pushing

    def _index(self, file: DagFile) -> None:
        """Notes for each name in what of a file it stands."""
        if file.path not in self._indexed:
            self._indexed.add(file.path)
            module = file.module
            for names, mentioned in (*_functions(module), *_assigned(module), *_renamed(module)):
                for each in mentioned:
                    self._mentioning[each].append((file.path, names))


def _functions(module: syntax.Module) -> Iterator[_Named]:
    """The functions of a module; those inside another one may use all that stands in that."""
    for function in module.functions:
        scope = function.scope
        if scope.parent is None or scope.parent.function is None:
            inner = [node for node, _ in syntax.nodes_in(function.body, scope)]
            names = (node.name for node in inner if type(node) is syntax.Function)
            yield frozenset((function.name, *names)), _mentioned(inner)


def _assigned(module: syntax.Module) -> Iterator[_Named]:
    """The names and attributes of a module and its classes that get a value."""
    for scope in (module.scope, *(each.scope for each in module.classes)):
        for name, bindings in scope.bindings.items():
            for binding in bindings:
                if isinstance(binding.value, syntax.Expression):
                    yield _valued(name, binding.value, scope)
    for change in module.item_assignments:
        if isinstance(change.target, syntax.Attribute):
            yield _valued(change.target.name, change.value, change.scope)


def _valued(name: str, value: syntax.Expression, scope: syntax.Scope) -> _Named:
    return frozenset((name,)), _mentioned(node for node, _ in syntax.nodes_in((value,), scope))


def _renamed(module: syntax.Module) -> Iterator[_Named]:
    """The names that imports give to what has another one."""
    for each in (name for statement in module.imports for name in statement.names):
        if each.name and each.bound and each.name != each.bound:
            yield frozenset((each.bound,)), frozenset((each.name,))


def _mentioned(nodes: Iterable[syntax.Node]) -> frozenset[object]:
    found: set[object] = set()
    for node in nodes:
        if type(node) is syntax.Name:
            found.add(node.id)
        elif type(node) is syntax.Attribute:
            found.add(node.name)
        elif type(node) is syntax.Constant:
            found.add(node.value)
    return frozenset(found)
