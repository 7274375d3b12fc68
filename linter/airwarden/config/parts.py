"""Parts of the settings that are more than a word: profiles, levels, exemptions and overrides."""

from __future__ import annotations

from dataclasses import field
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from airwarden.globs import globs_of
from airwarden.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pathspec import GitIgnoreSpec

LevelSetting: TypeAlias = Literal["error", "warning", "note", "off"]

Profile: TypeAlias = Literal["core", "recommended", "strict"]
"""How much is asked of a repository; each profile has the rules of the one before, and more."""

PROFILES: tuple[Profile, ...] = get_args(Profile)

OWN_FILES = ("airwarden.toml", ".airwarden.toml")
"""Files at a root that hold settings and nothing else."""

Options: TypeAlias = "Mapping[str, Mapping[str, Any]]"
"""The options of rules, by the rule's id and the option's name."""


@dataclass(frozen=True)
class Exemption:
    """DAGs that need no failure alert: by a pattern of ids as `fnmatch` knows them, or by a tag; and why."""

    reason: str
    id: str | None = None
    tag: str | None = None

    def covers(self, dag_id: str | None, tags: Iterable[str]) -> bool:
        """Whether it is about a DAG; one whose id is not known is covered by its tags alone."""
        if self.tag is not None:
            return self.tag in tags
        return dag_id is not None and fnmatchcase(dag_id, self.id or "")


@dataclass(frozen=True)
class Override:
    """What holds for the files that .gitignore patterns match, over what holds for all of them."""

    paths: tuple[str, ...]
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    levels: Mapping[str, LevelSetting] = field(default_factory=dict)
    rules: Options = field(default_factory=dict)

    def covers(self, path: str) -> bool:
        """Whether it is about a file, given by its path from the root on."""
        return bool(_spec(self.paths).match_file(path))

    def is_about(self, rule: str, family: str) -> bool:
        """Whether it says anything of a rule, by its name or its family's, or selects others."""
        return bool(self.select) or self.names(rule, family) or not {rule, family}.isdisjoint(self.ignore)

    def names(self, *names: str) -> bool:
        """Whether it may ask for what goes by one of these names."""
        return any(name in asked for name in names for asked in (self.select, self.levels, self.rules))


@lru_cache(maxsize=64)
def _spec(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    return globs_of(patterns)
