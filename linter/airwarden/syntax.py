"""A small syntax of Python: what is left of a file when layout and operators' spelling are put aside.

Every model and analysis reads these nodes; only `parsing` knows the parser they come from. A node has no
position of its own: `DagFile.region` finds it when a finding needs it.

Chains are flat, so that nothing recurses over `a + b + c + ...` or over a ladder of `elif`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias


class Node:
    """Anything that stands in the source. Compared by identity."""

    __slots__ = ("origin",)

    origin: Any
    """The parser's own node; for `parsing` alone."""


class Expression(Node):
    """A node with a value."""

    __slots__ = ()


class Statement(Node):
    """A node with an effect."""

    __slots__ = ()


@dataclass(slots=True, eq=False)
class Name(Expression):
    """A plain name."""

    id: str


@dataclass(slots=True, eq=False)
class Attribute(Expression):
    """`value.name`."""

    value: Expression
    name: str


@dataclass(slots=True, eq=False)
class Constant(Expression):
    """A literal: str, bytes, int, float, complex, bool, None or Ellipsis."""

    value: object


@dataclass(slots=True, eq=False)
class FormattedString(Expression):
    """An f-string, or adjacent strings of which one is: text and expressions, in order."""

    parts: tuple[str | Expression, ...]


@dataclass(slots=True, eq=False)
class Formatted(Expression):
    """`{value!conversion:spec}` of an f-string, where it has either; `spec` is None for a computed one."""

    value: Expression
    conversion: str | None
    spec: str | None


@dataclass(slots=True, eq=False)
class Argument(Node):
    """One argument of a call: `value`, `keyword=value`, `*value` or `**value`."""

    value: Expression
    keyword: str | None = None
    star: Literal["", "*", "**"] = ""


@dataclass(slots=True, eq=False)
class Call(Expression):
    """`function(...arguments)`."""

    function: Expression
    arguments: tuple[Argument, ...]

    def positional(self, index: int) -> Expression | None:
        """The value of the positional argument at `index`; None from a `*` on."""
        for place, argument in enumerate(self.arguments):
            if argument.star or argument.keyword:
                return None
            if place == index:
                return argument.value
        return None

    def keyword(self, name: str) -> Expression | None:
        """The value of the keyword argument `name`, where it is written out."""
        return next((a.value for a in self.arguments if a.keyword == name), None)

    def argument(self, index: int, name: str) -> Expression | None:
        """The value given as keyword `name` or at position `index`."""
        value = self.keyword(name)
        return self.positional(index) if value is None else value

    @property
    def has_unpacking(self) -> bool:
        """Whether a `*` or `**` may bring further arguments."""
        return any(argument.star for argument in self.arguments)


@dataclass(slots=True, eq=False)
class Subscript(Expression):
    """`value[index]`."""

    value: Expression
    index: Expression


@dataclass(slots=True, eq=False)
class Slice(Expression):
    """`lower:upper:step` inside a subscript."""

    lower: Expression | None
    upper: Expression | None
    step: Expression | None


@dataclass(slots=True, eq=False)
class Sequence(Expression):
    """A list, tuple or set display."""

    kind: Literal["list", "tuple", "set"]
    items: tuple[Expression, ...]


@dataclass(slots=True, eq=False)
class Starred(Expression):
    """`*value` inside a display or a target."""

    value: Expression


@dataclass(slots=True, eq=False)
class Mapping(Expression):
    """A dict display; an entry without a key is `**value`."""

    entries: tuple[tuple[Expression | None, Expression], ...]


@dataclass(slots=True, eq=False)
class Operation(Expression):
    """Operands joined from left to right: `a + b - c`, `a and b`, `a < b`; or one operand, as in `not a`.

    There is one operator fewer than operands, or one for one operand.
    """

    operators: tuple[str, ...]
    operands: tuple[Expression, ...]


@dataclass(slots=True, eq=False)
class Conditional(Expression):
    """`body if test else orelse`."""

    test: Expression
    body: Expression
    orelse: Expression


@dataclass(slots=True, eq=False)
class Generator(Node):
    """`for target in iterable if conditions` of a comprehension."""

    target: Expression
    iterable: Expression
    conditions: tuple[Expression, ...]


