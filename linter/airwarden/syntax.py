"""A small syntax of Python: what is left of a file when layout and operators' spelling are put aside.

Every model and analysis reads these nodes; only `parsing` knows the parser they come from. A node has no
position of its own: `DagFile.region` finds it when a finding needs it.

Chains are flat, so that nothing recurses over `a + b + c + ...` or over a ladder of `elif`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from airwarden.patterns import regex


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
    nodes: list[tuple[Node, Scope]] | None = None
    """What `nodes_of` found."""


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


def nodes_of(module: Module) -> list[tuple[Node, Scope]]:
    """Every node of a file with the scope it stands in, in source order, outer ones first."""
    if module.nodes is None:
        module.nodes = list(nodes_in(module.body, module.scope))
    return module.nodes


def compounds_of(module: Module) -> list[tuple[Node, Scope]]:
    """Those of the nodes that may hold others: most are names and constants."""
    return [pair for pair in nodes_of(module) if type(pair[0]) not in _SIMPLE]


def nodes_in(body: Iterable[Node], scope: Scope) -> Iterator[tuple[Node, Scope]]:
    """Some nodes and all inside them, each with its scope."""
    pending: list[tuple[Node, Scope]] = [(node, scope) for node in reversed(list(body))]
    while pending:
        here = pending.pop()
        yield here
        node, scope = here
        if fields := _INNER_FIELDS[type(node)]:
            inner = getattr(node, "scope", scope)
            children: list[Node] = []
            for name in fields:
                _gather(getattr(node, name), children)
            pending += [(child, inner) for child in reversed(children)]


def _gather(value: object, found: list[Node]) -> None:
    if type(value) is tuple:
        for item in value:
            _gather(item, found)
    elif isinstance(value, Node):
        found.append(value)


_KINDS = [kind for kind in tuple(globals().values()) if isinstance(kind, type) and issubclass(kind, Node)]
_HOLDS_NODES = regex(rf"\b({'|'.join(kind.__name__ for kind in _KINDS)})\b")
_INNER_FIELDS: dict[type, tuple[str, ...]] = {
    kind: tuple(name for name, declared in kind.__annotations__.items() if _HOLDS_NODES.search(str(declared)))
    for kind in _KINDS
}
"""The fields of each kind of node that hold nodes."""

_SIMPLE = frozenset({Constant, ImportedName, Name, Opaque})
