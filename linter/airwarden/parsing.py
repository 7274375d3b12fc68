"""Reads Python with libcst into our own syntax, in one walk.

The walk is written by hand over the nodes' fields: libcst's visitors rebuild every node and its metadata
providers cost several parses. Positions are worked out afterwards, for the nodes that are reported.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from airwarden import depth, lean_libcst, nesting, syntax
from airwarden.findings import Region
from airwarden.source import LARGEST_PYTHON, Source, TooBig, TooDeep, Unreadable

if TYPE_CHECKING:
    import libcst

_T = TypeVar("_T", bound=syntax.Node)
_SINGLETONS: dict[str, object] = {"True": True, "False": False, "None": None}
_IMPORT_FAILURES = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
_MOST_FRAMES = 2_000
"""Calls inside one another for what `nesting` lets through: about eight a level, four a block."""


def parse(source: Source) -> syntax.Module:
    """Reads a Python file.

    Raises `Unreadable`, with line and column, where the text is not Python or is nested too deeply.
    """
    _check_size(source)
    _check_nesting(source, nesting.is_shallow(source.text))
    try:
        with depth.room(_MOST_FRAMES):
            return read_tree(lean_libcst.parse_module(source.text))
    except lean_libcst.Refused as error:
        raise _refused(source, error) from None


def _check_size(source: Source) -> None:
    if len(source.text) > LARGEST_PYTHON:
        place = source.region(LARGEST_PYTHON, LARGEST_PYTHON)
        raise TooBig(place, f"has more than {LARGEST_PYTHON:,} characters, and none of it is judged")


def _check_nesting(source: Source, is_shallow: bool = False) -> None:
    """Sees to it that no parser is given what it might not come back from."""
    fault = None if is_shallow else nesting.fault_of(source.text)
    if fault is not None:
        kind = TooDeep if fault.kind == "deep" else TooBig
        raise kind(source.region(fault.offset, fault.offset), fault.reason)


def read_tree(tree: Any) -> syntax.Module:
    """Our syntax of a tree, be it lean or of libcst itself."""
    return _Reader().module(tree)


def _refused(source: Source, error: lean_libcst.Refused) -> Unreadable:
    """Why and where a file is not Python: in CPython's words, which are better, where it refuses it too."""
    line, column, reason = error.raw_line, error.raw_column + 1, "can't be parsed here"
    try:
        with warnings.catch_warnings(), depth.room(_MOST_FRAMES):
            warnings.simplefilter("ignore")
            ast.parse(source.text)
    except SyntaxError as fault:
        line, column = fault.lineno or line, max(fault.offset or 1, 1)
        reason = f"is not valid Python: {fault.msg}"
    except (ValueError, RecursionError, MemoryError):
        pass
    return Unreadable(Region(source.path, line, column, line, column), reason)