@dataclass(slots=True, eq=False)
class Comprehension(Expression):
    """A list, set, dict or generator comprehension; `key` only in a dict's."""

    kind: Literal["list", "set", "dict", "generator"]
    element: Expression
    key: Expression | None
    generators: tuple[Generator, ...]
    scope: Scope


@dataclass(slots=True, eq=False)
class Lambda(Expression):
    """`lambda parameters: body`."""

    parameters: tuple[Parameter, ...]
    body: Expression
    scope: Scope


@dataclass(slots=True, eq=False)
class Await(Expression):
    """`await value`."""

    value: Expression


@dataclass(slots=True, eq=False)
class Yield(Expression):
    """`yield value`; `delegates` for `yield from`."""

    value: Expression | None
    delegates: bool = False


@dataclass(slots=True, eq=False)
class NamedExpression(Expression):
    """`target := value`."""

    target: Expression
    value: Expression


@dataclass(slots=True, eq=False)
class Opaque(Expression):
    """An expression this syntax has no word for."""


@dataclass(slots=True, eq=False)
class Parameter(Node):
    """One parameter of a function or lambda."""

    name: str
    default: Expression | None = None
    annotation: Expression | None = None
    star: Literal["", "*", "**"] = ""
    keyword_only: bool = False


@dataclass(slots=True, eq=False)
class Evaluate(Statement):
    """An expression as a statement."""

    value: Expression


@dataclass(slots=True, eq=False)
class Assign(Statement):
    """`targets = value`, annotated or not; without a value a bare annotation."""

    targets: tuple[Expression, ...]
    value: Expression | None
    annotation: Expression | None = None


@dataclass(slots=True, eq=False)
class AugmentedAssign(Statement):
    """`target operator= value`."""

    target: Expression
    operator: str
    value: Expression


@dataclass(slots=True, eq=False)
class Return(Statement):
    """`return value`."""

    value: Expression | None


@dataclass(slots=True, eq=False)
class Leave(Statement):
    """`raise`, `break` or `continue`: the statements after it in the block are not reached."""

    word: Literal["raise", "break", "continue"]
    value: Expression | None = None


@dataclass(slots=True, eq=False)
class Delete(Statement):
    """`del targets`."""

    targets: tuple[Expression, ...]


@dataclass(slots=True, eq=False)
class ImportedName(Node):
    """One name of an import: `module` as written (leading dots for a relative one), `name` None for
    `import module`, `*` for all; `bound` is the name it gets here, None for `*`.
    """

    module: str
    name: str | None
    bound: str | None
    renamed: bool = False

    @property
    def dotted(self) -> str:
        """The full dotted name of what is imported."""
        if self.name is None:
            return self.module
        return f"{self.module}{'' if self.module.endswith('.') else '.'}{self.name}"

    @property
    def target(self) -> str:
        """The full dotted name that the bound name stands for: `a` after `import a.b`."""
        if self.name is None and not self.renamed:
            return self.bound or self.module
        return self.dotted


@dataclass(slots=True, eq=False)
class Import(Statement):
    """`import ...` or `from ... import ...`.

    `guarded` inside `try` with a handler that may catch an ImportError; `typing_only` under `TYPE_CHECKING`;
    `conditional` where the function or module that it stands in may not come to it.
    """

    names: tuple[ImportedName, ...]
    guarded: bool = False
    typing_only: bool = False
    conditional: bool = False
    scope: Scope = field(kw_only=True)


@dataclass(slots=True, eq=False)
class Function(Statement):
    """A function; `scope` is its own, whose parent is where it stands."""

    name: str
    parameters: tuple[Parameter, ...]
    body: tuple[Statement, ...]
    decorators: tuple[Expression, ...]
    returns: Expression | None
    is_async: bool
    scope: Scope


@dataclass(slots=True, eq=False)
class Class(Statement):
    """A class; `scope` is its own, whose parent is where it stands."""

    name: str
    arguments: tuple[Argument, ...]
    body: tuple[Statement, ...]
    decorators: tuple[Expression, ...]
    scope: Scope


