"""Further entries in TOML's tables of distributions: Poetry's, Pixi's and Pipenv's way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from airwarden.dependencies.line_edits import before_line, behind_line
from airwarden.dependencies.places import place_of
from airwarden.dependencies.requirement_text import RequirementText
from airwarden.findings import Edit, Region
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.source import Source
from airwarden.toml_file import Route, TomlFile

_LAST_PART = regex(r"(?:(?<![\w-])[\w-]+|\"[^\"]*\"|'[^']*')\Z")
_EQUALS = regex(r"([ \t]*)=([ \t]*)")
_INDENT = regex(r"[ \t]*")


@dataclass(frozen=True)
class _Entry:
    """One distribution of a table: its key, with what leads to it, and where its last value ends."""

    name: str
    key: Region
    end: tuple[int, int]


def added_to_table(file: TomlFile, route: Route, wanted: RequirementText) -> tuple[Edit, ...]:
    """Adds a distribution where it belongs; none to a table that only has tables with headers in it."""
    table = value_at(file.data, route)
    entries = sorted(_entries(file, route, table), key=lambda each: (each.key.line, each.key.column))
    inline = file.value(route)
    if inline is not None:
        return (_inline(file.source, inline, entries, wanted),)
    if entries:
        return (_on_a_line(file.source, entries, wanted),)
    header = file.header(route)
    if header is None:
        return ()
    return (
        behind_line(file.source, header.end_line, f"{wanted.written_name} = {_value(file.source, wanted)}"),
    )


def value_at(data: Any, route: Route) -> Any:
    """What the keys of a route lead to."""
    for key in route:
        data = data[key]
    return data


def _entries(file: TomlFile, route: Route, table: dict[str, Any]) -> list[_Entry]:
    """The distributions of a table save those with a header of their own."""
    found = []
    for name, value in table.items():
        key, ends = file.key((*route, name)), _ends(file, (*route, name), value)
        if key is not None and ends and file.header((*route, name)) is None:
            found.append(_Entry(name, key, max(ends)))
    return found


def _ends(file: TomlFile, route: Route, value: Any) -> list[tuple[int, int]]:
    region = file.value(route)
    if region is not None:
        return [(region.end_line, region.end_column)]
    inner = value.items() if isinstance(value, dict) else ()
    return [end for key, each in inner for end in _ends(file, (*route, key), each)]


def _compared(entries: Sequence[_Entry]) -> list[str | None]:
    """The names to sort among: Poetry's `python` stands first whatever comes behind it."""
    return [None if each.name == "python" and len(entries) > 1 else each.name for each in entries]


def _on_a_line(source: Source, entries: Sequence[_Entry], wanted: RequirementText) -> Edit:
    place = place_of(wanted.written_name, _compared(entries))
    neighbour = entries[place.item]
    indent = _INDENT.match(source.line(neighbour.key.line))
    key = _key(source, neighbour, wanted)
    line = f"{indent[0] if indent else ''}{key}{_equals(source, entries, neighbour, len(key))}"
    line += _value(source, wanted)
    if place.is_before:
        return before_line(source, neighbour.key.line, line)
    return behind_line(source, neighbour.end[0], line)


def _inline(source: Source, inline: Region, entries: Sequence[_Entry], wanted: RequirementText) -> Edit:
    value = _value(source, wanted)
    if not entries:
        return Edit(inline, f"{{ {wanted.written_name} = {value} }}")
    place = place_of(wanted.written_name, _compared(entries))
    neighbour = entries[place.item]
    entry = f"{_key(source, neighbour, wanted)} = {value}"
    if place.is_before:
        start = source.offset(neighbour.key.line, neighbour.key.column)
        return Edit(source.region(start, start), f"{entry}, ")
    end = source.offset(*neighbour.end)
    return Edit(source.region(end, end), f", {entry}")


def _key(source: Source, neighbour: _Entry, wanted: RequirementText) -> str:
    """The key with the dotted prefix and in the quotes of its neighbour's."""
    written = source.slice(neighbour.key)
    last = _LAST_PART.search(written)
    if last is None:
        return wanted.written_name
    quote = last[0][0] if last[0][0] in "\"'" else ""
    return f"{written[: last.start()]}{quote}{wanted.written_name}{quote}"


def _equals(source: Source, entries: Sequence[_Entry], neighbour: _Entry, length: int) -> str:
    """The sign between key and value: in line with the others where they are."""
    spaces = {each: _spaces(source, each) for each in entries}
    before, after = spaces[neighbour]
    columns = {len(source.slice(each.key)) + len(space) for each, (space, _) in spaces.items() if space}
    if len(columns) == 1 and any(len(space) > 1 for space, _ in spaces.values()):
        return f"{' ' * max(columns.pop() - length, 1)}={after}"
    return f"{before and ' '}={after and ' '}"


def _spaces(source: Source, entry: _Entry) -> tuple[str, str]:
    found = _EQUALS.match(source.text, source.offset(entry.key.end_line, entry.key.end_column))
    return (found[1], found[2]) if found else (" ", " ")


def _value(source: Source, wanted: RequirementText) -> str:
    versions = f'"{wanted.written_versions or "*"}"'
    if not wanted.written_extras:
        return versions
    extras = ", ".join(f'"{each}"' for each in wanted.written_extras)
    space = " " if "= { " in source.text or "={ " in source.text else ""
    return f"{{{space}version = {versions}, extras = [{extras}]{space}}}"


# Changes of an entry


def with_versions(file: TomlFile, route: Route, versions: str) -> tuple[Edit, ...]:
    """Writes other versions for a distribution that has some as a text."""
    value = value_at(file.data, route)
    place = (*route, "version") if isinstance(value, dict) else route
    region = file.value(place)
    written = None if region is None else file.source.slice(region)
    if region is None or written is None or written[0] not in "\"'":
        return ()
    return (Edit(region, f"{written[0]}{versions}{written[0]}"),)


def versions_of(file: TomlFile, route: Route) -> str | None:
    """The versions that a distribution has in a table; None where they are no single text."""
    value = value_at(file.data, route)
    found = value.get("version") if isinstance(value, dict) else value
    return found if isinstance(found, str) else None


def with_table_extra(file: TomlFile, route: Route, extra: str) -> tuple[Edit, ...]:
    """Gives a distribution that has no array of extras yet one, where it is on one line."""
    value, region = value_at(file.data, route), file.value(route)
    if region is None:
        return ()
    written = file.source.slice(region)
    if isinstance(value, str):
        space = " " if "= { " in file.source.text else ""
        return (Edit(region, f'{{{space}version = {written}, extras = ["{extra}"]{space}}}'),)
    if not isinstance(value, dict) or not value:
        return ()
    end = file.source.offset(region.end_line, region.end_column) - 1
    end -= len(written[:-1]) - len(written[:-1].rstrip())
    return (Edit(file.source.region(end, end), f', extras = ["{extra}"]'),)


def last_line(file: TomlFile, route: Route) -> int | None:
    """The last line of the keys that stand right below the header of a table; None without a header."""
    header = file.header(route)
    if header is None:
        return None
    return max(
        [header.end_line, *(each.end[0] for each in _entries(file, route, value_at(file.data, route)))]
    )
