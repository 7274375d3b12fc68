"""TomlFile: the data is tomllib's, and every part of it stands where its region says."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from airwarden.bounded import json_of
from airwarden.source import Source, Unreadable
from airwarden.toml_file import Route, TomlFile

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DOCUMENT = '''# a comment with [brackets] = "and quotes"
title = "plain"
"quoted key" = 'literal \\ text'
number = 1_000  # the rest is a comment
when = 1979-05-27 07:32:00
dotted.inner . "third part" = [ "a" , 'b' ]

[project]
dependencies = [
  "one # no comment",  # a comment ]
  'two, "quoted"',
  """three
  lines ]""",
  "\\"four\\"", # more
]
empty = []
emptytext = ""

[project.optional-dependencies]
aws = ["five", ["nested", "six"]]

[tool . "a.b"]
inline = { version = "1", extras = ["x", "y"], deep = { z = true } }
multi = \'\'\'
it's "here"\'\'\'
end = """two quotes at the end"""""

[[tool.source]]
name = "first"

[tool.source.settings]
on = true

[[tool.source]]
name = "second"

[tool.source.settings]
on = false
'''


def leaves(value: Any, route: Route = ()) -> Iterator[tuple[Route, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*route, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*route, index))
    else:
        yield route, value


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_every_value_stands_in_its_region(ending: str) -> None:
    source = Source("pyproject.toml", DOCUMENT.replace("\n", ending))
    file = TomlFile.read(source)
    found = dict(leaves(file.data))
    assert len(found) == 24
    for route, value in found.items():
        region = file.value(route)
        assert region is not None, route
        assert tomllib.loads(f"x = {source.slice(region)}") == {"x": value}


def test_every_key_stands_in_its_region() -> None:
    source = Source("pyproject.toml", DOCUMENT)
    file = TomlFile.read(source)
    keys = {route: file.key(route) for route, _ in leaves(file.data) if isinstance(route[-1], str)}
    assert len(keys) == 13
    for route, region in keys.items():
        assert region is not None, route
        assert source.slice(region).strip("\"'").endswith(str(route[-1]))
    header = file.key(("tool", "source", 1, "settings"))
    assert header is not None
    assert header.line == 37


@pytest.mark.parametrize("pattern", ["project.optional-dependencies.*", "project.*.aws"])
def test_a_star_stands_for_any_key(pattern: str) -> None:
    file = TomlFile.read(Source("pyproject.toml", DOCUMENT))
    assert [route for route, _ in file.find(pattern)] == [("project", "optional-dependencies", "aws")]


def test_nothing_is_found_below_a_value_that_is_no_table() -> None:
    assert not list(TomlFile.read(Source("pyproject.toml", "project = 1")).find("project.dependencies"))


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("[project]\nname = ", 2, 8), ("a = 1\na = 2\n", 2, 6), ('a = "open', 1, 10)],
)
def test_broken_toml_tells_where(text: str, line: int, column: int) -> None:
    with pytest.raises(Unreadable, match=r"is not valid TOML: [A-Z]") as failure:
        TomlFile.read(Source("pyproject.toml", text))
    assert (failure.value.region.line, failure.value.region.column) == (line, column)


@pytest.mark.parametrize(
    "text",
    [
        f"a = '{'a' * 300_000}.{'b..c' * 101}'\n",
        "a = [" + "[]," * 101 + '"\\' * 60_000,
        "a = [" + "[]," * 101 + "'''a" * 60_000,
    ],
    ids=["a long word", "quotes", "long texts"],
)
def test_a_text_is_looked_at_once_before_it_is_read(text: str) -> None:
    with suppress(Unreadable):
        TomlFile.read(Source("a.toml", text))
    with suppress(ValueError):
        json_of(text)


def test_a_number_that_can_not_be_written_is_not_read() -> None:
    with pytest.raises(Unreadable, match="too many digits"):
        TomlFile.read(Source("a.toml", f"a = 0x{'f' * 5000}\n"))
    assert TomlFile.read(Source("a.toml", f"a = '0x{'f' * 5000}'\n")).data
