"""Edits that write a requirement into a dependency file, or an extra or a bound into one that is there.

Each gives no edits where it can't be done without a doubt, nor in a list that a program has written.
Several that were made from one text can be applied together.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from airwarden.dependencies import bounds, table_edits
from airwarden.dependencies.array_edits import ArrayText
from airwarden.dependencies.build_files import is_compiled
from airwarden.dependencies.line_edits import (
    added_to_environment,
    added_to_requirements,
    added_to_setup_cfg,
    line_end,
)
from airwarden.dependencies.requirement_text import RequirementText
from airwarden.dependencies.table_edits import value_at
from airwarden.findings import Edit, Region
from airwarden.source import Source, Unreadable
from airwarden.toml_file import Route, TomlFile

_MAIN: tuple[Route, ...] = (
    ("project", "dependencies"),
    ("tool", "poetry", "dependencies"),
    ("tool", "pixi", "pypi-dependencies"),
    ("tool", "pixi", "dependencies"),
    ("tool", "flit", "metadata", "requires"),
)
_PROJECT: Route = ("project",)
_LIST, _NEW_LIST = "dependencies", "dependencies = ["
_QUOTES = "\"'"


def added(source: Source, requirement: str, beside: Region | None = None) -> tuple[Edit, ...]:
    """Adds `name`, `name[extra]` or `name>=1.2` to a dependency file.

    `beside` is the region of the key of the array or table that it belongs in, or of anything in that; in
    files of lines, of a line of the list. None means the file's main list.
    """
    wanted = RequirementText.parse(requirement)
    if wanted is None or is_compiled(source):
        return ()
    name, path = wanted.written_name, PurePosixPath(source.path)
    if _is_toml(source):
        return _added_to_toml(source, wanted, beside)
    if path.name == "setup.cfg":
        return added_to_setup_cfg(source, name, requirement, beside.line if beside else None)
    if path.suffix in (".txt", ".in"):
        return added_to_requirements(source, name, requirement)
    if path.suffix in (".yml", ".yaml"):
        return added_to_environment(source, name, requirement)
    return ()


def with_extra(source: Source, declaration: Region, extra: str) -> tuple[Edit, ...]:
    """Adds an extra to a requirement, whose region is that of its text, or of its key in a table."""
    if is_compiled(source):
        return ()
    entry = _table_entry(source, declaration)
    if entry is not None:
        return _with_table_extra(*entry, extra)
    found = _requirement_at(source, declaration)
    if found is None or extra in found[0].written_extras:
        return ()
    requirement, start = found
    if not requirement.written_extras:
        begin = start + requirement.name[0]
        end = start + (requirement.extras[1] + 1 if requirement.extras else requirement.name[1])
        return (Edit(source.region(begin, end), f"{requirement.written_name}[{extra}]"),)
    first, last = requirement.extras or (0, 0)
    inside = requirement.text[first:last]
    end = start + first + len(inside.rstrip())
    return (Edit(source.region(end, end), f"{', ' if ', ' in inside else ','}{extra}"),)


def with_lower_bound(source: Source, declaration: Region, version: str) -> tuple[Edit, ...]:
    """Raises the lowest version that a requirement allows; its upper bounds stay, and may forbid it."""
    if is_compiled(source):
        return ()
    entry = _table_entry(source, declaration)
    if entry is not None:
        versions = table_edits.versions_of(*entry)
        new = None if versions is None else bounds.raised(versions, version)
        return () if new is None else table_edits.with_versions(*entry, new)
    found = _requirement_at(source, declaration)
    if found is None or found[0].is_elsewhere:
        return ()
    requirement, start = found
    new = bounds.raised(requirement.written_versions, version)
    if new is None or (new.startswith(("^", "~")) and not new.startswith("~=")):
        return ()
    first, last = requirement.versions
    return (Edit(source.region(start + first, start + last), new),)


def _is_toml(source: Source) -> bool:
    path = PurePosixPath(source.path)
    return path.suffix == ".toml" or path.name == "Pipfile"


def _read(source: Source) -> TomlFile | None:
    try:
        return TomlFile.read(source)
    except Unreadable:
        return None


# Where in a TOML document


def _added_to_toml(source: Source, wanted: RequirementText, beside: Region | None) -> tuple[Edit, ...]:
    file = _read(source)
    if file is None:
        return ()
    if beside is not None:
        route = _container(file, beside)
        return () if route is None else _added_at(file, route, wanted)
    if source.path.endswith("Pipfile"):
        return _added_at(file, ("packages",), wanted) if "packages" in file.data else ()
    routes = {route for route, _ in _containers((), file.data)}
    main = next((route for route in _MAIN if route in routes), None)
    if main is not None:
        return _added_at(file, main, wanted)
    project = file.data.get("project")
    has_room = isinstance(project, dict) and _LIST not in project.get("dynamic", ())
    return _with_list(file, wanted) if has_room else ()


def _added_at(file: TomlFile, route: Route, wanted: RequirementText) -> tuple[Edit, ...]:
    value = value_at(file.data, route)
    if isinstance(value, dict):
        return table_edits.added_to_table(file, route, wanted)
    array = _array(file, route, value) if isinstance(value, list) else None
    return array.added(wanted.written_name, [_named(each) for each in value], wanted.text) if array else ()


def _array(file: TomlFile, route: Route, value: list[Any]) -> ArrayText | None:
    region = file.value(route)
    items = [file.value((*route, index)) for index in range(len(value))]
    if region is None or None in items:
        return None
    return ArrayText(file.source, region, [each for each in items if each is not None])


def _named(item: object) -> str | None:
    found = RequirementText.parse(item) if isinstance(item, str) else None
    return found.written_name if found else None


def _containers(route: Route, value: object) -> Iterator[tuple[Route, Any]]:
    """Every table, and every array with values in it, with its route."""
    if isinstance(value, dict):
        yield route, value
        for key, inner in value.items():
            yield from _containers((*route, key), inner)
    elif isinstance(value, list):
        yield route, value
        for index, inner in enumerate(value):
            yield from _containers((*route, index), inner)


def _container(file: TomlFile, beside: Region) -> Route | None:
    """The innermost array or table that a region is the key of or stands in."""
    found = [route for route, _ in _containers((), file.data) if route and _is_at(file, route, beside)]
    route = max(found, key=len, default=None)
    if route is not None and isinstance(value_at(file.data, route), dict) and _is_entry(file, route):
        return route[:-1]
    return route


def _is_at(file: TomlFile, route: Route, region: Region) -> bool:
    value = file.value(route)
    if file.key(route) == region or (value is not None and _holds(value, region)):
        return True
    table = value_at(file.data, route)
    return isinstance(table, dict) and any(file.key((*route, name)) == region for name in table)


def _holds(outer: Region, inner: Region) -> bool:
    starts = (outer.line, outer.column) <= (inner.line, inner.column)
    return starts and (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)


def _is_entry(file: TomlFile, route: Route) -> bool:
    """Whether a table is that of one distribution: `{ version = "1.0" }`."""
    value = value_at(file.data, route)
    marks = ("version", "extras", "git", "path", "url", "markers", "optional", "file", "include-group")
    return len(route) > 1 and any(mark in value for mark in marks)


def _with_list(file: TomlFile, wanted: RequirementText) -> tuple[Edit, ...]:
    """Gives `[project]` its dependencies. The characters around the new item are written anew with what
    opens and closes the list, so that this too can be done twice at once.
    """
    source, line = file.source, table_edits.last_line(file, _PROJECT)
    if line is None:
        return ()
    eol, end = line_end(source), source.starts[line - 1] + len(source.line(line))
    last = source.text[end - 1]
    item = f'{eol}  "{wanted.text}",'
    if end == len(source.text):
        return (Edit(source.region(end - 1, end), f"{last}{eol}{_NEW_LIST}{item}{eol}]"),)
    stop = end + (2 if source.text.startswith("\r\n", end) else 1)
    return (
        Edit(source.region(end - 1, end), f"{last}{eol}{_NEW_LIST}"),
        Edit(source.region(end, end), item),
        Edit(source.region(end, stop), f"{eol}]{source.text[end:stop]}"),
    )


# What is declared at a region


def _table_entry(source: Source, declaration: Region) -> tuple[TomlFile, Route] | None:
    """The entry of a table whose key stands at a region; None where a requirement's text stands there."""
    file = _read(source) if _is_toml(source) else None
    if file is None:
        return None
    routes = ((*route, key) for route, value in _containers((), file.data) for key in _keys(value))
    found = [route for route in routes if file.key(route) == declaration]
    return (file, max(found, key=len)) if found else None


def _keys(value: object) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, dict) else ()


def _with_table_extra(file: TomlFile, route: Route, extra: str) -> tuple[Edit, ...]:
    value = value_at(file.data, route)
    extras = value.get("extras") if isinstance(value, dict) else None
    if not isinstance(extras, list):
        return table_edits.with_table_extra(file, route, extra)
    array = None if extra in extras else _array(file, (*route, "extras"), extras)
    return () if array is None else array.at_end(extra)


def _requirement_at(source: Source, region: Region) -> tuple[RequirementText, int] | None:
    """The requirement at a region, with or without quotes, and the offset at which its text starts."""
    path = PurePosixPath(source.path)
    if not (_is_toml(source) or path.suffix in (".txt", ".in", ".cfg", ".yml", ".yaml")):
        return None
    text, start = source.slice(region), source.offset(region.line, region.column)
    if text[:1] in _QUOTES and text[:1]:
        quotes = 3 if text[:3] in ('"""', "'''") else 1
        text, start = text[quotes:-quotes], start + quotes
    found = RequirementText.parse(text)
    return None if found is None else (found, start)