class _Reader:
    """The one walk. Keeps the scope it is in, and whether it stands under a condition."""

    def __init__(self) -> None:
        self.scope = syntax.Scope("module", None)
        self.order = 0
        self.conditions = 0
        self.guards = 0
        self.typing_only = 0
        self.calls: list[syntax.CallSite] = []
        self.item_assignments: list[syntax.ItemAssignment] = []
        self.imports: list[syntax.Import] = []
        self.functions: list[syntax.Function] = []
        self.classes: list[syntax.Class] = []
        self.texts: list[syntax.Text] = []

    def module(self, tree: libcst.Module) -> syntax.Module:
        body = self.statements(tree.body)
        module = syntax.Module(
            body,
            self.scope,
            self.calls,
            self.item_assignments,
            self.imports,
            self.functions,
            self.classes,
            self.texts,
        )
        module.origin = tree
        return module

    # Names

    def bind(
        self,
        name: str,
        kind: syntax.BindingKind,
        value: syntax.Expression
        | syntax.ImportedName
        | syntax.Function
        | syntax.Class
        | syntax.Parameter
        | None,
        context: bool = False,
    ) -> None:
        self.order += 1
        scope, conditional = self.scope, self.conditions > 0
        if name in scope.outer_names:
            scope, conditional = scope.module, True
        binding = syntax.Binding(kind, value, self.order, conditional, context)
        scope.bindings.setdefault(name, []).append(binding)

    def bind_target(
        self, target: syntax.Expression, value: syntax.Expression | None, context: bool = False
    ) -> None:
        match target:
            case syntax.Name(id=name):
                self.bind(name, "assign" if value is not None else "other", value, context)
            case syntax.Sequence(items=items):
                for index, item in enumerate(items):
                    self.bind_target(item, _unpacked(value, index, items))
            case syntax.Starred(value=inner):
                self.bind_target(inner, None)
            case syntax.Attribute() | syntax.Subscript() if value is not None:
                self.order += 1
                self.item_assignments.append(syntax.ItemAssignment(target, value, self.scope, self.order))
            case _:
                pass

    def enter(self, scope: syntax.Scope) -> tuple[syntax.Scope, int]:
        """Goes into a scope; gives what `leave` needs to come back."""
        outer = (self.scope, self.conditions)
        self.scope, self.conditions = scope, 0
        return outer

    def leave(self, outer: tuple[syntax.Scope, int]) -> None:
        self.scope, self.conditions = outer

    # Statements

    def statements(self, nodes: Iterable[Any]) -> tuple[syntax.Statement, ...]:
        found: list[syntax.Statement] = []
        for node in nodes:
            kind = type(node).__name__
            if kind == "SimpleStatementLine":
                self.small_statements(node.body, found)
            else:
                statement = _COMPOUND[kind](self, node)
                statement.origin = node
                found.append(statement)
        return tuple(found)

    def block(self, node: Any) -> tuple[syntax.Statement, ...]:
        if type(node).__name__ != "SimpleStatementSuite":
            return self.statements(node.body)
        found: list[syntax.Statement] = []
        self.small_statements(node.body, found)
        return tuple(found)

    def conditional_block(self, node: Any) -> tuple[syntax.Statement, ...]:
        self.conditions += 1
        body = self.block(node)
        self.conditions -= 1
        return body

    def otherwise(self, node: libcst.Else | libcst.Finally | None) -> tuple[syntax.Statement, ...]:
        return () if node is None else self.conditional_block(node.body)

    def small_statements(
        self, nodes: Iterable[libcst.BaseSmallStatement], found: list[syntax.Statement]
    ) -> None:
        for node in nodes:
            reader = _SMALL.get(type(node).__name__)
            statement = reader(self, node) if reader else None
            if statement is not None:
                statement.origin = node
                found.append(statement)

    def evaluate(self, node: libcst.Expr) -> syntax.Statement:
        before = len(self.texts)
        value = self.expression(node.value)
        if isinstance(value, (syntax.Constant, syntax.FormattedString)):
            for text in self.texts[before:]:
                text.is_docstring = True
        return syntax.Evaluate(value)

    def assign(self, node: libcst.Assign) -> syntax.Statement:
        value = self.expression(node.value)
        targets = tuple(self.expression(target.target) for target in node.targets)
        for target in targets:
            self.bind_target(target, value)
        return syntax.Assign(targets, value)

    def annotated_assign(self, node: libcst.AnnAssign) -> syntax.Statement:
        annotation = self.expression(node.annotation.annotation)
        value = None if node.value is None else self.expression(node.value)
        target = self.expression(node.target)
        if value is not None:
            self.bind_target(target, value)
        return syntax.Assign((target,), value, annotation)

    def augmented_assign(self, node: libcst.AugAssign) -> syntax.Statement:
        value, target = self.expression(node.value), self.expression(node.target)
        if isinstance(target, syntax.Name):
            self.bind(target.id, "augment", value)
        return syntax.AugmentedAssign(target, type(node.operator).__name__, value)

    def return_(self, node: libcst.Return) -> syntax.Statement:
        return syntax.Return(self.optional(node.value))

    def raise_(self, node: libcst.Raise) -> syntax.Statement:
        return syntax.Leave("raise", self.optional(node.exc))

    def jump(self, node: libcst.Break | libcst.Continue) -> syntax.Statement:
        return syntax.Leave("break" if _is(node, "Break") else "continue")

    def assert_(self, node: libcst.Assert) -> syntax.Statement:
        self.optional(node.msg)
        test = self.expression(node.test)
        failure = _from(syntax.Name("AssertionError"), node)
        return syntax.If(((test, ()),), (_from(syntax.Leave("raise", failure), node),))

    def delete(self, node: libcst.Del) -> syntax.Statement:
        target = self.expression(node.target)
        targets = target.items if isinstance(target, syntax.Sequence) else (target,)
        for each in targets:
            if isinstance(each, syntax.Name):
                self.bind(each.id, "other", None)
        return syntax.Delete(targets)

    def outer_names(self, node: libcst.Global | libcst.Nonlocal) -> None:
        names = {item.name.value for item in node.names}
        is_global = _is(node, "Global")
        (self.scope.outer_names if is_global else self.scope.nonlocal_names).update(names)

    def import_(self, node: libcst.Import) -> syntax.Statement:
        names = []
        for alias in node.names:
            module = _dotted(alias.name)
            new = alias.asname
            bound = _plain_name(new) or module.partition(".")[0]
            names.append(_from(syntax.ImportedName(module, None, bound, new is not None), alias))
        return self.imported(node, names)

    def import_from(self, node: Any) -> syntax.Statement:
        module = "." * len(node.relative) + (_dotted(node.module) if node.module else "")
        if _is(node.names, "ImportStar"):
            return self.imported(node, [_from(syntax.ImportedName(module, "*", None), node.names)])
        names = []
        for alias in node.names:
            name = _dotted(alias.name)
            bound = _plain_name(alias.asname) or name
            names.append(_from(syntax.ImportedName(module, name, bound), alias))
        return self.imported(node, names)

    def imported(self, node: libcst.CSTNode, names: list[syntax.ImportedName]) -> syntax.Import:
        for name in names:
            self.bind(name.bound or "*", "import", name)
        guarded, typing_only, conditional = self.guards > 0, self.typing_only > 0, self.conditions > 0
        statement = syntax.Import(tuple(names), guarded, typing_only, conditional, scope=self.scope)
        self.imports.append(_from(statement, node))
        return statement

    def function(self, node: libcst.FunctionDef) -> syntax.Statement:
        decorators = tuple(self.expression(each.decorator) for each in node.decorators)
        parameters = self.parameters(node.params)
        returns = None if node.returns is None else self.expression(node.returns.annotation)
        scope = syntax.Scope("function", self.scope)
        function = syntax.Function(
            node.name.value, parameters, (), decorators, returns, node.asynchronous is not None, scope
        )
        scope.owner = function
        self.functions.append(function)
        self.bind(function.name, "function", function)
        outer = self.enter(scope)
        for parameter in parameters:
            self.bind(parameter.name, "parameter", parameter)
        function.body = self.block(node.body)
        self.leave(outer)
        return function

    def parameters(self, node: Any) -> tuple[syntax.Parameter, ...]:
        found = [self.parameter(each) for each in (*node.posonly_params, *node.params)]
        if _is(node.star_arg, "Param"):
            found.append(self.parameter(node.star_arg, "*"))
        found.extend(self.parameter(each, keyword_only=True) for each in node.kwonly_params)
        if node.star_kwarg is not None:
            found.append(self.parameter(node.star_kwarg, "**"))
        return tuple(found)

    def parameter(
        self, node: libcst.Param, star: Literal["", "*", "**"] = "", keyword_only: bool = False
    ) -> syntax.Parameter:
        annotation = None if node.annotation is None else self.expression(node.annotation.annotation)
        default = self.optional(node.default)
        return _from(syntax.Parameter(node.name.value, default, annotation, star, keyword_only), node)

    def class_(self, node: libcst.ClassDef) -> syntax.Statement:
        decorators = tuple(self.expression(each.decorator) for each in node.decorators)
        arguments = self.arguments((*node.bases, *node.keywords))
        scope = syntax.Scope("class", self.scope)
        made = syntax.Class(node.name.value, arguments, (), decorators, scope)
        scope.owner = made
        self.classes.append(made)
        self.bind(made.name, "class", made)
        outer = self.enter(scope)
        made.body = self.block(node.body)
        self.leave(outer)
        return made

    def if_(self, node: libcst.If) -> syntax.Statement:
        branches = []
        rest: Any = node
        while _is(rest, "If"):
            test = self.expression(rest.test)
            is_typing = syntax.is_type_checking(test)
            self.typing_only += is_typing
            branches.append((test, self.conditional_block(rest.body)))
            self.typing_only -= is_typing
            rest = rest.orelse
        return syntax.If(tuple(branches), self.otherwise(rest))

    def for_(self, node: libcst.For) -> syntax.Statement:
        iterable = self.expression(node.iter)
        self.conditions += 1
        target = self.expression(node.target)
        self.bind_target(target, None)
        self.conditions -= 1
        body = self.conditional_block(node.body)
        return syntax.For(target, iterable, body, self.otherwise(node.orelse))

    def while_(self, node: libcst.While) -> syntax.Statement:
        test = self.expression(node.test)
        return syntax.While(test, self.conditional_block(node.body), self.otherwise(node.orelse))

    def with_(self, node: libcst.With) -> syntax.Statement:
        items = []
        for item in node.items:
            value = self.expression(item.item)
            target = None if item.asname is None else self.expression(item.asname.name)
            if target is not None:
                self.bind_target(target, value, context=True)
            items.append((value, target))
        guards = any(_suppresses_import_failure(value) for value, _ in items)
        self.guards += guards
        body = self.block(node.body)
        self.guards -= guards
        return syntax.With(tuple(items), body)

    def try_(self, node: libcst.Try | libcst.TryStar) -> syntax.Statement:
        types = [None if handler.type is None else self.expression(handler.type) for handler in node.handlers]
        guards = any(_catches_import_failure(kind) for kind in types)
        self.guards += guards
        body = self.conditional_block(node.body)
        handlers = [(kind, self.handler(each)) for kind, each in zip(types, node.handlers, strict=True)]
        self.guards -= guards
        final = () if node.finalbody is None else self.block(node.finalbody.body)
        caught = tuple(_plain_name(each.name) for each in node.handlers)
        return syntax.Try(body, tuple(handlers), self.otherwise(node.orelse), final, caught)

    def handler(self, node: Any) -> tuple[syntax.Statement, ...]:
        name = _plain_name(node.name)
        if name is not None:
            self.bind(name, "other", None)
        return self.conditional_block(node.body)

    def match_(self, node: libcst.Match) -> syntax.Statement:
        subject = self.expression(node.subject)
        captures = tuple(tuple(_captured(case.pattern)) for case in node.cases)
        for name in (name for names in captures for name in names):
            self.bind(name, "other", None)
        tests = tuple(self.case_tests(case) for case in node.cases)
        bodies = tuple(self.conditional_block(case.body) for case in node.cases)
        return syntax.Match(subject, bodies, tests, captures)

    def case_tests(self, case: libcst.MatchCase) -> tuple[syntax.Expression, ...] | None:
        pattern: Any = case.pattern
        patterns = [each.pattern for each in pattern.patterns] if _is(pattern, "MatchOr") else [pattern]
        if case.guard is not None:
            self.expression(case.guard)
            return None
        if _is(pattern, "MatchAs") and pattern.pattern is None:
            return ()
        if all(_is(each, "MatchValue", "MatchSingleton") for each in patterns):
            return tuple(self.expression(each.value) for each in patterns)
        return None

    # Expressions

    def optional(self, node: libcst.BaseExpression | None) -> syntax.Expression | None:
        return None if node is None else self.expression(node)

    def expression(self, node: libcst.BaseExpression) -> syntax.Expression:
        reader = _EXPRESSIONS.get(type(node).__name__)
        made = reader(self, node) if reader else syntax.Opaque()
        made.origin = node
        return made

    def name(self, node: libcst.Name) -> syntax.Expression:
        if node.value in _SINGLETONS:
            return syntax.Constant(_SINGLETONS[node.value])
        return syntax.Name(node.value)

    def chain(self, node: libcst.BaseExpression) -> syntax.Expression:
        """Calls, attributes and subscripts on one another, from the inside out."""
        links: list[tuple[str, Any]] = []
        inner: Any = node
        while (kind := type(inner).__name__) in _LINKS:
            links.append((kind, inner))
            inner = inner.func if kind == "Call" else inner.value
        value = self.expression(inner)
        for kind, link in reversed(links):
            if kind == "Attribute":
                value = syntax.Attribute(value, link.attr.value)
            elif kind == "Call":
                value = self.call(value, link)
            else:
                value = syntax.Subscript(value, self.index(link))
            value.origin = link
        return value

    def call(self, function: syntax.Expression, node: libcst.Call) -> syntax.Call:
        call = syntax.Call(function, self.arguments(node.args))
        self.order += 1
        self.calls.append(syntax.CallSite(call, self.scope, self.order))
        return call

    def index(self, node: libcst.Subscript) -> syntax.Expression:
        items = [_from(self.index_item(element.slice), element) for element in node.slice]
        return items[0] if len(items) == 1 else _from(syntax.Sequence("tuple", tuple(items)), node)

    def index_item(self, node: Any) -> syntax.Expression:
        if _is(node, "Index"):
            return self.expression(node.value)
        if _is(node, "Slice"):
            return syntax.Slice(
                self.optional(node.lower), self.optional(node.upper), self.optional(node.step)
            )
        return syntax.Opaque()

    def arguments(self, nodes: Iterable[Any]) -> tuple[syntax.Argument, ...]:
        found = []
        for node in nodes:
            keyword = None if node.keyword is None else node.keyword.value
            argument = syntax.Argument(self.expression(node.value), keyword, node.star)
            argument.origin = node
            found.append(argument)
        return tuple(found)

    def string(self, node: libcst.SimpleString) -> syntax.Expression:
        value = _string_value(node.value)
        constant = syntax.Constant(value)
        if isinstance(value, str):
            self.texts.append(syntax.Text(constant, value, self.scope))
        return constant

    def number(self, node: libcst.Integer | libcst.Float | libcst.Imaginary) -> syntax.Expression:
        try:
            return syntax.Constant(ast.literal_eval(node.value))
        except (ValueError, SyntaxError, MemoryError):
            return syntax.Opaque()

    def adjacent_strings(self, node: libcst.ConcatenatedString) -> syntax.Expression:
        nodes: list[libcst.BaseExpression] = []
        rest: Any = node
        while _is(rest, "ConcatenatedString"):
            nodes.append(rest.left)
            rest = rest.right
        nodes.append(rest)
        before = len(self.texts)
        pieces = [self.expression(piece) for piece in nodes]
        nested = [text for text in self.texts[before:] if all(text.node is not each for each in pieces)]
        joined = _joined(pieces)
        self.texts[before:] = nested
        if (value := written_text(joined)) is not None:
            self.texts.append(syntax.Text(joined, value, self.scope))
        return joined

    def formatted_string(self, node: Any) -> syntax.Expression:
        parts: list[str | syntax.Expression] = []
        is_raw = "r" in node.start.lower()
        for part in node.parts:
            if _is(part, "FormattedStringText"):
                text = part.value.replace("{{", "{").replace("}}", "}")
                parts.append(text if is_raw else _unescaped(text))
            elif _is(part, "FormattedStringExpression"):
                parts.append(self.formatted_part(part))
        formatted = syntax.FormattedString(tuple(parts))
        self.texts.append(syntax.Text(formatted, written_text(formatted) or "", self.scope))
        return formatted

    def formatted_part(self, part: Any) -> syntax.Expression:
        value = self.expression(part.expression)
        if part.conversion is None and not part.format_spec:
            return value
        spec = part.format_spec or ()
        texts = [each.value for each in spec if _is(each, "FormattedStringText")]
        whole = "".join(texts) if len(texts) == len(spec) else None
        return _from(syntax.Formatted(value, part.conversion, whole), part)

    def display(self, node: libcst.List | libcst.Tuple | libcst.Set) -> syntax.Expression:
        items = tuple(self.element(element) for element in node.elements)
        return syntax.Sequence(_DISPLAYS[type(node).__name__], items)

    def element(self, node: libcst.BaseElement) -> syntax.Expression:
        value = self.expression(node.value)
        return _from(syntax.Starred(value), node) if _is(node, "StarredElement") else value

    def starred(self, node: libcst.StarredElement) -> syntax.Expression:
        return syntax.Starred(self.expression(node.value))

    def mapping(self, node: Any) -> syntax.Expression:
        entries = []
        for element in node.elements:
            key = self.expression(element.key) if _is(element, "DictElement") else None
            entries.append((key, self.expression(element.value)))
        return syntax.Mapping(tuple(entries))

    def binary(self, node: libcst.BinaryOperation | libcst.BooleanOperation) -> syntax.Expression:
        operators: list[str] = []
        operands: list[libcst.BaseExpression] = []
        inner: Any = node
        while type(inner) is type(node) and (inner is node or not inner.lpar):
            operators.append(type(inner.operator).__name__)
            operands.append(inner.right)
            inner = inner.left
        first = self.expression(inner)
        rest = [self.expression(operand) for operand in reversed(operands)]
        return syntax.Operation(tuple(reversed(operators)), (first, *rest))

    def comparison(self, node: libcst.Comparison) -> syntax.Expression:
        operands = [node.left, *(target.comparator for target in node.comparisons)]
        operators = tuple(type(target.operator).__name__ for target in node.comparisons)
        return syntax.Operation(operators, tuple(self.expression(operand) for operand in operands))

    def unary(self, node: libcst.UnaryOperation) -> syntax.Expression:
        operand = self.expression(node.expression)
        match operand:
            case syntax.Constant(value=int() | float() as value) if _is(node.operator, "Minus"):
                return syntax.Constant(-value)
            case _:
                pass
        return syntax.Operation((type(node.operator).__name__,), (operand,))

    def conditional(self, node: libcst.IfExp) -> syntax.Expression:
        test = self.expression(node.test)
        return syntax.Conditional(test, self.expression(node.body), self.expression(node.orelse))

    def lambda_(self, node: libcst.Lambda) -> syntax.Expression:
        parameters = self.parameters(node.params)
        made = syntax.Lambda(parameters, syntax.Opaque(), syntax.Scope("lambda", self.scope))
        made.scope.owner = made
        outer = self.enter(made.scope)
        for parameter in parameters:
            self.bind(parameter.name, "parameter", parameter)
        made.body = self.expression(node.body)
        self.leave(outer)
        return made

    def comprehension(self, node: Any) -> syntax.Expression:
        scope = syntax.Scope("comprehension", self.scope)
        generators: list[syntax.Generator] = []
        outer = self.enter(scope)
        clause = node.for_in
        while clause is not None:
            generators.append(self.generator(clause))
            clause = clause.inner_for_in
        kind = _COMPREHENSIONS[type(node).__name__]
        key = self.expression(node.key) if kind == "dict" else None
        element = self.expression(node.value if kind == "dict" else node.elt)
        self.leave(outer)
        return syntax.Comprehension(kind, element, key, tuple(generators), scope)

    def generator(self, node: libcst.CompFor) -> syntax.Generator:
        iterable, target = self.expression(node.iter), self.expression(node.target)
        self.bind_target(target, None)
        conditions = tuple(self.expression(each.test) for each in node.ifs)
        return _from(syntax.Generator(target, iterable, conditions), node)

    def await_(self, node: libcst.Await) -> syntax.Expression:
        return syntax.Await(self.expression(node.expression))

    def yield_(self, node: libcst.Yield) -> syntax.Expression:
        value: Any = node.value
        if _is(value, "From"):
            return syntax.Yield(self.expression(value.item), delegates=True)
        return syntax.Yield(self.optional(value))

    def named(self, node: libcst.NamedExpr) -> syntax.Expression:
        value, target = self.expression(node.value), self.expression(node.target)
        self.bind_target(target, value)
        return syntax.NamedExpression(target, value)


