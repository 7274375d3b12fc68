"""Finds the rules: one file of a rules folder is one rule, its folder the family."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import cached_property
from importlib.util import module_from_spec, spec_from_file_location
from typing import TYPE_CHECKING, Any, get_args

from airwarden import disk
from airwarden.config import PROFILES, ConfigError, Profile, nearest
from airwarden.crashes import PACKAGE_OF_POLICIES, crash
from airwarden.folders import folder
from airwarden.packs import FIXTURES
from airwarden.patterns import regex
from airwarden.rule import Kind, Rule, Rules
from airwarden.trust import NOBODY_ALLOWS, way_to_allow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from airwarden.config import Config, Settings
    from airwarden.packs import Pack
    from airwarden.report import Crash
    from airwarden.trust import Trust

_MARK = regex(rf"rule\.({'|'.join(get_args(Kind))})\b".encode())
_SCHEMA_MARK = regex(rb'"on"\s*:\s*"([a-z]+)"')
_PROFILE = regex(rf"""\bprofile["']? *[=:] *["']({"|".join(PROFILES)})["']""".encode())
_NAME = regex(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_ENDINGS = (".py", ".json")
_NO_FAMILIES = frozenset({FIXTURES, "tests"})

_NAMED = 10
"""Withheld rules that are told by name; more are only counted."""


class Registry:
    """The rules of some folders and packs, listed at once and loaded when asked for.

    Of packs that are not installed, those rules in Python alone are ever loaded that `trust` allows.
    """

    def __init__(
        self,
        folders: Sequence[Path] | None = None,
        packs: Sequence[Pack] = (),
        trust: Trust | None = None,
    ) -> None:
        self.folders = (folder("rules"),) if folders is None else tuple(folders)
        self.packs = tuple(packs)
        self.trust = trust

    def take(self, packs: Sequence[Pack]) -> None:
        """Takes over the rules of packs, before any rule is asked for."""
        self.packs = tuple(dict.fromkeys((*self.packs, *packs)))

    @cached_property
    def files(self) -> Mapping[str, Path]:
        """The file of each rule by the rule's id, sorted by family and id; no file is opened.

        Raises `ConfigError` where a pack has a rule whose id another one has.
        """
        found = (file for home in self.folders for file in sorted(home.glob("*/*.py")))
        files = {_id_of(file): file for file in found if not file.name.startswith("_")}
        for pack in self.packs:
            for file in _files_of(pack):
                name = _id_of(file)
                if name in files:
                    raise ConfigError(f"{file}: there is a rule {name!r} already, in {files[name]}")
                files[name] = file
        if self.packs:
            _verify_families(files)
        return files

    @cached_property
    def sources(self) -> Mapping[str, Pack]:
        """The packs that rules come from, by the rule's id; the built-in ones are not among them."""
        return {_id_of(file): pack for pack in self.packs for file in _files_of(pack)}

    @cached_property
    def withheld(self) -> Sequence[str]:
        """The ids of the rules that are not loaded, as nothing allows their code. Raises `ConfigError`."""
        given = (name for name, pack in self.sources.items() if not pack.is_installed)
        code = (name for name in given if self.files[name].suffix == ".py")
        return [name for name in code if self.trust is None or not self.trust.allows(self.files[name])]

    @property
    def left_out(self) -> str:
        """Which rules are withheld and why, in a sentence; empty where none is."""
        if not self.withheld:
            return ""
        others = len(self.withheld) - _NAMED
        names = f"{', '.join(self.withheld[:_NAMED])}{f' and {others:,} more' if others > 0 else ''}"
        if self.trust is not None and self.trust.is_refused:
            return f"left out, as policies in Python are refused: {names}"
        return f"left out, as {NOBODY_ALLOWS}: {names}; {way_to_allow()}"

    def _loadable(self, ids: Iterable[str] | None = None) -> Iterable[str]:
        withheld = frozenset(self.withheld)
        return [name for name in (self.files if ids is None else ids) if name not in withheld]

    def verify_schemas(self, ids: Iterable[str] | None = None) -> None:
        """Raises `ConfigError` for the first of the policies of `ids`, or of all, that is no sound schema."""
        schemas = [self.files[name] for name in ids or self.files if self.files[name].suffix == ".json"]
        if schemas:
            from airwarden.schema_policies.reading import verify

            for file in schemas:
                verify(file)

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

    def verify_settings(self, settings: Settings) -> None:
        """Raises `ConfigError` for the first name in the settings that is no rule, and the first option that
        its rule does not have.
        """
        self.verify(settings.names())
        for place, name, options in settings.rules():
            if name in self.families.values():
                raise ConfigError(f"{place}: {name!r} is a family of rules; write its level into `levels`")
            if name not in self.files:
                near = nearest(name, self.files) or " (`airwarden rules` lists them)"
                raise ConfigError(f"{place}: there is no rule {name!r}{near}")
            if options and name in self.sources and name not in self.withheld:
                self._verify_options(place, name, options)

    def _verify_options(self, place: str, name: str, options: Mapping[str, Any]) -> None:
        """Those of our own rules stand in the schema of the settings, and are verified with it."""
        from airwarden.config.validation import validate

        try:
            known = {"level": True, **self.rule(name).options}
        except Exception as error:
            fault = _unloaded(name, self.files[name], error, is_own=False)
            raise ConfigError(f"{place}: the policy {name!r} does not load: {fault.message}") from None
        validate(f"{place}.", options, {"properties": known, "additionalProperties": False})

    def selected(self, config: Config) -> list[str]:
        """The ids of the rules that `config` asks for, on whichever files, were it not for its profile."""
        return [
            rule
            for rule, family in self.families.items()
            if rule not in self.withheld and config.may_run(rule, family)
        ]

    def wanted(self, ids: Iterable[str], config: Config) -> list[str]:
        """Those of `ids` that `config` wants reported, told by the profile that each file names; no rule is
        loaded, and there may be others among them.
        """
        if config.profile == PROFILES[-1]:
            return list(ids)
        return [name for name in ids if config.may_want(name, profile_of(self.files[name]))]

    def load_some(
        self, ids: Iterable[str] | None = None, facts: Mapping[str, Mapping[str, Any]] | None = None
    ) -> LoadedRules:
        """The rules of `ids`, or all, to be loaded as they are needed; `facts` spares loading those of which
        no more than facts are asked.
        """
        return LoadedRules({name: self.files[name] for name in self._loadable(ids)}, facts, self.sources)

    def rule(self, name: str) -> Rule:
        """The rule of that id. Raises `ConfigError` where it is withheld, and whatever its file raises."""
        if name in self.withheld:
            raise ConfigError(f"{name}: left out, as {NOBODY_ALLOWS}; {way_to_allow()}")
        return load_rule(self.files[name], is_own=name not in self.sources)

    def load(self, ids: Iterable[str] | None = None) -> tuple[dict[str, Rule], tuple[Crash, ...]]:
        """Loads the rules of `ids`, or all; a rule that does not load is a crash and the others still do."""
        rules: dict[str, Rule] = {}
        crashes = []
        for name in self._loadable(ids):
            try:
                rules[name] = self.rule(name)
            except Exception as error:  # noqa: PERF203
                crashes.append(_unloaded(name, self.files[name], error, is_own=name not in self.sources))
        return rules, tuple(crashes)


