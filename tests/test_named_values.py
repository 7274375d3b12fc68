from __future__ import annotations

from textwrap import dedent

import pytest
from airwarden.dag import DagFile
from airwarden.named_values import literals, named_values
from airwarden.source import Source


def read(code: str) -> DagFile:
    return DagFile.read(Source("dags/a.py", dedent(code)))


def named(code: str, name: str = "password") -> list[tuple[str, str, list[str]]]:
    """The values of that name: the name, its form, and the literals each may be."""
    file = read(code)
    return [
        (each.name, each.form, [text for _, text in literals(file, each.value, each.scope)])
        for each in named_values(file, name.__eq__)
    ]


@pytest.mark.parametrize(
    ("code", "form"),
    [
        ('password = "a"', "variable"),
        ('password: str = "a"', "variable"),
        ('user, password = "b", "a"', "variable"),
        ('class A:\n    password = "a"', "variable"),
        ('def f():\n    password = "a"', "variable"),
        ('def f(password="a"): ...', "parameter"),
        ('def f(*, password: str = "a"): ...', "parameter"),
        ('f(password="a")', "argument"),
        ('@f(password="a")\ndef g(): ...', "argument"),
        ('a.password = "a"', "attribute"),
        ('a["password"] = "a"', "key"),
        ('a = {"password": "a"}', "key"),
        ('f(x, [{"b": {"password": "a"}}])', "key"),
        ('def f():\n    if x:\n        return {"password": "a"}', "key"),
        ('a = [{"password": "a"} for b in c]', "key"),
        ('a = lambda: {"password": "a"}', "key"),
        ('KEY = "password"\na = {KEY: "a"}', "key"),
        ('a = {"name": "password", "value": "a"}', "key"),
        ('Variable.set("password", "a")', "item"),
        ('f(name="password", value="a")', "item"),
        ('os.getenv("password", "a")', "fallback"),
        ('Variable.get("password", default_var="a")', "fallback"),
        ('conf.get("smtp", "password", fallback="a")', "fallback"),
    ],
)
def test_every_way_to_name_a_value(code: str, form: str) -> None:
    assert named(code) == [("password", form, ["a"])]


@pytest.mark.parametrize(
    "code",
    [
        "",
        'other = "a"',
        "password: str",
        "def f(password): ...",
        'f("password", "a")',
        'Variable.get("password")',
        'a["other"] = "password"',
        'a[password] = "a"',
        '{**{"other": "a"}}',
        'with f("a") as password: ...',
        'import enum\n\nclass A(enum.Enum):\n    password = "a"',
    ],
)
def test_what_names_nothing(code: str) -> None:
    assert named(code) == []


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        ('"a"', ["a"]),
        ("b'a'", ["a"]),
        ("42", ["42"]),
        ('"a" "b"', ["ab"]),
        ('"a" + "b"', ["ab"]),
        ('f"a"', ["a"]),
        ('f"a{b}"', []),
        ('"a" + unknown', []),
        ("ASIDE", ["aside"]),
        ("unknown", []),
        ('unknown or "a"', ["a"]),
        ('"a" if unknown else "b"', ["a", "b"]),
        ('"a".encode()', ["a"]),
        ('SecretStr("a")', ["a"]),
        ('Param("a", type="string")', ["a"]),
        ('Param(default="a")', ["a"]),
        ('os.environ.get("A", "a")', ["a"]),
        ('os.getenv("A") or os.getenv("B", "b") or "c"', ["b", "c"]),
        ('f("a")', []),
        ("None", []),
        ("...", []),
        ('["a"]', []),
        ('"a" == "b"', []),
        ('a["b"]', []),
    ],
)
def test_the_literals_a_value_may_be(value: str, texts: list[str]) -> None:
    assert named(f'ASIDE = "aside"\npassword = {value}') == [("password", "variable", texts)]


def test_a_name_that_is_assigned_twice_is_not_known() -> None:
    assert named('a = "b"\na = "c"\npassword = a') == [("password", "variable", [])]


def test_a_value_that_refers_to_itself_ends() -> None:
    assert named("password = password or password") == [("password", "variable", [])]


def test_the_node_of_a_literal_is_where_it_is_written() -> None:
    file = read('ASIDE = "aside"\nf(password=ASIDE)')
    (value,) = named_values(file, "password".__eq__)
    ((node, _),) = literals(file, value.value, value.scope)
    assert file.region(node).line == 1