_SMALL: dict[str, Callable[[_Reader, Any], syntax.Statement | None]] = {
    "Expr": _Reader.evaluate,
    "Assign": _Reader.assign,
    "AnnAssign": _Reader.annotated_assign,
    "AugAssign": _Reader.augmented_assign,
    "Return": _Reader.return_,
    "Raise": _Reader.raise_,
    "Break": _Reader.jump,
    "Continue": _Reader.jump,
    "Assert": _Reader.assert_,
    "Del": _Reader.delete,
    "Global": _Reader.outer_names,
    "Nonlocal": _Reader.outer_names,
    "Import": _Reader.import_,
    "ImportFrom": _Reader.import_from,
}

_COMPOUND: dict[str, Callable[[_Reader, Any], syntax.Statement]] = {
    "FunctionDef": _Reader.function,
    "ClassDef": _Reader.class_,
    "If": _Reader.if_,
    "For": _Reader.for_,
    "While": _Reader.while_,
    "With": _Reader.with_,
    "Try": _Reader.try_,
    "TryStar": _Reader.try_,
    "Match": _Reader.match_,
}

_EXPRESSIONS: dict[str, Callable[[_Reader, Any], syntax.Expression]] = {
    "Name": _Reader.name,
    "Call": _Reader.chain,
    "Attribute": _Reader.chain,
    "Subscript": _Reader.chain,
    "SimpleString": _Reader.string,
    "Integer": _Reader.number,
    "Float": _Reader.number,
    "Imaginary": _Reader.number,
    "ConcatenatedString": _Reader.adjacent_strings,
    "FormattedString": _Reader.formatted_string,
    "List": _Reader.display,
    "Tuple": _Reader.display,
    "Set": _Reader.display,
    "StarredElement": _Reader.starred,
    "Dict": _Reader.mapping,
    "BinaryOperation": _Reader.binary,
    "BooleanOperation": _Reader.binary,
    "Comparison": _Reader.comparison,
    "UnaryOperation": _Reader.unary,
    "IfExp": _Reader.conditional,
    "Lambda": _Reader.lambda_,
    "ListComp": _Reader.comprehension,
    "SetComp": _Reader.comprehension,
    "DictComp": _Reader.comprehension,
    "GeneratorExp": _Reader.comprehension,
    "Await": _Reader.await_,
    "Yield": _Reader.yield_,
    "NamedExpr": _Reader.named,
}

