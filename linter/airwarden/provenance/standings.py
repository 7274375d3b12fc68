"""How rules stand under the settings: whether each runs, at which level, and who says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from airwarden.config.faults import dotted
from airwarden.config.layers import Origin
from airwarden.globs import globs_of
from airwarden.provenance.places import DEFAULT, Place
from airwarden.records import dataclass

if TYPE_CHECKING:
    from airwarden.config import LevelSetting, Profile
    from airwarden.provenance.places import Places
    from airwarden.rule import Rule


@dataclass(frozen=True)
class Standing:
    """How a rule stands: `off`, or the level at which it reports, why so, and where that is set."""

    rule: str
    family: str
    profile: Profile
    level: LevelSetting
    why: str
    place: Place

    @property
    def told(self) -> str:
        """Why it stands so and where that is set; that its profile has it needs no place."""
        return self.why if self.why == f"in {self.profile}" else f"{self.why}, {self.place}"

    @property
    def runs(self) -> bool:
        """Whether it runs."""
        return self.level != "off"


@dataclass(frozen=True)
class OptionValue:
    """An option of a rule, as it is set."""

    name: str
    value: Any
    place: Place


class Standings:
    """How rules stand where some overrides count, given by their numbers, and on a file if one is given."""

    def __init__(self, places: Places, overrides: tuple[int, ...] = (), path: str | None = None) -> None:
        self._places = places
        self._path = path
        self.overrides = overrides
        self.config = places.settings.config
        for index in overrides:
            self.config = self.config.under(self.config.overrides[index])

    @classmethod
    def at(cls, places: Places, path: str) -> Standings:
        """How rules stand on a file."""
        overrides = enumerate(places.settings.config.overrides)
        return cls(places, tuple(index for index, each in overrides if each.covers(path)), path)

    def of(self, rule: Rule) -> Standing:
        """How a rule stands."""
        level, why, place = self._decided(rule)
        return Standing(rule.id, rule.family, rule.profile, level, why, place)

    def _decided(self, rule: Rule) -> tuple[LevelSetting, str, Place]:
        config, family = self.config, rule.family
        level, named = config.level(rule.id, family), self._level(rule)
        if level == "off" and named is not None:
            return "off", *named
        ignored = rule.id if rule.id in config.ignore else family
        if ignored in config.ignore and (ignored == rule.id or rule.id not in config.select):
            return "off", "ignore", self._listed("ignore", ignored)
        exempt = self._exempt(rule)
        if exempt is not None:
            return "off", "per-file-ignores", self._places.of("per-file-ignores", exempt)
        if not config.runs(rule.id, family):
            return "off", "select", self._listed("select")
        if not config.wants(rule.id, rule.profile):
            return "off", f"only in {rule.profile}", self._places.of("profile")
        why = named or self._reason(rule)
        return level or rule.level, *why

    def _reason(self, rule: Rule) -> tuple[str, Place]:
        """Why a rule runs whose level nobody sets."""
        config = self.config
        for name in (rule.id, rule.family):
            if name in config.select:
                return "select", self._listed("select", name)
        if rule.id in config.rules:
            return f"rules.{rule.id}", self._places.of("rules", rule.id)
        return f"in {rule.profile}", self._places.of("profile")

    def _level(self, rule: Rule) -> tuple[str, Place] | None:
        """What sets the level of a rule or of its family, and where."""
        for name in (rule.id, rule.family):
            for index, table in self._tables():
                if "level" in table.get("rules", {}).get(name, ()):
                    return f"rules.{name}.level", self._place(index, "rules", name, "level")
                if name in table.get("levels", ()):
                    return f"levels.{name}", self._place(index, "levels", name)
            origin = self._places.settings.merged.origins.get(("levels", name))
            if origin is not None:
                return dotted(origin.route), self._places.place(origin)
        return None

    def _tables(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """The overrides of the file as they are written, the one that counts most first."""
        for index in reversed(self.overrides):
            yield index, self._places.settings.merged.table["overrides"][index]

    def _place(self, index: int, *route: str | int) -> Place:
        origin = self._places.settings.merged.origins["overrides", index]
        return self._places.place(Origin(origin.layer, (*origin.route, *route)))

    def _listed(self, key: str, name: str | None = None) -> Place:
        """Where a name stands in `select` or `ignore`, or where the list itself does."""
        overrides = self._places.settings.config.overrides
        for index, table in self._tables():
            names = table.get(key, []) if key == "ignore" or overrides[index].select else []
            if name in names:
                return self._place(index, key, names.index(name))
            if name is None and names:
                return self._place(index, key)
        listed = self._places.settings.merged.table.get(key, [])
        return self._places.of(key, listed.index(name)) if name in listed else self._places.of(key)

    def _exempt(self, rule: Rule) -> str | None:
        """The pattern of `per-file-ignores` that exempts the file from a rule."""
        for glob, names in self.config.per_file_ignores.items():
            is_named = rule.id in names or rule.family in names
            if self._path and is_named and globs_of([glob]).match_file(self._path):
                return glob
        return None

    def options(self, rule: Rule) -> Iterator[OptionValue]:
        """The options of a rule: what each is set to, or its default."""
        said = self.config.rules.get(rule.id, {})
        for name, schema in rule.options.items():
            yield OptionValue(name, said.get(name, schema["default"]), self._option_place(rule.id, name))

    def _option_place(self, rule: str, name: str) -> Place:
        for index, table in self._tables():
            if name in table.get("rules", {}).get(rule, ()):
                return self._place(index, "rules", rule, name)
        is_set = name in self._places.settings.config.rules.get(rule, ())
        return self._places.of("rules", rule, name) if is_set else DEFAULT
