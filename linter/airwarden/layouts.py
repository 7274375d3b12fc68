"""How libcst writes its nodes out: for each kind the pieces of its text, in order.

A piece is a string, another node, a sequence of pieces, or nothing. So the text of a tree and the places of
its nodes come out of one loop, without libcst's code generation, which costs several times as much and
recurses.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, TypeAlias

Layout: TypeAlias = Callable[[Any], tuple[Any, ...]]
Span: TypeAlias = tuple[int, int]


class UnknownLayout(Exception):
    """A kind of node that this version does not know."""


class _Mark:
    """A place between two pieces."""


class _Indented(_Mark):
    """From here on lines stand further in, by `by`; None stands for the module's usual indentation."""

    def __init__(self, by: str | None) -> None:
        self.by = by


class _Start(_Mark):
    """Here the node with the identity `node` starts."""

    def __init__(self, node: int) -> None:
        self.node = node


class _End(_Mark):
    """Here the node with the identity `node` ends, or, `with_block`, where its last statement ended."""

    def __init__(self, node: int, with_block: bool) -> None:
        self.node = node
        self.with_block = with_block


class _Elif:
    """An `if` that is written as `elif`."""

    def __init__(self, node: Any) -> None:
        self.node = node


INDENTATION = _Mark()
_DEDENTED = _Mark()
_START = _Mark()
_END = _Mark()
_STATEMENT_END = _Mark()
_BLOCK_END = _Mark()


def written(tree: Any, wanted: Collection[int] = ()) -> tuple[str, dict[int, Span]]:
    """The text of a module, and where in it the nodes with the identities `wanted` stand.

    Stops after the last of them; newlines of the module's usual kind may be written as a line feed. Raises
    `UnknownLayout`.
    """
    return _Writer(tree, wanted).run()


class _Writer:
    """The one loop."""

    def __init__(self, tree: Any, wanted: Collection[int]) -> None:
        self.pending: list[Any] = [tree]
        self.default_indent = tree.default_indent
        self.wanted = set(wanted)
        self.stops = bool(wanted)
        self.starts: dict[int, int] = {}
        self.spans: dict[int, Span] = {}
        self.pieces: list[str] = []
        self.offset = 0
        self.indents: list[str] = []
        self.statement_end = 0

    def run(self) -> tuple[str, dict[int, Span]]:
        pending, pieces, wanted = self.pending, self.pieces, self.wanted
        layouts: dict[type, tuple[bool, Layout]] = {}
        while pending:
            item = pending.pop()
            kind = type(item)
            if kind is str:
                pieces.append(item)
                self.offset += len(item)
            elif kind is tuple:
                pending += item[::-1]
            elif isinstance(item, _Mark):
                self.pass_by(item)
                if self.stops and not wanted:
                    break
            elif item is not None:
                if (known := layouts.get(kind)) is None:
                    known = layouts[kind] = _layout(kind.__name__)
                in_brackets, layout = known
                items = layout(item)
                if in_brackets and (item.lpar or id(item) in wanted):
                    items = (item.lpar, _START, *items, _END, item.rpar)
                if id(item) in wanted:
                    items = _marked(items, id(item))
                pending += [each for each in reversed(items) if each]
        return "".join(pieces), self.spans

    def pass_by(self, mark: _Mark) -> None:
        if mark is INDENTATION:
            self.pieces += self.indents
            self.offset += sum(map(len, self.indents))
        elif mark is _STATEMENT_END:
            self.statement_end = self.offset
        elif mark is _DEDENTED:
            self.indents.pop()
        elif isinstance(mark, _Indented):
            self.indents.append(self.default_indent if mark.by is None else mark.by)
        elif isinstance(mark, _Start):
            self.starts[mark.node] = self.offset
        elif isinstance(mark, _End):
            end = self.statement_end if mark.with_block else self.offset
            self.spans[mark.node] = (self.starts[mark.node], end)
            self.wanted.discard(mark.node)