_LINKS = frozenset({"Attribute", "Call", "Subscript"})

_DISPLAYS: dict[str, Literal["list", "tuple", "set"]] = {"List": "list", "Tuple": "tuple", "Set": "set"}

_COMPREHENSIONS: dict[str, Literal["list", "set", "dict", "generator"]] = {
    "ListComp": "list",
    "SetComp": "set",
    "DictComp": "dict",
    "GeneratorExp": "generator",
}


def _from(node: _T, origin: libcst.CSTNode) -> _T:
    node.origin = origin
    return node


def _is(node: Any, *kinds: str) -> bool:
    """Whether a node, of libcst's own or a lean one, is of one of some kinds."""
    return type(node).__name__ in kinds


def _plain_name(node: libcst.AsName | None) -> str | None:
    """The name of `as name`."""
    name: Any = None if node is None else node.name
    return name.value if _is(name, "Name") else None


def _captured(pattern: Any) -> Iterator[str]:
    """The names that a pattern of `match` gives a value."""
    if _is(pattern, "MatchAs", "MatchStar") and pattern.name is not None:
        yield pattern.name.value
    if _is(pattern, "MatchMapping") and pattern.rest is not None:
        yield pattern.rest.value
    for field in ("pattern", "value", "patterns", "kwds", "elements"):
        inner = getattr(pattern, field, ())
        for each in inner if isinstance(inner, (tuple, list)) else (inner,):
            if type(each).__name__.startswith("Match"):
                yield from _captured(each)