@dataclass(slots=True, eq=False)
class If(Statement):
    """`if`, `elif`, ..., `else`: tests with their bodies in order, and the last resort."""

    branches: tuple[tuple[Expression, tuple[Statement, ...]], ...]
    orelse: tuple[Statement, ...]


@dataclass(slots=True, eq=False)
class For(Statement):
    """`for target in iterable`."""

    target: Expression
    iterable: Expression
    body: tuple[Statement, ...]
    orelse: tuple[Statement, ...]


@dataclass(slots=True, eq=False)
class While(Statement):
    """`while test`."""

    test: Expression
    body: tuple[Statement, ...]
    orelse: tuple[Statement, ...]


@dataclass(slots=True, eq=False)
class With(Statement):
    """`with value as target, ...`."""

    items: tuple[tuple[Expression, Expression | None], ...]
    body: tuple[Statement, ...]


@dataclass(slots=True, eq=False)
class Try(Statement):
    """`try`; handlers as their types and bodies, and `caught` as the name that each gives what it caught."""

    body: tuple[Statement, ...]
    handlers: tuple[tuple[Expression | None, tuple[Statement, ...]], ...]
    orelse: tuple[Statement, ...]
    final: tuple[Statement, ...]
    caught: tuple[str | None, ...] = ()


@dataclass(slots=True, eq=False)
class Match(Statement):
    """`match subject`, with the bodies of its cases.

    `tests` has for each case the values of which the subject must equal one, none for a case that always
    matches; None in the place of a pattern that says more, or has a condition. `captures` are the names that
    each case gives a value.
    """

    subject: Expression
    bodies: tuple[tuple[Statement, ...], ...]
    tests: tuple[tuple[Expression, ...] | None, ...]
    captures: tuple[tuple[str, ...], ...] = ()


BindingKind: TypeAlias = Literal["assign", "augment", "import", "function", "class", "parameter", "other"]


@dataclass(slots=True, eq=False)
class Binding:
    """One place that gives a name a value.

    `value` is the expression of a plain assignment (also `name: type = value` and `with value as name`,
    then `context` is true), the imported name, the function, the class or the parameter; None where
    the value is not written out (a loop's target, an unpacked tuple, a deletion).
    `order` counts bindings and calls through the file, in source order.
    """

    kind: BindingKind
    value: Expression | ImportedName | Function | Class | Parameter | None
    order: int
    conditional: bool = False
    context: bool = False


@dataclass(slots=True, eq=False)
class Scope:
    """The names of a module, class, function, lambda or comprehension."""

    kind: Literal["module", "class", "function", "lambda", "comprehension"]
    parent: Scope | None
    owner: Function | Class | Lambda | None = None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    outer_names: set[str] = field(default_factory=set)
    nonlocal_names: set[str] = field(default_factory=set)

    def lookup(self, name: str) -> tuple[Scope, list[Binding]] | None:
        """The scope that binds a name as seen from here, and its bindings in source order."""
        scope: Scope | None = self
        while scope is not None:
            found = scope.bindings.get(name)
            if found and (scope is self or scope.kind != "class"):
                return scope, found
            scope = scope.parent
        return None

    @property
    def function(self) -> Function | Lambda | None:
        """The innermost function or lambda around this scope."""
        scope: Scope | None = self
        while scope is not None:
            if isinstance(scope.owner, (Function, Lambda)):
                return scope.owner
            scope = scope.parent
        return None

    @property
    def module(self) -> Scope:
        """The module's scope."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope


@dataclass(slots=True, eq=False)
class CallSite:
    """A call with the scope it stands in, and its place in source order."""

    call: Call
    scope: Scope
    order: int


@dataclass(slots=True, eq=False)
class ItemAssignment:
    """`value` given to an attribute or an item: `a.b = value`, `a["b"] = value`."""

    target: Attribute | Subscript
    value: Expression
    scope: Scope
    order: int


@dataclass(slots=True, eq=False)
class Text:
    """A string literal of the source with the scope it stands in; docstrings are marked."""

    node: Expression
    value: str
    scope: Scope
    is_docstring: bool = False


@dataclass(slots=True, eq=False)
class Module(Node):
    """A whole file: its statements, and what the one walk collected on the way, in source order."""

    body: tuple[Statement, ...]
    scope: Scope
    calls: list[CallSite]
    item_assignments: list[ItemAssignment]
    imports: list[Import]
    functions: list[Function]
    classes: list[Class]
    texts: list[Text]


def statements_of(function: Function) -> Iterator[Statement]:
    """Every statement of a function's body, nested blocks included, other functions and classes not."""
    pending = list(reversed(function.body))
    while pending:
        statement = pending.pop()
        yield statement
        for block in reversed(blocks_of(statement)):
            pending.extend(reversed(block))