def _marked(items: tuple[Any, ...], node: int) -> tuple[Any, ...]:
    """The pieces of a node whose place is wanted; the whole of it where its layout has no start."""
    if _START not in items:
        return (_Start(node), *items, _End(node, with_block=False))
    marked: list[Any] = []
    for item in items:
        if item is _START:
            marked.append(_Start(node))
        elif item in (_END, _STATEMENT_END, _BLOCK_END):
            marked += [item, _End(node, with_block=item is _BLOCK_END)]
        else:
            marked.append(item)
    return tuple(marked)


def _layout(name: str) -> tuple[bool, Layout]:
    """Whether parentheses may stand around nodes of a kind, and the pieces between them."""
    if name in _EXPRESSIONS:
        return True, _EXPRESSIONS[name]
    if name in _OTHERS:
        return False, _OTHERS[name]
    raise UnknownLayout(name)


def has_layout(kind: str) -> bool:
    """Whether nodes of a kind can be written out."""
    return kind in _EXPRESSIONS or kind in _OTHERS


def fields(kind: str) -> tuple[str, ...]:
    """The fields of a kind of node that are written out."""
    in_brackets, layout = _layout(kind)
    asked = _Asked()
    layout(asked)
    return (*asked.asked_for, *(("lpar", "rpar") if in_brackets else ()))


class _Asked:
    """Stands in for a node without any part, and notes which fields a layout asks for."""

    def __init__(self) -> None:
        self.asked_for: dict[str, None] = {}

    def __getattr__(self, name: str) -> None:
        self.asked_for[name] = None


def _fixed(*pieces: str) -> Layout:
    return lambda _: pieces


def _value(node: Any) -> tuple[Any, ...]:
    return (node.value,)


def _operator(token: str) -> Layout:
    return lambda n: (n.whitespace_before, token, n.whitespace_after)


def _prefix(token: str) -> Layout:
    return lambda n: (token, n.whitespace_after)


def _suffix(token: str) -> Layout:
    return lambda n: (n.whitespace_before, token)


def _annotated(indicator: str, annotation: Any) -> tuple[Any, ...]:
    return () if annotation is None else (annotation.whitespace_before_indicator, indicator, annotation)


def _interpolation(n: Any) -> tuple[Any, ...]:
    conversion = () if n.conversion is None else ("!", n.conversion)
    spec = () if n.format_spec is None else (":", tuple(n.format_spec))
    expression = (n.whitespace_before_expression, n.expression, n.equal, n.whitespace_after_expression)
    return ("{", *expression, conversion, spec, "}")


def _if(n: Any, word: str = "if") -> tuple[Any, ...]:
    orelse = _Elif(n.orelse) if type(n.orelse).__name__ == "If" else n.orelse
    head = (word, n.whitespace_before_test, n.test, n.whitespace_after_test, ":")
    return (n.leading_lines, INDENTATION, _START, *head, n.body, orelse, _BLOCK_END)


def _try(n: Any) -> tuple[Any, ...]:
    blocks = (n.body, n.handlers, n.orelse, n.finalbody)
    return (n.leading_lines, INDENTATION, _START, "try", n.whitespace_before_colon, ":", *blocks, _BLOCK_END)


def _block(word: str) -> Layout:
    return lambda n: (n.leading_lines, INDENTATION, word, n.whitespace_before_colon, ":", n.body)


def _handler(n: Any, star: tuple[Any, ...] = ()) -> tuple[Any, ...]:
    head = ("except", n.whitespace_after_except, star, n.type, n.name, n.whitespace_before_colon, ":")
    return (n.leading_lines, INDENTATION, *head, n.body)


def _function(n: Any) -> tuple[Any, ...]:
    before = (n.leading_lines, n.decorators, n.lines_after_decorators, INDENTATION, _START, n.asynchronous)
    name = ("def", n.whitespace_after_def, n.name, n.whitespace_after_name)
    types = (n.type_parameters, n.whitespace_after_type_parameters)
    parameters = ("(", n.whitespace_before_params, n.params, ")", _annotated("->", n.returns))
    return (*before, *name, *types, *parameters, n.whitespace_before_colon, ":", n.body, _BLOCK_END)


def _class(n: Any) -> tuple[Any, ...]:
    before = (n.leading_lines, n.decorators, n.lines_after_decorators, INDENTATION, _START)
    name = ("class", n.whitespace_after_class, n.name, n.whitespace_after_name)
    types = (n.type_parameters, n.whitespace_after_type_parameters)
    bases = (n.lpar, n.bases, n.keywords, n.rpar)
    return (*before, *name, *types, *bases, n.whitespace_before_colon, ":", n.body, _BLOCK_END)


