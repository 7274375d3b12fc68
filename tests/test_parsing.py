from __future__ import annotations

import pytest
from airwarden import syntax
from airwarden.parsing import parse
from airwarden.source import Source, Unreadable


def module(text: str) -> syntax.Module:
    return parse(Source("dags/example.py", text))


def first_value(text: str) -> syntax.Expression:
    statement = module(text).body[0]
    assert isinstance(statement, (syntax.Evaluate, syntax.Assign))
    assert statement.value is not None
    return statement.value


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ("'plain'", "plain"),
        ('"""three\nlines\n"""', "three\nlines\n"),
        (r"'tab\tand \x41'", "tab\tand A"),
        (r"r'raw\t'", r"raw\t"),
        (r"'\d is no escape'", r"\d is no escape"),
        ("b'bytes'", b"bytes"),
        ("('a' 'b' \"c\")", "abc"),
        ("-3", -3),
        ("1.5e3", 1500.0),
        ("True", True),
        ("None", None),
    ],
)
def test_literals(literal: str, value: object) -> None:
    node = first_value(literal)
    assert isinstance(node, syntax.Constant)
    assert node.value == value
    assert type(node.value) is type(value)


def test_a_number_too_long_for_python_is_opaque() -> None:
    assert isinstance(first_value("9" * 5000), syntax.Opaque)


def test_chains_are_flat() -> None:
    node = first_value(" + ".join(["a"] * 900))
    assert isinstance(node, syntax.Operation)
    assert len(node.operands) == 900
    assert set(node.operators) == {"Add"}


def test_parentheses_keep_the_order_of_operations() -> None:
    node = first_value("a - (b - c) - d")
    assert isinstance(node, syntax.Operation)
    assert [type(operand).__name__ for operand in node.operands] == ["Name", "Operation", "Name"]
    node = first_value("(a or b) or c")
    assert isinstance(node, syntax.Operation)
    assert [type(operand).__name__ for operand in node.operands] == ["Operation", "Name"]


def test_a_ladder_of_elif_is_one_statement() -> None:
    ladder = "if a == 0:\n    pass\n" + "".join(f"elif a == {n}:\n    b = {n}\n" for n in range(400))
    statement = module(ladder).body[0]
    assert isinstance(statement, syntax.If)
    assert len(statement.branches) == 401


def test_text_of_formatted_and_adjacent_strings() -> None:
    texts = [text.value for text in module("x = f'a{b}c{{d}}' 'e'\ny = 'f' \"g\"\n").texts]
    assert texts == ["a{}c{d}e", "fg"]


def test_docstrings_are_marked() -> None:
    texts = module('"""Module."""\n\n\ndef f():\n    """Function."""\n    return "value"\n').texts
    assert [(text.value, text.is_docstring) for text in texts] == [
        ("Module.", True),
        ("Function.", True),
        ("value", False),
    ]


def test_imports_know_what_they_bind_and_how() -> None:
    found = module(
        "import a.b\nimport c.d as e\nfrom f import g as h\nfrom . import i\nfrom ..j import *\n"
    ).imports
    names = [name for statement in found for name in statement.names]
    assert [(name.bound, name.dotted, name.target) for name in names] == [
        ("a", "a.b", "a"),
        ("e", "c.d", "c.d"),
        ("h", "f.g", "f.g"),
        ("i", ".i", ".i"),
        (None, "..j.*", "..j.*"),
    ]


def test_guarded_and_typing_only_imports() -> None:
    found = module(
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    import a\nelse:\n    import b\n"
        "try:\n    import c\nexcept ImportError:\n    import d\n"
        "try:\n    import e\nexcept ValueError:\n    pass\n"
        "try:\n    import f\nexcept (KeyError, ModuleNotFoundError):\n    pass\n"
        "with contextlib.suppress(KeyError, ImportError):\n    import g\n"
        "with suppress(KeyError), suppress(Exception):\n    import h\n"
        "with suppress(KeyError):\n    import i\n"
    ).imports
    told = {statement.names[0].module: (statement.guarded, statement.typing_only) for statement in found}
    assert told == {
        "typing": (False, False),
        "a": (False, True),
        "b": (False, False),
        "c": (True, False),
        "d": (True, False),
        "e": (False, False),
        "f": (True, False),
        "g": (True, False),
        "h": (True, False),
        "i": (False, False),
    }


def test_names_are_bound_in_their_scopes() -> None:
    tree = module(
        "a = 1\nif a:\n    b = 2\nfor c in d:\n    pass\nwith e() as f:\n    g = 3\n"
        "(h, i), j = (1, 2), 4\n"
        "def k(l, *m, n=5, **o):\n    global p\n    p = 6\n    q = [r for r in s]\n"
    )
    told = {
        name: (bindings[0].kind, bindings[0].conditional, bindings[0].value is not None)
        for name, bindings in tree.scope.bindings.items()
    }
    assert told == {
        "a": ("assign", False, True),
        "b": ("assign", True, True),
        "c": ("other", True, False),
        "f": ("assign", False, True),
        "g": ("assign", False, True),
        "h": ("assign", False, True),
        "i": ("assign", False, True),
        "j": ("assign", False, True),
        "k": ("function", False, True),
        "p": ("assign", True, True),
    }
    assert set(tree.functions[0].scope.bindings) == {"l", "m", "n", "o", "q"}


def test_class_names_are_not_seen_from_its_methods() -> None:
    tree = module("a = 1\nclass B:\n    a = 2\n    def c(self):\n        return a\n")
    method = tree.functions[0]
    found = method.scope.lookup("a")
    assert found is not None
    assert found[0].kind == "module"


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("a = (\n", 1, 5), ("def f(:\n    pass\n", 1, 7), ("a = 1\nb = 'old\n", 2, 5)],
)
def test_what_is_not_python_is_unreadable_at_its_place(text: str, line: int, column: int) -> None:
    with pytest.raises(Unreadable) as caught:
        module(text)
    assert (caught.value.region.line, caught.value.region.column) == (line, column)


def test_what_is_nested_too_deeply_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="nested more than 100 levels deep"):
        module("a = " + "not " * 3_000 + "b\n")


def test_compounds_are_the_nodes_that_may_hold_others_in_the_same_order() -> None:
    code = """
class A(B, key=[1, *c]):
    def f(self, x: int = len("a"), **rest) -> str:
        with open(x) as y, z:
            return {**x, "k": lambda q=a.b: (q, f"{x!r}"), (yield): [i for i in x if i.j]}
try:
    a, b.c = d[1:2] = await e
except (F, G) as error:
    del a[0]
else:
    match a:
        case 1 | b.c: raise
if a: pass
elif not b(c := 1): a += 1
"""
    module = parse(Source("a.py", code))
    simple = (syntax.Name, syntax.Constant, syntax.ImportedName, syntax.Opaque)
    every = [pair for pair in syntax.nodes_of(module) if not isinstance(pair[0], simple)]
    assert [(id(node), id(scope)) for node, scope in syntax.compounds_of(module)] == [
        (id(node), id(scope)) for node, scope in every
    ]
