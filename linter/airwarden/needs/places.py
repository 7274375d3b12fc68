"""Places: when the code of a file runs, and whether it runs where the file is loaded."""

from __future__ import annotations

import builtins
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from airwarden import syntax
from airwarden.dag import DAG_DECORATORS, TASK_GROUP_DECORATORS, DagFile, Task
from airwarden.needs.use import When
from airwarden.parse_time import runs_when_called
from airwarden.patterns import regex

_ELSEWHERE = regex(
    r"task\.(?:branch_)?(?:virtualenv|external_python)|task\.(?:docker|kubernetes)"
    r"|.*(?:Virtualenv|ExternalPython)Operator(?:\.partial)?"
)
"""Tasks whose Python code runs in another environment than Airflow's."""

_OLDEST_PYTHON: tuple[object, ...] = (3, 9)
_STARTERS = DAG_DECORATORS | TASK_GROUP_DECORATORS
_ORDER: tuple[When, ...] = ("load", "run", "guarded", "types")
_IMPORT_FAILURES = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
_ORDINARY = regex(r"(?=\w+\Z)\w*(?:Error|Exception|Warning|Exit|Interrupt|Skip\w*)")

Block = tuple[syntax.Statement, ...]


def milder(one: When, other: When) -> When:
    """The one that is less pressing."""
    return one if _ORDER.index(one) >= _ORDER.index(other) else other


class Places:
    """When the code of one file runs, place by place."""

    def __init__(self, file: DagFile) -> None:
        self.file = file

    def when(self, node: syntax.Node, scope: syntax.Scope) -> When | None:
        """When an import statement or a call is run; None where that is in another environment."""
        functions = list(_functions_around(scope))
        if any(id(each) in self._elsewhere for each in functions):
            return None
        is_loaded = all(id(each) in self._loaded for each in functions)
        return milder("load" if is_loaded else "run", self._guard(node))

    def _guard(self, node: syntax.Node) -> When:
        if isinstance(node, syntax.Statement):
            return self._guards[0].get(id(node), "load")
        return self._guarded_nodes.get(id(node), "load")

    # What gets along without it

    @cached_property
    def _guards(self) -> tuple[dict[int, When], list[tuple[Block, When]]]:
        """How each guarded statement is guarded, and the guarded blocks, outer ones first."""
        found: dict[int, When] = {}
        blocks: list[tuple[Block, When]] = []
        pending: list[tuple[Block, When]] = [(self.file.module.body, "load")]
        while pending:
            block, around = pending.pop()
            for statement in block:
                if around != "load":
                    found[id(statement)] = around
                for inner, own in _inner_blocks(statement):
                    guard = milder(around, own)
                    if guard != around:
                        blocks.append((inner, guard))
                    pending.append((inner, guard))
        return found, blocks

    @cached_property
    def _guarded_nodes(self) -> dict[int, When]:
        found: dict[int, When] = {}
        for block, guard in self._guards[1]:
            for node, _ in syntax.nodes_in(block, self.file.module.scope):
                found[id(node)] = milder(found.get(id(node), "load"), guard)
        return found

    # What runs when the file is loaded

    @cached_property
    def _loaded(self) -> frozenset[int]:
        """The functions that run when the file is loaded: those of DAGs, and those that are called then."""
        sites: defaultdict[int, list[syntax.CallSite]] = defaultdict(list)
        for site in self.file.module.calls:
            sites[_key(site.scope.function)].append(site)
        functions = self.file.module.functions
        pending: list[syntax.Function | None] = [None]
        pending.extend(each for each in functions if self._is_started(each))
        found: set[int] = set()
        while pending:
            function = pending.pop()
            if _key(function) not in found:
                found.add(_key(function))
                pending.extend(self._run_by(sites[_key(function)]))
                if function is None:
                    pending.extend(self._decorating())
        return frozenset(found)

    def _is_started(self, function: syntax.Function) -> bool:
        scope = function.scope.parent or self.file.module.scope
        plain = (each.function if isinstance(each, syntax.Call) else each for each in function.decorators)
        return any(not _STARTERS.isdisjoint(self.file.names(each, scope)) for each in plain)

    def _run_by(self, sites: Iterable[syntax.CallSite]) -> Iterator[syntax.Function]:
        for site in sites:
            if self._guard(site.call) == "load":
                for called in self._called(site):
                    if runs_when_called(self.file, called):
                        yield called

    def _called(self, site: syntax.CallSite) -> Iterator[syntax.Function]:
        """The functions of the file that a call runs."""
        target = site.call.function
        found = site.scope.lookup(target.id) if isinstance(target, syntax.Name) else None
        made = found[1][-1].value if found else None
        if isinstance(made, syntax.Class):
            makers = (each.value for each in made.scope.bindings.get("__init__", []))
            yield from (each for each in makers if isinstance(each, syntax.Function))
            return
        function = None if isinstance(target, syntax.Call) else self.file.function(target, site.scope)
        yield from [function] if isinstance(function, syntax.Function) else []

    def _decorating(self) -> Iterator[syntax.Function]:
        """The functions of the file that decorate others."""
        for function in self.file.module.functions:
            scope = function.scope.parent or self.file.module.scope
            for decorator in function.decorators:
                made = self.file.function(decorator, scope)
                yield from [made] if isinstance(made, syntax.Function) else []

    # What runs elsewhere

    @cached_property
    def _elsewhere(self) -> frozenset[int]:
        """The functions that run in another environment: those of such tasks, and what only these name."""
        away, here = set[int](), set[int]()
        for task in self.file.tasks:
            if task.function is not None:
                is_away = _ELSEWHERE.fullmatch(task.name) and not self._sees_the_image(task)
                (away if is_away else here).add(id(task.function))
        away -= here
        if away:
            _spread(away, here, self._naming)
        return frozenset(away)

    def _sees_the_image(self, task: Task) -> bool:
        """Whether a virtual environment is told to have the packages of the image too, and brings no provider
        of its own.
        """
        calls = (site.call for site in self.file.module.calls)
        made = (each for each in calls if each.keyword("python_callable") is task.node)
        call = task.node if isinstance(task.node, syntax.Call) else next(made, None)
        switch = call.keyword("system_site_packages") if call else None
        if call is None or not (isinstance(switch, syntax.Constant) and switch.value is True):
            return False
        listed = call.keyword("requirements")
        items = listed.items if isinstance(listed, syntax.Sequence) else [listed] if listed else []
        texts = [each.value if isinstance(each, syntax.Constant) else None for each in items]
        return all(isinstance(text, str) and "airflow" not in text for text in texts)

    @cached_property
    def _naming(self) -> dict[int, list[frozenset[int]]]:
        """For each function of the file, the functions around each place that names it."""
        found: defaultdict[int, list[frozenset[int]]] = defaultdict(list)
        for node, scope in syntax.nodes_of(self.file.module):
            bound = scope.lookup(node.id) if isinstance(node, syntax.Name) else None
            for binding in bound[1] if bound else ():
                if isinstance(binding.value, syntax.Function):
                    around = frozenset(map(id, _functions_around(scope)))
                    found[id(binding.value)].append(around)
        return dict(found)


