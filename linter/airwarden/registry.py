"""Finds the rules: one file of a rules folder is one rule, its folder the family."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import cached_property
from importlib.util import module_from_spec, spec_from_file_location
from typing import TYPE_CHECKING

from airwarden.config import ConfigError, nearest
from airwarden.crashes import crash
from airwarden.folders import folder
from airwarden.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from airwarden.config import Config
    from airwarden.report import Crash

ALWAYS = frozenset({"unreadable-file"})
"""Runs whatever is selected, unless ignored: no rule judges such a file, and silence would read as clean."""


class Registry:
    """The rules of some folders, listed at once and loaded when asked for."""

    def __init__(self, folders: Sequence[Path] | None = None) -> None:
        self.folders = (folder("rules"),) if folders is None else tuple(folders)

    @cached_property
    def files(self) -> Mapping[str, Path]:
        """The file of each rule by the rule's id, sorted by family and id; no file is opened."""
        found = (file for home in self.folders for file in sorted(home.glob("*/*.py")))
        return {file.stem.replace("_", "-"): file for file in found if not file.name.startswith("_")}

    @cached_property
    def families(self) -> Mapping[str, str]:
        """The family of each rule, by the rule's id."""
        return {rule: file.parent.name for rule, file in self.files.items()}

    @property
    def names(self) -> frozenset[str]:
        """Every name that can be selected or ignored: the rules and their families."""
        return frozenset(self.families) | frozenset(self.families.values())

    def verify(self, places: Iterable[tuple[str, str]]) -> None:
        """Raises `ConfigError` for the first name, given with its place, that is no rule and no family."""
        for place, name in places:
            if name not in self.names:
                near = nearest(name, self.names) or " (`airwarden rules` lists them)"
                raise ConfigError(f"{place}: there is no rule or family {name!r}{near}")

    def selected(self, config: Config) -> list[str]:
        """The ids of the rules that `config` asks for."""
        unselected = replace(config, select=())
        return [
            rule
            for rule, family in self.families.items()
            if (unselected if rule in ALWAYS else config).runs(rule, family)
        ]

    def load_selected(self, config: Config) -> tuple[dict[str, Rule], tuple[Crash, ...]]:
        """Loads the rules that `config` asks for; an optional one only where it is named."""
        rules, crashes = self.load(self.selected(config))
        wanted = {name: rule for name, rule in rules.items() if not rule.optional or config.names_rule(name)}
        return wanted, crashes

    def load(self, ids: Iterable[str] | None = None) -> tuple[dict[str, Rule], tuple[Crash, ...]]:
        """Loads the rules of `ids`, or all; a rule that does not load is a crash and the others still do."""
        rules: dict[str, Rule] = {}
        crashes = []
        for name in self.files if ids is None else ids:
            try:
                rules[name] = load_rule(self.files[name])
            except Exception as error:  # noqa: PERF203
                crashes.append(crash(name, self.files[name].name, error))
        return rules, tuple(crashes)


def load_rule(file: Path) -> Rule:
    """The rule that `file`, a Python file in a family's folder, defines under the name `rule`.

    Raises `TypeError` where there is none, and whatever the file itself raises.
    """
    name = f"airwarden.rules.{file.parent.name}.{file.stem}"
    spec = spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise TypeError(f"{file} is no Python file")
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    rule = getattr(module, "rule", None)
    if not isinstance(rule, Rule):
        raise TypeError(f"{file} defines no rule")
    return rule