def _dotted(node: Any) -> str:
    names: list[str] = []
    while _is(node, "Attribute"):
        names.append(node.attr.value)
        node = node.value
    names.append(node.value if _is(node, "Name") else "")
    return ".".join(reversed(names))


def _unpacked(
    value: syntax.Expression | None, index: int, targets: tuple[syntax.Expression, ...]
) -> syntax.Expression | None:
    """What `targets[index]` gets of a display that is unpacked item by item."""
    if not isinstance(value, syntax.Sequence) or len(value.items) != len(targets):
        return None
    if any(isinstance(item, syntax.Starred) for item in (*value.items, *targets)):
        return None
    return value.items[index]


def _catches_import_failure(kind: syntax.Expression | None) -> bool:
    match kind:
        case None:
            return True
        case syntax.Name(id=name) | syntax.Attribute(name=name):
            return name in _IMPORT_FAILURES
        case syntax.Sequence(items=items):
            return any(_catches_import_failure(item) for item in items)
        case _:
            return False


def _suppresses_import_failure(value: syntax.Expression) -> bool:
    """Whether a context is `suppress` of an exception that a failing import may raise."""
    match value:
        case syntax.Call(function=syntax.Name(id="suppress") | syntax.Attribute(name="suppress")):
            return any(_catches_import_failure(each.value) for each in value.arguments)
        case _:
            return False


