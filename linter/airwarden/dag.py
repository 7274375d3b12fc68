"""DagFile: one Python file, read once, and the questions that rules ask of it."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Literal

from airwarden import syntax
from airwarden.depth import Steps
from airwarden.findings import Region
from airwarden.patterns import regex
from airwarden.positions import Places, places, regions
from airwarden.records import dataclass
from airwarden.source import Source

DAG_CLASSES = frozenset(
    {
        "airflow.DAG",
        "airflow.models.DAG",
        "airflow.models.dag.DAG",
        "airflow.sdk.DAG",
        "airflow.sdk.definitions.dag.DAG",
        "cosmos.DbtDag",
        "cosmos.airflow.dag.DbtDag",
    }
)
DAG_DECORATORS = frozenset(
    {
        "airflow.decorators.dag",
        "airflow.models.dag.dag",
        "airflow.sdk.dag",
        "airflow.sdk.definitions.dag.dag",
    }
)
TASK_DECORATORS = ("airflow.decorators.task", "airflow.sdk.task", "airflow.operators.python.task")
TASK_GROUP_DECORATORS = frozenset(
    {"airflow.decorators.task_group", "airflow.sdk.task_group", "airflow.utils.task_group.task_group"}
)
ASSET_DECORATORS = frozenset({"airflow.sdk.asset", "airflow.sdk.definitions.asset.decorators.asset"})
SMALL_VARIANTS = frozenset(
    {
        "branch",
        "branch_virtualenv",
        "branch_external_python",
        "short_circuit",
        "bash",
        "kubernetes_cmd",
        "stub",
        "llm_branch",
    }
)
"""Variants of `@task` whose return value is a decision, not data."""

_SMALL_OPERATORS = ("BranchPython", "ShortCircuit", "BranchExternalPython", "Sensor")
_MOST_WALKS = 8
_MOST_NAMES = 16
"""Names in a row of which each is given to the next."""
MOST_PARTS = 400
"""Names and operands that one text is put together of, each as often as it stands there, so it is as deep as
that at most. In one expression people write 391.
"""
LONGEST_TEXT = 200_000
"""Characters of a text that is put together of parts: names may stand for one another again and again."""
_TABBED = regex(r"(?m)^\t")
_BUILTINS = frozenset(dir(builtins))

TaskKind = Literal["decorated", "callable", "execute", "asset"]


@dataclass(frozen=True, eq=False)
class Task:
    """Python code that a task runs, and whose return value goes to XCom where `pushes`.

    `node` is where the file says so: the decorator, or the value of `python_callable`. `function` is None
    where the callable stands in another file or is not known; `name` is the full name of decorator or
    operator, where known.
    """

    kind: TaskKind
    node: syntax.Node
    function: syntax.Function | syntax.Lambda | None
    name: str
    scope: syntax.Scope
    pushes: bool


@dataclass(frozen=True, eq=False)
class Dag:
    """One place that makes a DAG: a call of the class or of a subclass, or a decorated function.

    `call` is None for a bare `@dag`. `order` is the place of the call in source order.
    """

    node: syntax.Expression
    call: syntax.Call | None
    function: syntax.Function | None
    scope: syntax.Scope
    order: int

    @property
    def anchor(self) -> syntax.Node:
        """The node at which findings about this DAG stand: the name that is called."""
        return self.node if self.call is None else self.call.function

    def argument(self, name: str) -> syntax.Expression | None:
        """The value written for a keyword argument, or for `dag_id` also the first one."""
        if self.call is None:
            return None
        return self.call.argument(0, name) if name == "dag_id" else self.call.keyword(name)


class DagFile:
    """One Python file of the repository, with its names, calls, DAGs and tasks."""

    def __init__(self, source: Source, module: syntax.Module) -> None:
        self.source = source
        self.path = source.path
        self.module = module
        self._regions: dict[int, Region] = {}
        self._walks = 0
        self._names: dict[tuple[str, syntax.Scope], tuple[str, ...]] = {}

    @classmethod
    def read(cls, source: Source) -> DagFile:
        """Parses a file. Raises `Unreadable`, with line and column, where it is not Python."""
        from airwarden.parsing import parse

        return cls(source, parse(source))

    # Where things stand

    def region(self, node: syntax.Node) -> Region:
        """Where a node stands, without surrounding parentheses."""
        self.locate([node])
        return self._regions[id(node.origin)]

    def locate(self, nodes: Iterable[syntax.Node]) -> None:
        """Finds the regions of many nodes in one pass, for `region` to answer from."""
        missing = [node for node in nodes if id(node.origin) not in self._regions]
        if missing and (known := self._places) is not None:
            here = [node for node in missing if node.origin in known]
            self._regions.update((id(node.origin), known.region(node.origin)) for node in here)
            missing = [node for node in missing if node.origin not in known]
        if missing:
            self._walks += 1
            found = regions(self.module, self.path, missing)
            self._regions.update(
                (id(node.origin), region) for node, region in zip(missing, found, strict=True)
            )

    @property
    def _places(self) -> Places | None:
        """Where all nodes stand, as soon as so many were asked for that one walk more is the cheapest."""
        return self._all_places if self._walks >= _MOST_WALKS else None

    @cached_property
    def _all_places(self) -> Places | None:
        return places(self.module, self.path)

    # What it imports

    @cached_property
    def needed_imports(self) -> Sequence[syntax.Import]:
        """The imports that have to work: neither tried, nor under a condition, nor for types alone."""
        return [
            each for each in self.module.imports if not (each.guarded or each.conditional or each.typing_only)
        ]

    @cached_property
    def top_imports(self) -> Sequence[syntax.Import]:
        """The imports of the module itself, under no condition."""
        found = [each for each in self.module.body if isinstance(each, syntax.Import)]
        self.locate(found)
        return found

    @cached_property
    def inner_names(self) -> frozenset[str]:
        """The names that its functions and classes give a meaning of their own."""
        scopes = [each.scope for each in self.module.functions]
        scopes += [each.scope for each in self.module.classes]
        return frozenset(name for scope in scopes for name in scope.bindings)

    @cached_property
    def indent_unit(self) -> str:
        """What it indents by: a tab where any line begins with one."""
        return "\t" if _TABBED.search(self.source.text) else "    "

    def needs(self, module: str) -> bool:
        """Whether the file can't be loaded without a module: it imports it, or something in it."""
        names = (name for each in self.needed_imports if each.scope.kind == "module" for name in each.names)
        return any(f"{name.dotted}.".startswith(f"{module}.") for name in names)

    # What names mean

    def full_name(self, expression: syntax.Expression, scope: syntax.Scope) -> str | None:
        """The dotted name that an expression stands for, imports and aliases followed.

        Relative imports keep their dots; builtins and the file's own functions and classes are bare. None
        where it is no dotted name, or rests on a local value.
        """
        names = self.names(expression, scope)
        return names[0] if names else None

    def names(self, expression: syntax.Expression, scope: syntax.Scope) -> tuple[str, ...]:
        """Every dotted name that an expression may stand for, where an import is tried in several places."""
        suffix: list[str] = []
        while isinstance(expression, syntax.Attribute):
            suffix.append(expression.name)
            expression = expression.value
        if not isinstance(expression, syntax.Name):
            return ()
        known = (expression.id, scope)
        if (roots := self._names.get(known)) is None:
            roots = self._names[known] = self._roots(expression.id, scope, 0)
        if not suffix or not roots:
            return roots
        tail = "." + ".".join(reversed(suffix))
        return tuple(root + tail for root in roots)

    def _roots(self, name: str, scope: syntax.Scope, depth: int) -> tuple[str, ...]:
        found = scope.lookup(name)
        if found is None:
            return self._unbound(name, scope)
        home, bindings = found
        roots: list[str] = []
        for binding in bindings:
            match binding.value:
                case syntax.ImportedName() as imported:
                    roots.append(imported.target)
                case syntax.Function() | syntax.Class() if home.kind == "module":
                    roots.append(name)
                case syntax.Name() | syntax.Attribute() as alias if len(bindings) == 1 and depth < 8:
                    roots.extend(self._alias(alias, home, depth))
                case _:
                    pass
        return tuple(dict.fromkeys(roots))

    def _alias(self, alias: syntax.Expression, scope: syntax.Scope, depth: int) -> Iterator[str]:
        suffix = ""
        while isinstance(alias, syntax.Attribute):
            suffix = f".{alias.name}{suffix}"
            alias = alias.value
        if isinstance(alias, syntax.Name):
            for root in self._roots(alias.id, scope, depth + 1):
                yield root + suffix

    def _unbound(self, name: str, scope: syntax.Scope) -> tuple[str, ...]:
        if name in _BUILTINS:
            return (name,)
        stars = scope.module.bindings.get("*", [])
        modules = [star.value.module for star in stars if isinstance(star.value, syntax.ImportedName)]
        return tuple(f"{module}{'' if module.endswith('.') else '.'}{name}" for module in modules)

    def calls_of(self, *names: str) -> Iterator[syntax.CallSite]:
        """The calls of something by its full name, such as `requests.get`, in source order."""
        wanted = frozenset(names)
        return (
            site for site in self.module.calls if _any_in(self.names(site.call.function, site.scope), wanted)
        )

    def value(self, expression: syntax.Expression, scope: syntax.Scope) -> syntax.Expression:
        """What a name was assigned, where that is one expression written out in this file; else as it is."""
        for _ in range(_MOST_NAMES):
            if not isinstance(expression, syntax.Name):
                return expression
            found = scope.lookup(expression.id)
            if found is None or len(found[1]) != 1 or found[1][0].kind != "assign" or found[1][0].context:
                return expression
            assigned = found[1][0].value
            if not isinstance(assigned, syntax.Expression):
                return expression
            expression, scope = assigned, found[0]
        return expression

    def text(self, expression: syntax.Expression, scope: syntax.Scope) -> str | None:
        """The string that an expression is known to be; None where it is none or is not known."""
        return self._text(expression, scope, Steps(MOST_PARTS))

    def _text(self, expression: syntax.Expression, scope: syntax.Scope, steps: Steps) -> str | None:
        if not steps.take():
            return None
        match self.value(expression, scope):
            case syntax.Constant(value=str() as value):
                return value
            case syntax.Operation(operators=operators, operands=operands) if set(operators) == {"Add"}:
                return self._joined(operands, scope, steps)
            case syntax.FormattedString(parts=parts):
                return self._joined(parts, scope, steps)
            case _:
                return None

    def _joined(
        self, parts: Sequence[str | syntax.Expression], scope: syntax.Scope, steps: Steps
    ) -> str | None:
        texts: list[str] = []
        for part in parts:
            text = part if isinstance(part, str) else self._text(part, scope, steps)
            if text is None:
                return None
            texts.append(text)
        return "".join(texts) if sum(map(len, texts)) <= LONGEST_TEXT else None

    def function(
        self, expression: syntax.Expression, scope: syntax.Scope
    ) -> syntax.Function | syntax.Lambda | None:
        """The function of this file that an expression names: plain, a lambda, a partial, or a method.

        A name that is given away later still names it: `load = PythonOperator(python_callable=load)`.
        """
        return self._function(expression, scope, Steps(_MOST_NAMES))

    def _function(
        self, expression: syntax.Expression, scope: syntax.Scope, steps: Steps
    ) -> syntax.Function | syntax.Lambda | None:
        if isinstance(expression, syntax.Lambda):
            return expression
        if isinstance(expression, syntax.Call):
            if self.full_name(expression.function, scope) in ("functools.partial", "partial"):
                inner = expression.positional(0)
                return None if inner is None else self._function(inner, scope, steps)
            return None
        if isinstance(expression, syntax.Attribute):
            return self._method(expression, scope)
        if not isinstance(expression, syntax.Name):
            return None
        return self._named_function(expression, scope, steps)

    def _named_function(
        self, name: syntax.Name, scope: syntax.Scope, steps: Steps
    ) -> syntax.Function | syntax.Lambda | None:
        found = scope.lookup(name.id)
        defined = (
            [each.value for each in found[1] if isinstance(each.value, syntax.Function)] if found else []
        )
        if defined:
            return defined[-1]
        if found is None or len(found[1]) != 1 or not steps.take():
            return None
        match found[1][0].value:
            case syntax.Expression() as value if not isinstance(value, syntax.Name) or value.id != name.id:
                return self._function(value, found[0], steps)
            case _:
                return None

    def _method(self, expression: syntax.Attribute, scope: syntax.Scope) -> syntax.Function | None:
        owner = self._class_of(expression.value, scope)
        if owner is None:
            return None
        bindings = owner.scope.bindings.get(expression.name, [])
        values = [binding.value for binding in bindings if isinstance(binding.value, syntax.Function)]
        return values[-1] if values else None

    def _class_of(self, expression: syntax.Expression, scope: syntax.Scope) -> syntax.Class | None:
        """The class of this file that an expression is, or is an instance of."""
        if isinstance(expression, syntax.Name) and expression.id in ("self", "cls"):
            return enclosing_class(scope)
        value = self.value(expression, scope)
        if isinstance(value, syntax.Call):
            value = value.function
        found = scope.lookup(value.id) if isinstance(value, syntax.Name) else None
        owner = found[1][-1].value if found else None
        return owner if isinstance(owner, syntax.Class) else None

    # DAGs

    @cached_property
    def dag_classes(self) -> dict[str, syntax.Class]:
        """The file's own subclasses of DAG, by name."""
        found: dict[str, syntax.Class] = {}
        for made in self.module.classes:
            bases = [name for base in made.arguments for name in self.names(base.value, self.module.scope)]
            if any(name in DAG_CLASSES or name in found for name in bases):
                found[made.name] = made
        return found

    @cached_property
    def dags(self) -> Sequence[Dag]:
        """Every place that makes a DAG, in source order."""
        found = [dag for site in self.module.calls if (dag := self._made_by(site)) is not None]
        for function in self.module.functions:
            for decorator in function.decorators:
                dag = self._decorated(function, decorator)
                if dag is not None:
                    found.append(dag)
        if not found:
            return found
        orders = {id(site.call): site.order for site in self.module.calls}
        return sorted(found, key=lambda dag: orders.get(id(dag.call), dag.order))

    def dag_at(self, anchor: syntax.Node) -> Dag | None:
        """The DAG that is made where a name is called."""
        return self._dags_by_anchor.get(id(anchor))

    @cached_property
    def _dags_by_anchor(self) -> dict[int, Dag]:
        return {id(dag.anchor): dag for dag in reversed(self.dags)}

    def _made_by(self, site: syntax.CallSite) -> Dag | None:
        names = self.names(site.call.function, site.scope)
        if any(name in DAG_CLASSES or name in self.dag_classes for name in names):
            return Dag(site.call, site.call, None, site.scope, site.order)
        applied = site.call.function
        if isinstance(applied, syntax.Call) and _any_in(
            self.names(applied.function, site.scope), DAG_DECORATORS
        ):
            return Dag(applied, applied, None, site.scope, site.order)
        if _any_in(names, DAG_DECORATORS) and self._is_function(site.call.positional(0), site.scope):
            return Dag(site.call, site.call, None, site.scope, site.order)
        return None

    def _is_function(self, expression: syntax.Expression | None, scope: syntax.Scope) -> bool:
        return expression is not None and self.function(expression, scope) is not None

    def _decorated(self, function: syntax.Function, decorator: syntax.Expression) -> Dag | None:
        call = decorator if isinstance(decorator, syntax.Call) else None
        scope = function.scope.parent or self.module.scope
        if not _any_in(self.names(call.function if call else decorator, scope), DAG_DECORATORS):
            return None
        order = next((site.order for site in self.module.calls if site.call is call), 0)
        return Dag(decorator, call, function, scope, order)

    def dag_id(self, dag: Dag) -> str | None:
        """The id of a DAG, where it is known: its `dag_id`, or the name of the decorated function."""
        written = dag.argument("dag_id")
        if written is not None:
            return self.text(written, dag.scope)
        return dag.function.name if dag.function is not None else None

    def is_subdag(self, dag: Dag) -> bool:
        """Whether a DAG has the id that Airflow asks of the child of a SubDagOperator: `parent.task`.

        The operator in the parent DAG fails with it (airflow.operators.subdag, gone in Airflow 3).
        """
        written = dag.argument("dag_id")
        value = None if written is None else self.value(written, dag.scope)
        match value:
            case syntax.FormattedString(parts=(syntax.Expression(), ".", syntax.Expression())):
                return True
            case syntax.Operation(operators=("Modulo",), operands=(syntax.Constant(value="%s.%s"), _)):
                return True
            case syntax.Call(function=syntax.Attribute(value=syntax.Constant(value="{}.{}"), name="format")):
                return True
            case _:
                return False

    # Tasks

    @cached_property
    def tasks(self) -> Sequence[Task]:
        """Every place that makes Python code a task: decorators, `python_callable`, `execute` methods."""
        found: list[Task] = []
        for function in self.module.functions:
            found.extend(self._decorated_tasks(function))
            found.extend(self._execute_method(function))
        for site in self.module.calls:
            found.extend(self._called_tasks(site))
        return found

    def task_variant(self, expression: syntax.Expression, scope: syntax.Scope) -> str | None:
        """What an expression is as a task decorator: `""` for `task`, the rest for `task.rest`; else None."""
        for name in self.names(expression, scope):
            for decorator in TASK_DECORATORS:
                if name == decorator:
                    return ""
                if name.startswith(f"{decorator}."):
                    return name[len(decorator) + 1 :]
        return None

    def _decorated_tasks(self, function: syntax.Function) -> Iterator[Task]:
        scope = function.scope.parent or self.module.scope
        for decorator in function.decorators:
            call = decorator if isinstance(decorator, syntax.Call) else None
            expression = call.function if call else decorator
            variant = self.task_variant(expression, scope)
            if variant is not None:
                pushes = variant not in SMALL_VARIANTS and _pushes(call)
                name = f"task.{variant}" if variant else "task"
                yield Task("decorated", decorator, function, name, scope, pushes)
            elif _any_in(self.names(expression, scope), ASSET_DECORATORS):
                yield Task("asset", decorator, function, "asset", scope, True)

    def _called_tasks(self, site: syntax.CallSite) -> Iterator[Task]:
        """`Operator(python_callable=f)`, the same with `.partial`, `task(f)`, `task.x(...)(f)`."""
        call = site.call
        target = call.keyword("python_callable")
        if target is not None:
            name = self.full_name(call.function, site.scope) or ""
            small = any(word in name for word in _SMALL_OPERATORS)
            function = self.function(target, site.scope)
            yield Task("callable", target, function, name, site.scope, not small and _pushes(call))
            return
        maker = call.function.function if isinstance(call.function, syntax.Call) else call.function
        variant = self.task_variant(maker, site.scope)
        target = call.positional(0)
        if variant is None or target is None or variant in SMALL_VARIANTS:
            return
        settings = call.function if isinstance(call.function, syntax.Call) else call
        function = self.function(target, site.scope)
        name = f"task.{variant}" if variant else "task"
        yield Task("callable", target, function, name, site.scope, _pushes(settings))

    def _execute_method(self, function: syntax.Function) -> Iterator[Task]:
        owner = function.scope.parent.owner if function.scope.parent else None
        if function.name != "execute" or not isinstance(owner, syntax.Class):
            return
        names = [self.full_name(base.value, self.module.scope) or "" for base in owner.arguments]
        operators = [name for name in names if name.endswith(("Operator", "Sensor"))]
        if operators:
            yield Task("execute", function, function, operators[0], function.scope, True)


def enclosing_class(scope: syntax.Scope) -> syntax.Class | None:
    """The innermost class around a scope."""
    inner: syntax.Scope | None = scope
    while inner is not None:
        if isinstance(inner.owner, syntax.Class):
            return inner.owner
        inner = inner.parent
    return None


def _any_in(names: Iterable[str], wanted: frozenset[str]) -> bool:
    return any(name in wanted for name in names)


def _pushes(call: syntax.Call | None) -> bool:
    """Whether a task pushes its return value: not with a literal `do_xcom_push=False`."""
    switch = call.keyword("do_xcom_push") if call else None
    return not (isinstance(switch, syntax.Constant) and switch.value is False)
