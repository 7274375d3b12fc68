from __future__ import annotations

from textwrap import dedent

import pytest
from airwarden import syntax
from airwarden.dag import DagFile
from airwarden.joined_texts import joined_texts, whole_text
from airwarden.source import Source


def read(code: str) -> DagFile:
    return DagFile.read(Source("dags/a.py", dedent(code)))


def texts(code: str) -> list[str]:
    return [each.text for each in joined_texts(read(code))]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ('B = "b"\na = f"x{B}y"', "xby"),
        ('a = f"x{unknown}y"', "x{}y"),
        ('a = f"x{unknown!r}y"', "x{}y"),
        ('a = "x" + "y" + z', "xy{}"),
        ('a = "x%sy%d" % ("b", 3)', "xby3"),
        ('a = "x%s" % unknown', "x{}"),
        ('a = "x%(b)s" % {"b": "c"}', "xc"),
        ('a = "x{}{}".format("b", unknown)', "xb{}"),
        ('a = "{1}{0}{c}".format("a", "b", c="c")', "bac"),
        ('a = "x{}".format(*unknown)', "x{}"),
        ('P = "x{}"\na = P.format("b")', "xb"),
        ('a = " ".join(["x", "y", z])', "x y {}"),
        ('a = ["--user", "b", c]', "--user b {}"),
        ('a = f"x{str(1)}"', "x1"),
    ],
)
def test_parts_are_put_together(code: str, text: str) -> None:
    assert texts(code) == [text]


@pytest.mark.parametrize(
    "code", ["a = 1 + 2", "a = 7 % 3", 'a = "x"', 'a = ["x", "y"]', "a = b + c", 'a = f"x"', "a = x.join(y)"]
)
def test_what_puts_nothing_together_is_no_text(code: str) -> None:
    assert texts(code) == []


def test_a_span_is_told_at_the_literal_that_holds_it() -> None:
    file = read('WORD = "hidden"\na = f"one {WORD} two"')
    (joined,) = joined_texts(file)
    start = joined.text.index("hidden")
    assert file.region(joined.node_at(start, start + 6)).line == 1
    assert file.region(joined.node_at(0, 3)).line == 2


def test_the_inner_parts_of_a_sum_are_not_told_again() -> None:
    assert texts('a = ("x" + "y") + z') == ["xy{}"]


def test_a_whole_text_has_no_unknown_part() -> None:
    file = read('a = f"x{1}"\nb = f"x{unknown}"\nc = ["-a", "b"]')
    values = [statement.value for statement in file.module.body if isinstance(statement, syntax.Assign)]
    found = [whole_text(file, value, file.module.scope) for value in values if value is not None]
    assert found == ["x1", None, None]


def test_names_that_stand_for_themselves_end() -> None:
    (text,) = texts('a = "x" + a')
    assert set(text) == set("x{}")