def blocks_of(statement: Statement) -> list[tuple[Statement, ...]]:
    """The blocks directly inside a statement that run in the same scope."""
    match statement:
        case If(branches=branches, orelse=orelse):
            return [*(body for _, body in branches), orelse]
        case For(body=body, orelse=orelse) | While(body=body, orelse=orelse):
            return [body, orelse]
        case With(body=body):
            return [body]
        case Try(body=body, handlers=handlers, orelse=orelse, final=final):
            return [body, *(handler for _, handler in handlers), orelse, final]
        case Match(bodies=bodies):
            return list(bodies)
        case _:
            return []


def is_type_checking(test: Expression) -> bool:
    """Whether a condition holds for type checkers alone."""
    match test:
        case Name(id="TYPE_CHECKING") | Attribute(name="TYPE_CHECKING"):
            return True
        case _:
            return False


def nodes_of(module: Module) -> Iterator[tuple[Node, Scope]]:
    """Every node of a file with the scope it stands in, in source order, outer ones first."""
    return nodes_in(module.body, module.scope)


def nodes_in(body: Iterable[Node], scope: Scope) -> Iterator[tuple[Node, Scope]]:
    """Some nodes and all inside them, each with its scope."""
    pending: list[tuple[Node, Scope]] = [(node, scope) for node in reversed(list(body))]
    while pending:
        node, scope = pending.pop()
        yield node, scope
        inner = getattr(node, "scope", scope)
        pending.extend((child, inner) for child in reversed(list(_children(node))))


def compounds_of(module: Module) -> list[tuple[Node, Scope]]:
    """The nodes of a file that may hold others, each with the scope it stands in, ordered as `nodes_of` has
    them. Names and constants, which are most nodes, are none.
    """
    found: list[tuple[Node, Scope]] = []
    pending: list[tuple[Node, Scope]] = [(node, module.scope) for node in reversed(module.body)]
    while pending:
        pair = pending.pop()
        found.append(pair)
        node, scope = pair
        kind = type(node)
        if kind in _SCOPED:
            scope = node.scope  # type: ignore[attr-defined]
        inner: list[Node] = []
        for name in _INNER_FIELDS[kind]:
            _add_compounds((getattr(node, name),), inner)
        if inner:
            pending += [(child, scope) for child in reversed(inner)]
    return found


def _add_compounds(values: tuple[Any, ...], found: list[Node]) -> None:
    for value in values:
        kind = type(value)
        if kind is tuple:
            _add_compounds(value, found)
        elif kind not in _SIMPLE:
            found.append(value)


def _children(node: Node) -> Iterator[Node]:
    for name in _FIELDS[type(node)]:
        yield from _nodes_in(getattr(node, name))


def _nodes_in(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes_in(item)


_FIELDS: dict[type, tuple[str, ...]] = {
    kind: kind.__slots__
    for kind in tuple(globals().values())
    if isinstance(kind, type) and issubclass(kind, Node)
}

_SIMPLE = frozenset({str, type(None), Constant, ImportedName, Name, Opaque})
"""What no node stands in."""

_SCOPED = frozenset(kind for kind, names in _FIELDS.items() if "scope" in names)

_INNER_FIELDS = {
    kind: tuple(
        name
        for name in names
        if re.search(r"Expression|Statement|Argument|Generator|Parameter", kind.__annotations__.get(name, ""))
    )
    for kind, names in _FIELDS.items()
}
"""The fields in which nodes stand that may hold others."""
