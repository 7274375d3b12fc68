"""What is reported of a file: its outcome, with the policy of the settings and the suppressions applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from airwarden.findings import LEVELS, Finding
from airwarden.judging import gather
from airwarden.outcomes import READING, Outcome
from airwarden.records import dataclass
from airwarden.report import Crash
from airwarden.rule import Rules

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

    from airwarden.config import Config
    from airwarden.rule import Rule
    from airwarden.suppressions import Suppression


@dataclass
class Settled:
    """What is reported of one file."""

    findings: list[Finding]
    crashes: list[Crash]
    suppressed: int = 0


@dataclass(frozen=True)
class Policy:
    """Which rules are reported for which files, and at which levels.

    `rules` has all that ran, `selected` the ids of those that are asked for on some files, and `families` the
    family of every rule there is. With `every_profile`, rules are reported whatever profile they are of.
    """

    config: Config
    rules: Rules
    selected: frozenset[str]
    families: Mapping[str, str]
    every_profile: bool = False

    def settled(self, outcome: Outcome) -> Settled:
        """What to report of a file."""
        wanted = self._wanted(outcome.path)
        found = [
            each for each in outcome.findings if each.rule in wanted and self.reports(each.rule, outcome.path)
        ]
        found = [each for each in found if not self._is_told_better(each, found)]
        crashes = [each for each in outcome.crashes if each.rule in wanted or each.rule == READING]
        settled = Settled(found, crashes)
        if outcome.suppressions:
            self._suppress(settled, outcome, wanted)
        settled.findings = [self._at_level(finding) for finding in settled.findings]
        return settled

    def _wanted(self, path: str) -> frozenset[str]:
        """The selected rules that a file is not exempt from."""
        selected = self.selected
        if self.config.overrides:
            runs = self._config_at(path).runs
            selected = frozenset(rule for rule in selected if runs(rule, self.families[rule]))
        names = {name for glob, some in self._globs if glob.match_file(path) for name in some}
        if not names:
            return selected
        return frozenset(rule for rule in selected if names.isdisjoint((rule, self.families[rule])))

    def _config_at(self, path: str) -> Config:
        """What counts for a file."""
        if not self.config.overrides:
            return self.config
        if path not in self._configs:
            self._configs[path] = self.config.at(path)
        return self._configs[path]

    @cached_property
    def _configs(self) -> dict[str, Config]:
        return {}

    def counts(self, outcome: Outcome) -> bool:
        """Whether a file counts as checked."""
        return outcome.checked or any(self.rules.have(kind, self.selected) for kind in outcome.kinds)

    def reports(self, rule: str, path: str | None = None) -> bool:
        """Whether a rule that is selected reports on a file, or on any, given the profile that it is of."""
        if self.every_profile:
            return True
        if rule not in self.rules.ids:
            return False
        profile = self.rules[rule].profile
        return (
            self.config.may_want(rule, profile)
            if path is None
            else self._config_at(path).wants(rule, profile)
        )

    @cached_property
    def _globs(self) -> list[tuple[GitIgnoreSpec, tuple[str, ...]]]:
        if not self.config.per_file_ignores:
            return []
        from pathspec import GitIgnoreSpec

        return [
            (GitIgnoreSpec.from_lines([glob]), names) for glob, names in self.config.per_file_ignores.items()
        ]

    @property
    def reporting(self) -> Rules:
        """The rules that report."""
        return _Reporting(self)

    def _is_told_better(self, finding: Finding, findings: Sequence[Finding]) -> bool:
        """Whether a general rule repeats what an exact one of its family says of the same place, or any rule
        what the one that outranks it says.
        """
        rule = self.rules[finding.rule]
        if rule.outranked_by and any(
            other.rule == rule.outranked_by and other.region.overlaps(finding.region) for other in findings
        ):
            return True
        if not rule.general:
            return False
        return any(
            other.family == finding.family
            and not self.rules[other.rule].general
            and other.region.overlaps(finding.region)
            for other in findings
        )

    def _suppress(self, settled: Settled, outcome: Outcome, wanted: frozenset[str]) -> None:
        """Takes out what the file's comments silence, and puts in what there is to say of the comments."""
        used = _silence(settled, outcome.suppressions)
        ran = wanted - {each.rule for each in settled.crashes}
        idle = [
            each
            for each in outcome.suppressions
            if each not in used and self._had_its_chance(each, outcome, ran)
        ]
        if not idle:
            return
        told = Outcome(outcome.path)
        for rule in (each for each in self.rules.of_kind("unused") if each.id in wanted):
            if not self.reports(rule.id, outcome.path):
                continue
            for suppression in idle:
                if suppression.name not in (rule.id, rule.family):
                    gather(told, rule, rule.unused_checks, suppression)
        settled.findings += told.findings
        settled.crashes += told.crashes
        _silence(settled, outcome.suppressions)

    def _had_its_chance(self, suppression: Suppression, outcome: Outcome, ran: frozenset[str]) -> bool:
        """Whether every rule that a suppression speaks of has judged the file."""
        if not suppression.is_known:
            return True
        named = {rule for rule, family in self.families.items() if suppression.name in (rule, family)}
        return not outcome.unread and named <= ran and all(self.reports(each, outcome.path) for each in named)

    def _at_level(self, finding: Finding) -> Finding:
        """The finding at the level that the settings give its rule, unless the rule itself put it lower."""
        level = self._config_at(finding.region.path).level(finding.rule, finding.family)
        if level is None or level == "off":
            return finding
        lowered = finding.level != self.rules[finding.rule].level
        return replace(finding, level=max(level, finding.level, key=LEVELS.index) if lowered else level)


class _Reporting(Rules):
    """Those of the rules that a policy reports, found out when all of them are asked for."""

    def __init__(self, policy: Policy) -> None:
        super().__init__(policy.rules)
        self._policy = policy

    @property
    def ids(self) -> Iterable[str]:
        return [name for name in self._policy.rules.ids if name in self._policy.selected]

    def __getitem__(self, name: str) -> Rule:
        if name not in self._policy.selected or not self._policy.reports(name):
            raise KeyError(name)
        return self._policy.rules[name]

    def __iter__(self) -> Iterator[str]:
        return (name for name in self.ids if name in self._policy.rules and self._policy.reports(name))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _silence(settled: Settled, suppressions: Sequence[Suppression]) -> set[Suppression]:
    """Takes the findings out that `suppressions` cover, and returns those that covered one."""
    used = {s for s in suppressions for finding in settled.findings if s.covers(finding)}
    kept = [finding for finding in settled.findings if not any(s.covers(finding) for s in used)]
    settled.suppressed += len(settled.findings) - len(kept)
    settled.findings = kept
    return used