def _string_value(literal: str) -> object:
    """The value of a string literal as written, prefix and quotes included."""
    if "\\" not in literal and literal[0] in "\"'":
        width = 3 if literal[:3] in ('"""', "'''") else 1
        return literal[width:-width].replace("\r\n", "\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            value: object = ast.literal_eval(literal)
        except (ValueError, SyntaxError):
            return literal
    return value


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    quoted = text.replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    value = _string_value(f'"{quoted}"')
    return value if isinstance(value, str) else text


def _joined(pieces: list[syntax.Expression]) -> syntax.Expression:
    """Adjacent string literals as one: a constant, or an f-string where one of them is."""
    constants = [piece.value for piece in pieces if isinstance(piece, syntax.Constant)]
    if len(constants) == len(pieces):
        if all(isinstance(value, bytes) for value in constants):
            return syntax.Constant(b"".join(value for value in constants if isinstance(value, bytes)))
        return syntax.Constant("".join(str(value) for value in constants))
    parts: list[str | syntax.Expression] = []
    for piece in pieces:
        if isinstance(piece, syntax.FormattedString):
            parts.extend(piece.parts)
        elif isinstance(piece, syntax.Constant) and isinstance(piece.value, str):
            parts.append(piece.value)
        else:
            parts.append(piece)
    return syntax.FormattedString(tuple(parts))


def written_text(node: syntax.Expression) -> str | None:
    """The text written in a string or f-string, `{}` for each expression; None for anything else."""
    match node:
        case syntax.Constant(value=str() as value):
            return value
        case syntax.FormattedString(parts=parts):
            return "".join(part if isinstance(part, str) else "{}" for part in parts)
        case _:
            return None
