"""Where each of the settings comes from, down to the line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from airwarden.config.faults import dotted
from airwarden.config.layers import ADDED, Origin
from airwarden.folders import folder
from airwarden.records import dataclass
from airwarden.source import Source, Unreadable
from airwarden.toml_file import TomlFile

if TYPE_CHECKING:
    from airwarden.config import Settings
    from airwarden.config.layers import Layer
    from airwarden.findings import Region

Route: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True)
class Place:
    """Where a value is set: in a line of a file or with an option; nowhere, where it is a default.

    `key` is the value's name there, such as `tool.airwarden.levels.known-token` or `--select`.
    """

    file: str = ""
    line: int | None = None
    key: str = ""

    def __str__(self) -> str:
        if not self.file:
            return self.key or "default"
        return self.file if self.line is None else f"{self.file}:{self.line}"

    def json(self) -> dict[str, object]:
        """The place as a value of JSON."""
        kind = "file" if self.file else "option" if self.key else "default"
        said = {"kind": kind, "file": self.file, "line": self.line, "key": self.key}
        return {name: value for name, value in said.items() if value}


DEFAULT = Place()


@dataclass(frozen=True)
class Value:
    """One value that counts: an item of a list to which layers add, an entry of a table, or a setting."""

    route: Route
    value: Any
    place: Place

    @property
    def key(self) -> str:
        """The setting as one would write it, without the number of an item."""
        return dotted(tuple(each for each in self.route if isinstance(each, str)))


class Places:
    """Where the settings of a repository come from."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._documents: dict[int, TomlFile | None] = {}

    @property
    def files(self) -> tuple[str, ...]:
        """The files that hold settings, lower ones first."""
        return tuple(layer.name for layer in self.settings.layers if layer.file is not None)

    @property
    def has_options(self) -> bool:
        """Whether the command line sets anything."""
        return any(layer.file is None and layer.table for layer in self.settings.layers)

    def of(self, *route: str | int) -> Place:
        """The place of what stands at the end of a route in the merged settings."""
        origin = self.origin(*route)
        return DEFAULT if origin is None else self.place(origin)

    def origin(self, *route: str | int) -> Origin | None:
        """Where what stands at the end of a route comes from; None for a default."""
        for length in range(len(route), 0, -1):
            origin = self.settings.merged.origins.get(route[:length])
            if origin is not None:
                return Origin(origin.layer, (*origin.route, *route[length:]))
        return None

    def place(self, origin: Origin) -> Place:
        """The place of a value in the layer that it comes from."""
        layer, route = origin.layer, (*origin.layer.route, *origin.route)
        if layer.file is None:
            return Place(key=layer.at(origin.route[0]))
        region = self._region(layer, route)
        return Place(layer.name, region.line if region else None, dotted(route))

    def _region(self, layer: Layer, route: Route) -> Region | None:
        """Where a value is written, or the nearest of what holds it."""
        if id(layer) not in self._documents:
            self._documents[id(layer)] = _document(layer)
        document = self._documents[id(layer)]
        for length in range(len(route), 0, -1) if document else ():
            part = route[:length]
            found = document and (document.key(part) or document.header(part) or document.value(part))
            if found:
                return found
        return None

    def values(self) -> Iterator[Value]:
        """Every setting that is set, and the defaults of the others that have one, in the schema's order."""
        for key, schema in self._schema.items():
            if key in self.settings.merged.table:
                yield from self._set(key)
            elif "default" in schema:
                yield Value((key,), schema["default"], DEFAULT)

    def _set(self, key: str) -> Iterator[Value]:
        value = self.settings.merged.table[key]
        if key == "rules":
            levels = self.settings.merged.table.get("levels", {})
            routes: list[Route] = [(key, rule, name) for rule, said in value.items() for name in said]
            routes += [(key, rule) for rule, said in value.items() if not said and rule not in levels]
        elif isinstance(value, Mapping):
            routes = [(key, name) for name in value]
        elif key in ADDED:
            routes = [(key, index) for index in range(len(value))]
        else:
            routes = [(key,)]
        for route in sorted(routes) if key == "rules" else routes:
            yield Value(route, _at(self.settings.merged.table, route), self.of(*route))

    @property
    def unset(self) -> list[str]:
        """The settings that are neither set nor have a default."""
        told = {value.route[0] for value in self.values()}
        return [key for key in self._schema if key not in told and key != "extends"]

    @cached_property
    def _schema(self) -> Mapping[str, Mapping[str, Any]]:
        schema = json.loads((folder("schemas") / "config.json").read_text(encoding="utf-8"))
        properties: Mapping[str, Mapping[str, Any]] = schema["properties"]
        return properties


def _at(table: Any, route: Route) -> Any:
    for key in route:
        table = table[key]
    return table


def _document(layer: Layer) -> TomlFile | None:
    """The file of a layer with the regions of its keys; None where it has changed and can't be read."""
    if layer.file is None:
        return None
    try:
        return TomlFile.read(Source.read(layer.file.parent, layer.file.name))
    except Unreadable:
        return None
