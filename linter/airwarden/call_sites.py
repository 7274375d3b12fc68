"""Who calls a function of the repository, and what its parameters are there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from airwarden import syntax
from airwarden.dag import DagFile, enclosing_class
from airwarden.evaluated import ClassOf, FunctionOf, Place, Value
from airwarden.evaluation import Evaluator
from airwarden.repo import Repo
from airwarden.source import Unreadable

_MOST_SITES = 50
_MOST_HOPS = 4


@dataclass(frozen=True, eq=False)
class Caller:
    """One call that leads to a function, and a place inside that function as this call leaves it."""

    file: DagFile
    call: syntax.Call
    place: Place


class CallSites:
    """Finds the calls of functions, through the modules of one repository."""

    def __init__(self, repo: Repo, evaluator: Evaluator) -> None:
        self.repo = repo
        self.evaluator = evaluator
        self._found: dict[int, tuple[tuple[DagFile, syntax.CallSite, FunctionOf], ...]] = {}

    def callers(self, file: DagFile, scope: syntax.Scope, order: int, hops: int = 0) -> Iterator[Caller]:
        """Each way in which the code of `scope` is reached by calls, outermost call first told.

        Yields nothing for code outside of functions, or where no call is found.
        """
        function = scope.function
        if not isinstance(function, syntax.Function) or hops >= _MOST_HOPS:
            return
        for caller, site, callee in self._sites(file, function):
            outer = Place(caller, site.scope, order=site.order)
            inner = Place(file, scope, self.evaluator.frames(callee, site.call, outer), order)
            further = list(self.callers(caller, site.scope, site.order, hops + 1)) if _is_inner(site) else []
            if not further:
                yield Caller(caller, site.call, inner)
            for each in further:
                frames = self.evaluator.frames(callee, site.call, each.place)
                yield Caller(each.file, each.call, Place(file, scope, frames, order))

    def _sites(
        self, file: DagFile, function: syntax.Function
    ) -> tuple[tuple[DagFile, syntax.CallSite, FunctionOf], ...]:
        if id(function) not in self._found:
            self._found[id(function)] = ()
            self._found[id(function)] = tuple(self._search(file, function))[:_MOST_SITES]
        return self._found[id(function)]

    def _search(
        self, file: DagFile, function: syntax.Function
    ) -> Iterator[tuple[DagFile, syntax.CallSite, FunctionOf]]:
        owner = enclosing_class(function.scope.parent or function.scope)
        made_by = owner.name if owner is not None and function.name == "__init__" else function.name
        for other in self._files_with(made_by, file):
            for site in other.module.calls:
                if _called_name(site.call, other, site.scope) != made_by:
                    continue
                place = Place(other, site.scope, order=site.order)
                callee = self._constructor(self.evaluator.evaluate(site.call.function, place), site)
                if isinstance(callee, FunctionOf) and callee.node is function:
                    yield other, site, callee

    def _constructor(self, callee: Value, site: syntax.CallSite) -> Value:
        return self.evaluator.constructor(callee, site.call) if isinstance(callee, ClassOf) else callee

    def _files_with(self, name: str, first: DagFile) -> Iterator[DagFile]:
        word = re.compile(rb"\b%s\b" % re.escape(name).encode())
        yield first
        for path, data in self._python_bytes:
            if path != first.path and word.search(data):
                try:
                    yield self.repo.dag_file(path)
                except Unreadable:
                    continue

    @cached_property
    def _python_bytes(self) -> tuple[tuple[str, bytes], ...]:
        paths = [path for path in self.repo.files if self.repo.is_dag_file(path)]
        return tuple((path, (self.repo.root / path).read_bytes()) for path in paths)


def _is_inner(site: syntax.CallSite) -> bool:
    return site.scope.function is not None


def _called_name(call: syntax.Call, file: DagFile, scope: syntax.Scope) -> str:
    """The last part of the name that is called, aliases of imports undone."""
    match call.function:
        case syntax.Attribute(name=name):
            return name
        case syntax.Name() as plain:
            return (file.full_name(plain, scope) or plain.id).rpartition(".")[2]
        case _:
            return ""
