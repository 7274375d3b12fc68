"""Layers of settings, lower ones first, and the settings that count once they lie over each other."""

from __future__ import annotations

from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airwarden.config.faults import Route, dotted
from airwarden.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from airwarden.packs import Pack

ADDED = frozenset(
    {"dag-folders", "exclude", "exempt-dags", "ignore", "overrides", "policies", "values-files"}
)
"""Lists to which each layer adds its items; of any other list, the highest layer's counts alone."""


@dataclass(frozen=True)
class Layer:
    """The settings that one place makes.

    `place` stands before a key in messages: a file and the table in it, or the dashes of an option. `route`
    leads to the table in `file`. A policy pack is a layer without settings, below the one that has them.
    """

    table: Mapping[str, Any]
    place: str
    file: Path | None = None
    route: tuple[str, ...] = ()
    pack: Pack | None = None

    @property
    def name(self) -> str:
        """The file that it stands in, as messages name it; empty for the command line."""
        table = "".join(f"{key}." for key in self.route)
        return "" if self.file is None else self.place.removesuffix(table).removesuffix(": ")

    def at(self, *route: str | int) -> str:
        """The place of one of its settings, as messages name it."""
        return f"{self.place}{dotted(route)}" if route else self.place.rstrip(". :")

    def names(self) -> Iterator[tuple[str, str]]:
        """Every name of a rule or family in it, each with the place where it stands."""
        yield from self._names(self.table)
        for pattern, names in self.table.get("per-file-ignores", {}).items():
            yield from ((self.at("per-file-ignores", pattern), name) for name in names)
        for index, override in enumerate(self.table.get("overrides", ())):
            yield from self._names(override, "overrides", index)

    def _names(self, table: Mapping[str, Any], *route: str | int) -> Iterator[tuple[str, str]]:
        for key in ("select", "ignore", "levels"):
            yield from ((self.at(*route, key), name) for name in table.get(key, ()))

    def rules(self) -> Iterator[tuple[Route, str, Mapping[str, Any]]]:
        """What it says of single rules: the route to the table, the rule's id, and the table."""
        for rule, table in self.table.get("rules", {}).items():
            yield ("rules", rule), rule, table
        for index, override in enumerate(self.table.get("overrides", ())):
            for rule, table in override.get("rules", {}).items():
                yield ("overrides", index, "rules", rule), rule, table


@dataclass(frozen=True)
class Origin:
    """Where a value comes from: a layer, and the route to the value in its table."""

    layer: Layer
    route: Route

    def __str__(self) -> str:
        return self.layer.at(*self.route)


@dataclass(frozen=True)
class Merged:
    """The settings that count, in one table, and where each value comes from.

    An origin is known for each item of a list to which layers add, for each entry of a table, for each option
    of a rule, and for any other setting as a whole. Levels of `rules` stand in `levels`.
    """

    table: dict[str, Any] = field(default_factory=dict)
    origins: dict[Route, Origin] = field(default_factory=dict)

    def at(self, *route: str | int) -> str:
        """The place of the value at the end of a route, as messages name it."""
        for length in range(len(route), 0, -1):
            origin = self.origins.get(route[:length])
            if origin is not None:
                return origin.layer.at(*origin.route, *route[length:])
        return dotted(route)


def merged(layers: Iterable[Layer]) -> Merged:
    """What counts of several layers, lower ones first.

    Of a setting that is one value, the highest layer's counts; of a table, the highest layer's entry; to the
    lists of `ADDED` each layer adds. A layer with `select` begins anew: what lower ones ignore is forgotten.
    What a layer names in `levels` or `rules` is ignored no more by lower ones.
    """
    whole = Merged()
    for layer in layers:
        _forget(whole, layer)
        for key, value in layer.table.items():
            if key in ADDED:
                _append(whole, layer, key)
            elif key not in ("extends", "rules"):
                _put(whole, layer, key, value)
        for route, rule, table in layer.rules():
            if route[0] == "rules":
                _put_rule(whole, layer, rule, table)
    return whole


def _forget(whole: Merged, layer: Layer) -> None:
    """Takes out of what lower layers ignore what a layer does not leave so."""
    ignored = [(name, whole.origins.pop(("ignore", index))) for index, name in _items(whole, "ignore")]
    if not ignored:
        return
    asked = {*layer.table.get("levels", ()), *layer.table.get("rules", ())}
    kept = [] if "select" in layer.table else [each for each in ignored if each[0] not in asked]
    whole.table["ignore"] = [name for name, _ in kept]
    whole.origins.update({("ignore", index): origin for index, (_, origin) in enumerate(kept)})


def _items(whole: Merged, key: str) -> list[tuple[int, Any]]:
    return list(enumerate(whole.table.get(key, ())))


def _append(whole: Merged, layer: Layer, key: str) -> None:
    items = whole.table.setdefault(key, [])
    for index, item in enumerate(layer.table[key]):
        whole.origins[key, len(items)] = Origin(layer, (key, index))
        items.append(item)


def _put(whole: Merged, layer: Layer, key: str, value: Any) -> None:
    if not isinstance(value, dict):
        whole.table[key] = value
        whole.origins[key,] = Origin(layer, (key,))
        return
    entries = whole.table.setdefault(key, {})
    for name, inner in value.items():
        entries[name] = inner
        whole.origins[key, name] = Origin(layer, (key, name))


def _put_rule(whole: Merged, layer: Layer, rule: str, table: Mapping[str, Any]) -> None:
    level, options = level_and_options(table)
    if level is not None:
        whole.table.setdefault("levels", {})[rule] = level
        whole.origins["levels", rule] = Origin(layer, ("rules", rule, "level"))
    whole.table.setdefault("rules", {}).setdefault(rule, {}).update(options)
    whole.origins["rules", rule] = Origin(layer, ("rules", rule))
    for name in options:
        whole.origins["rules", rule, name] = Origin(layer, ("rules", rule, name))


def level_and_options(table: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The level that the table of a rule gives it, None without one, and the rule's options."""
    return table.get("level"), {name: value for name, value in table.items() if name != "level"}
