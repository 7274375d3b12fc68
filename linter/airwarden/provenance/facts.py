"""What counts for one file, and for one rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from airwarden.provenance.standings import OptionValue, Standing, Standings
from airwarden.records import dataclass
from airwarden.registry import kinds_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from airwarden.provenance.places import Places
    from airwarden.registry import Registry
    from airwarden.repo import Repo
    from airwarden.rule import Kind, Rule

Elsewhere: TypeAlias = "tuple[tuple[str, ...], Standing, tuple[OptionValue, ...]]"
"""Patterns of files, how a rule stands on them, and those of its options that are others there."""


@dataclass(frozen=True)
class FileFacts:
    """What counts for one file: which overrides, given by their numbers, and how the rules for it stand.

    `kinds` says as what it is read; nothing where no rule looks at it.
    """

    path: str
    kinds: tuple[Kind, ...]
    overrides: tuple[int, ...]
    standings: tuple[Standing, ...]


@dataclass(frozen=True)
class RuleFacts:
    """What counts for one rule, on a file if one is asked about.

    `elsewhere` has how it stands on the files of each override and pattern that is about it, and what its
    options are there, by the patterns.
    """

    standing: Standing
    options: tuple[OptionValue, ...]
    summary: str
    path: str | None = None
    elsewhere: tuple[Elsewhere, ...] = ()


def file_facts(repo: Repo, path: str, places: Places, registry: Registry) -> FileFacts:
    """What counts for a file, given by its path from the root on."""
    kinds = kinds_at(repo, path) if path in repo.files else ()
    checks = {*kinds, "unreadable", "unused", "expired"} if kinds else set()
    ids = [name for name, file in registry.files.items() if not kinds_of(file).isdisjoint(checks)]
    standings = Standings.at(places, path)
    rules = registry.load(ids)[0].values()
    return FileFacts(path, kinds, standings.overrides, tuple(map(standings.of, rules)))


def rule_facts(name: str, path: str | None, places: Places, registry: Registry) -> RuleFacts:
    """What counts for a rule, on a file if one is given. Raises `ConfigError` where it may not be loaded."""
    rule = registry.rule(name)
    if path is not None:
        there = Standings.at(places, path)
        return RuleFacts(there.of(rule), tuple(there.options(rule)), rule.summary, path)
    here = Standings(places)
    options = tuple(here.options(rule))
    return RuleFacts(here.of(rule), options, rule.summary, None, tuple(_elsewhere(rule, places, options)))


def _elsewhere(rule: Rule, places: Places, usual: tuple[OptionValue, ...]) -> Iterator[Elsewhere]:
    config = places.settings.config
    for index, override in enumerate(config.overrides):
        there = Standings(places, (index,))
        if override.is_about(rule.id, rule.family):
            options = tuple(each for each in there.options(rule) if each not in usual)
            yield override.paths, there.of(rule), options
    for pattern, names in config.per_file_ignores.items():
        if rule.id in names or rule.family in names:
            place = places.of("per-file-ignores", pattern)
            standing = Standing(rule.id, rule.family, rule.profile, "off", "per-file-ignores", place)
            yield (pattern,), standing, ()


def kinds_at(repo: Repo, path: str) -> tuple[Kind, ...]:
    """The kinds of checks that a file is put to."""
    from airwarden.dependencies.reader import kind_of
    from airwarden.deployment.effective import is_settings_file, may_set_options

    is_listed = path in repo.config.dependency_files or kind_of(path) not in (None, "trace")
    is_code = path.endswith(".py")
    answers: dict[Kind, bool] = {
        "dag": repo.is_dag_file(path),
        "values": repo.is_values_file(path),
        "deployment": not is_code and may_set_options(path, repo),
        "text": not is_code and is_settings_file(path),
        "dependencies": is_listed,
    }
    return tuple(kind for kind, is_one in answers.items() if is_one)