class LoadedRules(Rules):
    """Rules that are loaded when they are first needed; one that can't be is a crash, and no member."""

    def __init__(
        self,
        files: Mapping[str, Path],
        facts: Mapping[str, Mapping[str, Any]] | None = None,
        from_packs: Collection[str] = (),
    ) -> None:
        super().__init__({})
        self._files = files
        self._from_packs = from_packs
        self._facts = facts or {}
        self._loaded: dict[str, Rule | None] = {}
        self._of_kind: dict[Kind, tuple[Rule, ...]] = {}
        self._crashes: dict[str, Crash] = {}

    @property
    def ids(self) -> Iterable[str]:
        """The ids of all of them, whether they load or not; none is loaded."""
        return self._files.keys()

    def crashes(self, ids: Iterable[str]) -> tuple[Crash, ...]:
        """The faults of those of `ids` that were needed so far and did not load."""
        return tuple(self._crashes[name] for name in ids if name in self._crashes)

    @property
    def loaded(self) -> Iterable[Rule]:
        """Those that were needed so far."""
        return [rule for rule in self._loaded.values() if rule is not None]

    def __getitem__(self, name: str) -> Rule:
        if name in self._facts and name not in self._loaded:
            return Rule(**self._facts[name])
        rule = self._rule(name) if name in self._files else None
        if rule is None:
            raise KeyError(name)
        return rule

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._files if self._rule(name) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def have(self, kind: Kind, ids: Collection[str]) -> bool:
        """Whether any of `ids` has checks of a kind, told by its marks; no rule is loaded."""
        if len(ids) == len(self._files):
            return True
        return any(kind in self._kinds[name] for name in ids if name in self._files)

    def of_kind(self, kind: Kind) -> tuple[Rule, ...]:
        """All rules that have checks of a kind, told by their marks; no other rule is loaded."""
        if kind not in self._of_kind:
            found = (self._rule(name) for name, kinds in self._kinds.items() if kind in kinds)
            self._of_kind[kind] = tuple(rule for rule in found if rule is not None)
        return self._of_kind[kind]

    @cached_property
    def _kinds(self) -> Mapping[str, frozenset[str]]:
        return {name: kinds_of(file) for name, file in self._files.items()}

    def _rule(self, name: str) -> Rule | None:
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def _load(self, name: str) -> Rule | None:
        is_own = name not in self._from_packs
        try:
            return load_rule(self._files[name], is_own=is_own)
        except Exception as error:
            self._crashes[name] = _unloaded(name, self._files[name], error, is_own=is_own)
            return None