def _with(n: Any) -> tuple[Any, ...]:
    head = (n.asynchronous, "with", n.whitespace_after_with, n.lpar, n.items, n.rpar)
    colon = (n.whitespace_before_colon, ":")
    return (n.leading_lines, INDENTATION, _START, *head, *colon, n.body, _BLOCK_END)


def _for(n: Any) -> tuple[Any, ...]:
    target = (n.asynchronous, "for", n.whitespace_after_for, n.target)
    iterable = (n.whitespace_before_in, "in", n.whitespace_after_in, n.iter)
    head = (*target, *iterable, n.whitespace_before_colon, ":")
    return (n.leading_lines, INDENTATION, _START, *head, n.body, n.orelse, _BLOCK_END)


def _while(n: Any) -> tuple[Any, ...]:
    head = ("while", n.whitespace_after_while, n.test, n.whitespace_before_colon, ":")
    return (n.leading_lines, INDENTATION, _START, *head, n.body, n.orelse, _BLOCK_END)


def _match(n: Any) -> tuple[Any, ...]:
    head = ("match", n.whitespace_after_match, n.subject, n.whitespace_before_colon, ":")
    block = (n.whitespace_after_colon, _Indented(n.indent), n.cases, n.footer, _DEDENTED)
    return (n.leading_lines, INDENTATION, _START, *head, *block, _BLOCK_END)


def _case(n: Any) -> tuple[Any, ...]:
    word = "" if n.guard is None else "if"
    guard = (n.whitespace_before_if, word, n.whitespace_after_if, n.guard)
    head = ("case", n.whitespace_after_case, n.pattern, *guard, n.whitespace_before_colon, ":")
    return (n.leading_lines, INDENTATION, *head, n.body)


def _imported_from(n: Any, word: tuple[Any, ...] = ()) -> tuple[Any, ...]:
    module = (*word, "from", n.whitespace_after_from, n.relative, n.module, n.whitespace_before_import)
    names = ("import", n.whitespace_after_import, n.lpar, n.names, n.rpar)
    return (_START, *module, *names, _STATEMENT_END, n.semicolon)


def _type_alias(n: Any) -> tuple[Any, ...]:
    name = ("type", n.whitespace_after_type, n.name, n.whitespace_after_name)
    types = (n.type_parameters, n.whitespace_after_type_parameters)
    value = ("=", n.whitespace_after_equals, n.value)
    return (_START, *name, *types, *value, _STATEMENT_END, n.semicolon)


def _wildcard(n: Any) -> str:
    return "_" if n.name is None else ""


