"""Edits that give a call one argument more: what comes of it is Python, and every comment stays."""

from __future__ import annotations

import ast

import pytest
from airwarden.added_arguments import with_argument
from airwarden.dag import DagFile
from airwarden.source import Source


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