def kinds_of(file: Path) -> frozenset[str]:
    """The kinds of checks that a rule's file marks, and perhaps more; all where it can't be told."""
    try:
        marked = (_SCHEMA_MARK if file.suffix == ".json" else _MARK).findall(disk.read(file))
    except OSError:
        marked = []
    return frozenset(kind.decode() for kind in marked) or frozenset(get_args(Kind))


def profile_of(file: Path) -> Profile:
    """The profile that a rule's file names; the first of several, and of all where it names none."""
    try:
        data = disk.read(file)
    except OSError:
        data = b""
    named = {each.decode() for each in _PROFILE.findall(data)}
    found: list[Profile] = [each for each in PROFILES if each in named]
    return found[0] if found else PROFILES[0]


def load_rule(file: Path, *, is_own: bool = True) -> Rule:
    """The rule that `file`, in a family's folder, holds: a Python file under the name `rule`, any other as a
    schema. `is_own` says that it is built in, and comes from no pack.

    Raises `TypeError` where there is none, and whatever the file itself raises.
    """
    if file.suffix == ".json":
        from airwarden.schema_policies.checks import rule_of

        return rule_of(file)
    package = "airwarden.rules" if is_own else PACKAGE_OF_POLICIES
    name = f"{package}.{file.parent.name}.{file.stem}"
    spec = spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise TypeError(f"{file} is no Python file")
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except SystemExit:
        raise TypeError(f"{file} ends the process") from None
    rule = getattr(module, "rule", None)
    if not isinstance(rule, Rule):
        raise TypeError(f"{file} defines no rule")
    return rule


def _unloaded(name: str, file: Path, error: Exception, *, is_own: bool) -> Crash:
    """The crash of a rule that does not load. One of a pack is told in its own words, as no file was read."""
    found = crash(name, file.name, error)
    return found if is_own else replace(found, message=f"{found.message}: {error}", fault="policy")


def _id_of(file: Path) -> str:
    return file.stem.replace("_", "-")


def _files_of(pack: Pack) -> Iterator[Path]:
    """The files of a pack that hold rules. Raises `ConfigError` for one whose name can't be a rule's."""
    for home in pack.rule_folders:
        for family in sorted(home.iterdir()):
            if not family.is_dir() or family.name in _NO_FAMILIES or family.name.startswith(("_", ".")):
                continue
            files = [file for file in sorted(family.iterdir()) if file.suffix in _ENDINGS and file.is_file()]
            for file in (file for file in files if not file.name.startswith("_")):
                if not (_NAME.fullmatch(file.stem) and _NAME.fullmatch(family.name)):
                    raise ConfigError(f"{file}: a rule and its family are named in small letters and dashes")
                yield file


def _verify_families(files: Mapping[str, Path]) -> None:
    for file in files.values():
        if file.parent.name in files:
            raise ConfigError(f"{file.parent}: a family has the name of the rule {files[file.parent.name]}")