_EXPRESSIONS: dict[str, Layout] = {
    "Name": _value,
    "Integer": _value,
    "Float": _value,
    "Imaginary": _value,
    "SimpleString": _value,
    "Ellipsis": _fixed("..."),
    "FormattedString": lambda n: (n.start, n.parts, n.end),
    "TemplatedString": lambda n: (n.start, n.parts, n.end),
    "ConcatenatedString": lambda n: (n.left, n.whitespace_between, n.right),
    "Comparison": lambda n: (n.left, n.comparisons),
    "UnaryOperation": lambda n: (n.operator, n.expression),
    "BinaryOperation": lambda n: (n.left, n.operator, n.right),
    "BooleanOperation": lambda n: (n.left, n.operator, n.right),
    "Attribute": lambda n: (n.value, n.dot, n.attr),
    "Subscript": lambda n: (n.value, n.whitespace_after_value, n.lbracket, n.slice, n.rbracket),
    "Lambda": lambda n: ("lambda", n.whitespace_after_lambda, n.params, n.colon, n.body),
    "Call": lambda n: (n.func, n.whitespace_after_func, "(", n.whitespace_before_args, n.args, ")"),
    "Await": lambda n: ("await", n.whitespace_after_await, n.expression),
    "IfExp": lambda n: (
        *(n.body, n.whitespace_before_if, "if", n.whitespace_after_if, n.test),
        *(n.whitespace_before_else, "else", n.whitespace_after_else, n.orelse),
    ),
    "Yield": lambda n: ("yield", n.whitespace_after_yield, n.value),
    "Tuple": lambda n: (n.elements,),
    "List": lambda n: (n.lbracket, n.elements, n.rbracket),
    "Set": lambda n: (n.lbrace, n.elements, n.rbrace),
    "Dict": lambda n: (n.lbrace, n.elements, n.rbrace),
    "GeneratorExp": lambda n: (n.elt, n.for_in),
    "ListComp": lambda n: (n.lbracket, n.elt, n.for_in, n.rbracket),
    "SetComp": lambda n: (n.lbrace, n.elt, n.for_in, n.rbrace),
    "DictComp": lambda n: (
        *(n.lbrace, n.key, n.whitespace_before_colon, ":", n.whitespace_after_colon, n.value),
        *(n.for_in, n.rbrace),
    ),
    "StarredDictComp": lambda n: (n.lbrace, "**", n.whitespace_before_value, n.value, n.for_in, n.rbrace),
    "NamedExpr": lambda n: (n.target, n.whitespace_before_walrus, ":=", n.whitespace_after_walrus, n.value),
    "MatchList": lambda n: (n.lbracket, n.patterns, n.rbracket),
    "MatchTuple": lambda n: (n.patterns,),
    "MatchMapping": lambda n: (
        *(n.lbrace, n.elements, "" if n.rest is None else "**", n.whitespace_before_rest, n.rest),
        *(n.trailing_comma, n.rbrace),
    ),
    "MatchClass": lambda n: (
        *(n.cls, n.whitespace_after_cls, "(", n.whitespace_before_patterns, n.patterns, n.kwds),
        *(n.whitespace_after_kwds, ")"),
    ),
    "MatchAs": lambda n: (
        *(n.pattern, n.whitespace_before_as, "" if n.pattern is None else "as", n.whitespace_after_as),
        *(n.name, _wildcard(n)),
    ),
    "MatchOr": lambda n: (n.patterns,),
}

TOKENS = {
    "Semicolon": ";",
    "Colon": ":",
    "Comma": ",",
    "Dot": ".",
    "AssignEqual": "=",
}
"""What stands between two pieces of white space, and means nothing else."""

OPENING = {"LeftSquareBracket": "[", "LeftCurlyBrace": "{", "LeftParen": "(", "Asynchronous": "async"}
CLOSING = {"RightSquareBracket": "]", "RightCurlyBrace": "}", "RightParen": ")"}

_OPERATORS = {
    "And": "and",
    "Or": "or",
    "Add": "+",
    "Subtract": "-",
    "Multiply": "*",
    "Divide": "/",
    "FloorDivide": "//",
    "Modulo": "%",
    "Power": "**",
    "LeftShift": "<<",
    "RightShift": ">>",
    "BitOr": "|",
    "BitAnd": "&",
    "BitXor": "^",
    "MatrixMultiply": "@",
    "LessThan": "<",
    "GreaterThan": ">",
    "Equal": "==",
    "LessThanEqual": "<=",
    "GreaterThanEqual": ">=",
    "In": "in",
    "Is": "is",
    "AddAssign": "+=",
    "SubtractAssign": "-=",
    "MultiplyAssign": "*=",
    "MatrixMultiplyAssign": "@=",
    "DivideAssign": "/=",
    "ModuloAssign": "%=",
    "BitAndAssign": "&=",
    "BitOrAssign": "|=",
    "BitXorAssign": "^=",
    "LeftShiftAssign": "<<=",
    "RightShiftAssign": ">>=",
    "PowerAssign": "**=",
    "FloorDivideAssign": "//=",
}