def _spread(away: set[int], here: set[int], naming: dict[int, list[frozenset[int]]]) -> None:
    """Adds the functions that only those which run elsewhere name."""
    grows = True
    while grows:
        only = {
            function
            for function, places in naming.items()
            if function not in here | away and all(away & around for around in places)
        }
        grows = bool(only)
        away |= only


def _functions_around(scope: syntax.Scope) -> Iterator[syntax.Function | syntax.Lambda]:
    inner: syntax.Scope | None = scope
    while inner is not None:
        if isinstance(inner.owner, (syntax.Function, syntax.Lambda)):
            yield inner.owner
        inner = inner.parent


def _key(function: syntax.Function | syntax.Lambda | None) -> int:
    return 0 if function is None else id(function)


def _inner_blocks(statement: syntax.Statement) -> Iterator[tuple[Block, When]]:
    """The blocks inside a statement, each with what the statement makes of it."""
    match statement:
        case syntax.Function(body=body) | syntax.Class(body=body):
            yield body, "load"
        case syntax.If(branches=branches, orelse=orelse):
            for test, body in branches:
                yield body, _under(test)
            yield orelse, _beside([test for test, _ in branches])
        case syntax.Match(bodies=bodies):
            yield from _each(bodies, "guarded")
        case syntax.With(items=items, body=body):
            yield body, "guarded" if any(_suppresses(value) for value, _ in items) else "load"
        case syntax.Try():
            yield from _blocks_of_try(statement)
        case _:
            yield from _each(syntax.blocks_of(statement), "load")


def _under(test: syntax.Expression) -> When:
    """What a test makes of the code below it; one that any Python of today passes makes nothing of it."""
    if syntax.is_type_checking(test):
        return "types"
    return "load" if _always_holds(test) or _is_no_type_checking(test) else "guarded"


def _beside(tests: list[syntax.Expression]) -> When:
    """What tests make of the code that runs where none of them holds."""
    if any(map(_is_no_type_checking, tests)):
        return "types"
    return "load" if all(map(syntax.is_type_checking, tests)) else "guarded"


def _is_no_type_checking(test: syntax.Expression) -> bool:
    """Whether a condition holds wherever the code runs, and for type checkers alone does not."""
    match test:
        case syntax.Operation(operators=("Not",), operands=(operand,)):
            return syntax.is_type_checking(operand)
        case _:
            return False


def _always_holds(test: syntax.Expression) -> bool:
    """Whether a test asks for a Python that every supported Airflow has."""
    match test:
        case syntax.Operation(
            operators=("GreaterThanEqual" | "GreaterThan",),
            operands=(syntax.Attribute(name="version_info"), syntax.Sequence(kind="tuple", items=items)),
        ):
            numbers = tuple(each.value for each in items if isinstance(each, syntax.Constant))
            return all(isinstance(each, int) for each in numbers) and numbers <= _OLDEST_PYTHON
    return False


def _blocks_of_try(statement: syntax.Try) -> Iterator[tuple[Block, When]]:
    gets_along = any(_catches(kind) and not _raises(body) for kind, body in statement.handlers)
    yield statement.body, "guarded" if gets_along else "load"
    yield from _each([body for _, body in statement.handlers], "guarded")
    yield from _each([statement.orelse, statement.final], "load")


def _each(blocks: Iterable[Block], when: When) -> list[tuple[Block, When]]:
    return [(block, when) for block in blocks]


def _catches(kind: syntax.Expression | None) -> bool:
    """Whether a handler may catch what a failing import raises."""
    match kind:
        case None:
            return True
        case syntax.Name(id=name) | syntax.Attribute(name=name):
            return name in _IMPORT_FAILURES or not (_ORDINARY.fullmatch(name) or hasattr(builtins, name))
        case syntax.Sequence(items=items):
            return any(_catches(item) for item in items)
        case _:
            return True


def _raises(body: Block) -> bool:
    """Whether a handler lets the failure go on, whatever it does before."""
    return any(isinstance(each, syntax.Leave) and each.word == "raise" for each in body)


def _suppresses(value: syntax.Expression) -> bool:
    match value:
        case syntax.Call(function=syntax.Name(id="suppress") | syntax.Attribute(name="suppress")):
            return any(_catches(each.value) for each in value.arguments)
        case _:
            return False
