"""What a repository asks of airwarden: its settings, and where each of them comes from."""

from __future__ import annotations

from dataclasses import field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from airwarden.config.faults import ConfigError, nearest
from airwarden.config.parts import OWN_FILES, PROFILES, Exemption, LevelSetting, Options, Override, Profile
from airwarden.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from airwarden.config.layers import Layer, Merged
    from airwarden.config.reading import FindPack
    from airwarden.findings import Level
    from airwarden.packs import Pack

__all__ = [
    "ALWAYS",
    "OWN_FILES",
    "PROFILES",
    "Config",
    "ConfigError",
    "Exemption",
    "LevelSetting",
    "Override",
    "Profile",
    "Settings",
    "nearest",
]

ALWAYS = frozenset({"too-big", "too-deep", "unreadable-file"})
"""They run whatever is selected, unless ignored: no rule judges such files, and silence would look clean."""


@dataclass(frozen=True)
class Config:
    """What to check and how severely, with defaults for whatever is not set.

    `levels` are those of rules and of families, `rules` the options of rules. `overrides` lie over all of
    that for some files, later ones over earlier ones. `exclude`, `values_files` and the keys of
    `per_file_ignores` are .gitignore patterns; `dag_folders` are folders relative to the root.
    `accepted_notifiers` are full dotted names. `alert_channels` and `alert_connections` are all that alerts
    may use; any where there are none. `dag_policy_attaches_alert` is None where that is to be found out.
    `deployments` are lists of values files, later ones over earlier ones, which count among `values_files`.
    `dependency_files` are the files that the image is built from; to be found out where there are none.
    `baseline` is the path of the baseline: None for the usual one, should it be there, and empty for none.
    `xcom_threshold_range` is the least and the greatest threshold of XCom's object storage, in bytes. `packs`
    hold further rules; the folders of those in the repository count among what is excluded. Where
    `require_policies`, a run fails for want of those that nobody allows to run.
    """

    profile: Profile = "recommended"
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    levels: Mapping[str, LevelSetting] = field(default_factory=dict)
    rules: Options = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    fail_on: Level = "error"
    exclude: tuple[str, ...] = ()
    values_files: tuple[str, ...] = ()
    dag_folders: tuple[str, ...] = ()
    accepted_notifiers: tuple[str, ...] = field(default_factory=lambda: _slack())
    alert_channels: tuple[str, ...] = ()
    alert_connections: tuple[str, ...] = ()
    exempt_dags: tuple[Exemption, ...] = ()
    dag_policy_attaches_alert: bool | None = None
    deployments: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dependency_files: tuple[str, ...] = ()
    xcom_threshold_range: tuple[int, int] = (1 << 16, 1 << 24)
    packs: tuple[Pack, ...] = ()
    require_policies: bool = False
    baseline: str | None = None

    @classmethod
    def read(cls, root: Path, file: Path | None = None) -> Config:
        """The settings in `file`, or else those at a root; the defaults where there are none.

        Raises `ConfigError`.
        """
        return Settings.read(root, file).config

    def level(self, rule: str, family: str) -> LevelSetting | None:
        """The level set for a rule, or else for its family."""
        return self.levels.get(rule) or self.levels.get(family)

    def names_rule(self, rule: str) -> bool:
        """Whether the settings ask for a rule by its own name."""
        return rule in self.select or rule in self.rules or self.levels.get(rule, "off") != "off"

    def runs(self, rule: str, family: str) -> bool:
        """Whether a rule runs at all, were it not for its profile: a rule's own name is heeded before its
        family's.
        """
        if self.level(rule, family) == "off" or rule in self.ignore:
            return False
        if rule in self.select:
            return True
        is_asked_for = not self.select or family in self.select or rule in ALWAYS
        return family not in self.ignore and is_asked_for

    def may_run(self, rule: str, family: str) -> bool:
        """Whether a rule may run on some file, overrides included."""
        return self.runs(rule, family) or any(each.names(rule, family) for each in self.overrides)

    def wants(self, rule: str, profile: Profile) -> bool:
        """Whether a rule of a profile is wanted: it belongs to the one that is set, or is named."""
        return PROFILES.index(profile) <= PROFILES.index(self.profile) or self.names_rule(rule)

    def may_want(self, rule: str, profile: Profile) -> bool:
        """Whether a rule of a profile is wanted on some file, overrides included."""
        return self.wants(rule, profile) or any(each.names(rule) for each in self.overrides)

    def at(self, path: str) -> Config:
        """What counts for one file, given by its path from the root on."""
        config = self
        for override in self.overrides:
            if override.covers(path):
                config = config.under(override)
        return config

    def under(self, override: Override) -> Config:
        """The settings with an override over them: its `select` begins anew, its `ignore` adds, and what it
        names in `levels` or `rules` is ignored no more.
        """
        named = {*override.levels, *override.rules}
        ignored = () if override.select else tuple(name for name in self.ignore if name not in named)
        rules = {
            rule: {**self.rules.get(rule, {}), **override.rules.get(rule, {})} for rule in override.rules
        }
        return replace(
            self,
            select=override.select or self.select,
            ignore=(*ignored, *override.ignore),
            levels={**self.levels, **override.levels},
            rules={**self.rules, **rules},
        )

    def option(self, rule: str, name: str, path: str) -> Any:
        """The option of a rule as it is set for a file; None where it is not set."""
        value = self.rules.get(rule, {}).get(name)
        for override in self.overrides:
            if name in override.rules.get(rule, {}) and override.covers(path):
                value = override.rules[rule][name]
        return value

    def option_everywhere(self, rule: str, name: str) -> list[object]:
        """All that an option is set to, with the patterns of the files where it is."""
        named = [(each.paths, each.rules[rule]) for each in self.overrides if rule in each.rules]
        return [
            self.rules.get(rule, {}).get(name),
            *((paths, said[name]) for paths, said in named if name in said),
        ]