_OTHERS: dict[str, Layout] = {
    "Module": lambda n: (n.header, n.body, n.footer),
    # White space and what stands around it
    "SimpleWhitespace": _value,
    "Comment": _value,
    "Newline": lambda n: ("\n" if n.value is None else n.value,),
    "TrailingWhitespace": lambda n: (n.whitespace, n.comment, n.newline),
    "EmptyLine": lambda n: (INDENTATION if n.indent else "", n.whitespace, n.comment, n.newline),
    "ParenthesizedWhitespace": lambda n: (
        *(n.first_line, n.empty_lines, INDENTATION if n.indent else "", n.last_line),
    ),
    **{kind: _operator(token) for kind, token in TOKENS.items()},
    **{kind: _prefix(token) for kind, token in OPENING.items()},
    **{kind: _suffix(token) for kind, token in CLOSING.items()},
    # Operators
    **{kind: _operator(token) for kind, token in _OPERATORS.items()},
    "NotEqual": lambda n: (n.whitespace_before, n.value or "!=", n.whitespace_after),
    "NotIn": lambda n: (n.whitespace_before, "not", n.whitespace_between, "in", n.whitespace_after),
    "IsNot": lambda n: (n.whitespace_before, "is", n.whitespace_between, "not", n.whitespace_after),
    "Plus": _prefix("+"),
    "Minus": _prefix("-"),
    "BitInvert": _prefix("~"),
    "Not": _prefix("not"),
    # Parts of expressions
    "FormattedStringText": _value,
    "TemplatedStringText": _value,
    "FormattedStringExpression": _interpolation,
    "TemplatedStringExpression": _interpolation,
    "ComparisonTarget": lambda n: (n.operator, n.comparator),
    "Index": lambda n: (n.star, n.whitespace_after_star, n.value),
    "Slice": lambda n: (n.lower, n.first_colon, n.upper, n.second_colon, n.step),
    "SubscriptElement": lambda n: (_START, n.slice, _END, n.comma),
    "Annotation": lambda n: (n.whitespace_after_indicator, n.annotation),
    "ParamStar": lambda n: ("*", n.comma),
    "ParamSlash": lambda n: ("/", n.whitespace_after, n.comma),
    "Param": lambda n: (
        *(_START, n.star, n.whitespace_after_star, n.name, _END, _annotated(":", n.annotation)),
        *(n.equal, n.default, n.comma, n.whitespace_after_param),
    ),
    "Parameters": lambda n: (
        *(n.posonly_params, n.posonly_ind, n.params, n.star_arg, n.kwonly_params, n.star_kwarg),
    ),
    "Arg": lambda n: (
        *(_START, n.star, n.whitespace_after_star, n.keyword, n.equal, n.value, _END),
        *(n.comma, n.whitespace_after_arg),
    ),
    "From": lambda n: (n.whitespace_before_from, "from", n.whitespace_after_from, n.item),
    "Element": lambda n: (_START, n.value, _END, n.comma),
    "DictElement": lambda n: (
        *(_START, n.key, n.whitespace_before_colon, ":", n.whitespace_after_colon, n.value, _END, n.comma),
    ),
    "StarredElement": lambda n: (
        *(n.lpar, _START, "*", n.whitespace_before_value, n.value, _END, n.rpar, n.comma),
    ),
    "StarredDictElement": lambda n: (_START, "**", n.whitespace_before_value, n.value, _END, n.comma),
    "CompFor": lambda n: (
        *(n.whitespace_before, n.asynchronous, "for", n.whitespace_after_for, n.target),
        *(n.whitespace_before_in, "in", n.whitespace_after_in, n.iter, n.ifs, n.inner_for_in),
    ),
    "CompIf": lambda n: (n.whitespace_before, "if", n.whitespace_before_test, n.test),
    # Small statements
    "Expr": lambda n: (_START, n.value, _STATEMENT_END, n.semicolon),
    "Pass": lambda n: (_START, "pass", _STATEMENT_END, n.semicolon),
    "Break": lambda n: (_START, "break", _STATEMENT_END, n.semicolon),
    "Continue": lambda n: (_START, "continue", _STATEMENT_END, n.semicolon),
    "Del": lambda n: (_START, "del", n.whitespace_after_del, n.target, _STATEMENT_END, n.semicolon),
    "Return": lambda n: (_START, "return", n.whitespace_after_return, n.value, _STATEMENT_END, n.semicolon),
    "Raise": lambda n: (
        *(_START, "raise", n.whitespace_after_raise, n.exc, n.cause, _STATEMENT_END, n.semicolon),
    ),
    "Assert": lambda n: (
        *(_START, "assert", n.whitespace_after_assert, n.test, n.comma, n.msg, _STATEMENT_END, n.semicolon),
    ),
    "Global": lambda n: (_START, "global", n.whitespace_after_global, n.names, _STATEMENT_END, n.semicolon),
    "Nonlocal": lambda n: (
        *(_START, "nonlocal", n.whitespace_after_nonlocal, n.names, _STATEMENT_END, n.semicolon),
    ),
    "NameItem": lambda n: (n.name, n.comma),
    "Assign": lambda n: (_START, n.targets, n.value, _STATEMENT_END, n.semicolon),
    "AssignTarget": lambda n: (n.target, n.whitespace_before_equal, "=", n.whitespace_after_equal),
    "AnnAssign": lambda n: (
        *(_START, n.target, _annotated(":", n.annotation), n.equal, n.value, _STATEMENT_END, n.semicolon),
    ),
    "AugAssign": lambda n: (_START, n.target, n.operator, n.value, _STATEMENT_END, n.semicolon),
    "Import": lambda n: (_START, "import", n.whitespace_after_import, n.names, _STATEMENT_END, n.semicolon),
    "ImportFrom": _imported_from,
    "LazyImport": lambda n: (
        *(_START, "lazy", n.whitespace_after_lazy, "import", n.whitespace_after_import, n.names),
        *(_STATEMENT_END, n.semicolon),
    ),
    "LazyImportFrom": lambda n: _imported_from(n, ("lazy", n.whitespace_after_lazy)),
    "ImportAlias": lambda n: (_START, n.name, n.asname, _END, n.comma),
    "ImportStar": _fixed("*"),
    "AsName": lambda n: (n.whitespace_before_as, "as", n.whitespace_after_as, n.name),
    "TypeAlias": _type_alias,
    "TypeParameters": lambda n: (n.lbracket, n.params, n.rbracket),
    "TypeParam": lambda n: (n.param, n.equal, n.star, n.whitespace_after_star, n.default, n.comma),
    "TypeVar": lambda n: (n.name, n.colon, n.bound),
    "TypeVarTuple": lambda n: ("*", n.whitespace_after_star, n.name),
    "ParamSpec": lambda n: ("**", n.whitespace_after_star, n.name),
    # Lines and blocks
    "SimpleStatementLine": lambda n: (n.leading_lines, INDENTATION, n.body, n.trailing_whitespace),
    "SimpleStatementSuite": lambda n: (n.leading_whitespace, n.body, n.trailing_whitespace),
    "IndentedBlock": lambda n: (n.header, _Indented(n.indent), n.body, n.footer, _DEDENTED),
    "Decorator": lambda n: (
        *(n.leading_lines, INDENTATION, _START, "@", n.whitespace_after_at, n.decorator, _END),
        n.trailing_whitespace,
    ),
    "FunctionDef": _function,
    "ClassDef": _class,
    "If": _if,
    "_Elif": lambda n: _if(n.node, "elif"),
    "Else": _block("else"),
    "For": _for,
    "While": _while,
    "With": _with,
    "WithItem": lambda n: (n.item, n.asname, n.comma),
    "Try": _try,
    "TryStar": _try,
    "ExceptHandler": _handler,
    "ExceptStarHandler": lambda n: _handler(n, ("*", n.whitespace_after_star)),
    "Finally": _block("finally"),
    # Patterns
    "Match": _match,
    "MatchCase": _case,
    "MatchValue": _value,
    "MatchSingleton": _value,
    "MatchSequenceElement": lambda n: (n.value, n.comma),
    "MatchStar": lambda n: ("*", n.whitespace_before_name, n.name, _wildcard(n), n.comma),
    "MatchMappingElement": lambda n: (
        *(n.key, n.whitespace_before_colon, ":", n.whitespace_after_colon, n.pattern, n.comma),
    ),
    "MatchKeywordElement": lambda n: (
        *(n.key, n.whitespace_before_equal, "=", n.whitespace_after_equal, n.pattern, n.comma),
    ),
    "MatchOrElement": lambda n: (n.pattern, n.separator),
    # What libcst leaves to its code generation, which a parsed tree has no need of
    "MaybeSentinel": _fixed(),
}
