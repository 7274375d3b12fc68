"""Edits of lists and calls: what comes of them is Python, and every comment is kept."""

from __future__ import annotations

import ast

import pytest
from airwarden.dag import DagFile
from airwarden.edits import named_item, with_argument, without_item
from airwarden.findings import Edit, Region
from airwarden.source import Source


def region_of(source: Source, text: str) -> Region:
    start = source.text.index(text)
    return source.region(start, start + len(text))


def applied(source: Source, edit: Edit) -> str:
    start = source.offset(edit.region.line, edit.region.column)
    end = source.offset(edit.region.end_line, edit.region.end_column)
    return source.text[:start] + edit.text + source.text[end:]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f(a=1)", "f()"),
        ("f(a=1, b=2)", "f(b=2)"),
        ("f(b=2, a=1)", "f(b=2)"),
        ("f(b=2, a=1, c=3)", "f(b=2, c=3)"),
        ("f(b=2, a=1 , c=3)", "f(b=2, c=3)"),
        ("f(\n    a=1,\n    b=2,\n)", "f(\n    b=2,\n)"),
        ("f(\n    b=2,\n    a=1,\n)", "f(\n    b=2,\n)"),
        ("f(\n    b=2,\n    a=1\n)", "f(\n    b=2\n)"),
        ("f(\r\n    a=1,\r\n    b=2,\r\n)", "f(\r\n    b=2,\r\n)"),
        ("f(b=2, a=1,\n  c=3)", "f(b=2,\n  c=3)"),
        ("f(a=1,\n  c=3)", "f(\n  c=3)"),
        ("f(\n    a=1,  # why\n    b=2,\n)", "f(\n    # why\n    b=2,\n)"),
        ("f(\n    b=2,  # one, two,\n    a=1\n)", "f(\n    b=2,  # one, two,\n    \n)"),
        ("f(\n    # one, two,\n    a=1\n)", "f(\n    # one, two,\n    \n)"),
    ],
)
def test_an_item_is_taken_out(before: str, after: str) -> None:
    source = Source("dags/x.py", before)
    found = applied(source, without_item(source, region_of(source, "a=1")))
    assert found == after
    ast.parse(found)


def test_an_entry_of_several_lines_is_taken_out() -> None:
    source = Source("x.py", '{\n    "a": [\n        1,\n    ],\n    "b": 2,\n}')
    item = named_item(source, "a", region_of(source, "[\n        1,\n    ]"))
    assert item is not None
    assert applied(source, without_item(source, item)) == '{\n    "b": 2,\n}'


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("f(x, name=VALUE)", "name=VALUE"),
        ("f(name = VALUE)", "name = VALUE"),
        ("{'name': VALUE}", "'name': VALUE"),
        ('{"name" : VALUE}', '"name" : VALUE'),
        ('{"name":\n    VALUE}', '"name":\n    VALUE'),
        ("f(other=VALUE)", None),
        ("f(my_name=VALUE)", None),
        ("f(x.name=VALUE)", None),
        ("f(name == VALUE)", None),
        ("f(name=(VALUE))", None),
        ("f(VALUE)", None),
    ],
)
def test_a_named_item_is_found_from_its_value(text: str, item: str | None) -> None:
    source = Source("x.py", text)
    found = named_item(source, "name", region_of(source, "VALUE"))
    assert (found and source.slice(found)) == item


# One argument more


def with_new(text: str) -> str:
    """A text whose first call has got `new=1`."""
    source = Source("dags/x.py", text)
    file = DagFile.read(source)
    call = file.module.calls[-1].call
    edits = with_argument(source, file.region(call), file.region(call.arguments[-1]), "new=1")
    for edit in sorted(edits, key=lambda each: each.region, reverse=True):
        start = source.offset(edit.region.line, edit.region.column)
        end = source.offset(edit.region.end_line, edit.region.end_column)
        text = text[:start] + edit.text + text[end:]
    return text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f(a=1)\n", "f(a=1, new=1)\n"),
        ("f(a=1,)\n", "f(a=1, new=1)\n"),
        ("f(a, *b, **c)\n", "f(a, *b, **c, new=1)\n"),
        ("f(a=(1))\n", "f(a=(1), new=1)\n"),
        ("f(a=',')\n", "f(a=',', new=1)\n"),
        ("f(a='''\nb\n''')\n", "f(a='''\nb\n''', new=1)\n"),
        ("f(\n    a=1,\n)\n", "f(\n    a=1,\n    new=1,\n)\n"),
        ("f(\n    a=1\n)\n", "f(\n    a=1,\n    new=1,\n)\n"),
        ("f(\n    a=1,  # why, so\n)\n", "f(\n    a=1,  # why, so\n    new=1,\n)\n"),
        ("f(\n    a=1  # why, so\n)\n", "f(\n    a=1,  # why, so\n    new=1,\n)\n"),
        ("f(\n    a=(\n        1\n    ),\n)\n", "f(\n    a=(\n        1\n    ),\n    new=1,\n)\n"),
        ("f(a=1,\n  b=2)\n", "f(a=1,\n  b=2, new=1)\n"),
        ("f(\r\n    a=1\r\n)\r\n", "f(\r\n    a=1,\r\n    new=1,\r\n)\r\n"),
        ("f(\n\ta=1,\n)\n", "f(\n\ta=1,\n\tnew=1,\n)\n"),
        ("f(\n    a=1,\n    # c=2,\n)\n", "f(\n    a=1,\n    new=1,\n    # c=2,\n)\n"),
    ],
)
def test_an_argument_is_put_last(before: str, after: str) -> None:
    assert with_new(before) == after
    ast.parse(after)