@dataclass(frozen=True)
class Settings:
    """The settings that count, the layers that they are made of, and where each value comes from."""

    config: Config
    layers: tuple[Layer, ...]
    merged: Merged

    @classmethod
    def read(
        cls,
        root: Path,
        file: Path | None = None,
        asked: Mapping[str, Any] | None = None,
        find_pack: FindPack | None = None,
    ) -> Settings:
        """The settings in `file`, or else those at a root, with what the command line asks for over them.

        Raises `ConfigError`.
        """
        from airwarden.config.layers import Layer, merged
        from airwarden.config.reading import layers_of

        find_pack = find_pack or partial(_installed, root)
        layers = (*layers_of(root, file, find_pack), *([Layer(asked, "--")] if asked else ()))
        whole = merged(layers)
        if not layers:
            return cls(Config(), layers, whole)
        from airwarden.config.building import fields_of

        extended = (layer.pack for layer in layers if layer.pack is not None)
        config = Config(**fields_of(whole, root))
        config = replace(config, packs=tuple(dict.fromkeys((*extended, *config.packs))))
        return cls(_narrowed(config, asked) if asked else config, layers, whole)

    def names(self) -> Iterator[tuple[str, str]]:
        """Every name of a rule or family in the settings, each with the place where it stands."""
        for layer in self.layers:
            yield from layer.names()

    def rules(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """Every rule that has a table in the settings: its place, the rule's id, and the options in it."""
        for layer in self.layers:
            for route, rule, table in layer.rules():
                yield (
                    layer.at(*route),
                    rule,
                    {name: value for name, value in table.items() if name != "level"},
                )


def _installed(root: Path, name: str) -> Pack:
    from airwarden.packs import PackError, find

    try:
        return find(name, root)
    except PackError as error:
        raise ConfigError(f"{error}; the path of a file to extend ends in .toml") from None


def _narrowed(config: Config, asked: Mapping[str, Any]) -> Config:
    """The settings whose overrides heed what the command line selects and ignores."""
    overrides = tuple(
        replace(
            each,
            select=() if "select" in asked else each.select,
            ignore=(*each.ignore, *asked.get("ignore", ())),
        )
        for each in config.overrides
    )
    return replace(config, overrides=overrides)


def _slack() -> tuple[str, ...]:
    from airwarden.config.building import notifiers

    return notifiers(("slack",), "")
