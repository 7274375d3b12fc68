"""What is reported of a file: its outcome, with the policy of the settings and the suppressions applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from airwarden.findings import LEVELS, Finding
from airwarden.judging import gather
from airwarden.outcomes import READING, Outcome
from airwarden.records import dataclass
from airwarden.report import Crash, Silenced
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
    silenced: list[Silenced] = field(default_factory=list)


@dataclass(frozen=True)
class Policy:
    """Which rules are reported for which files, and at which levels.

    `rules` has all that ran, `selected` the ids of those that are asked for, and `families` the family of
    every rule there is. With `every_optional`, an optional rule need not be named by the settings.
    """

    config: Config
    rules: Rules
    selected: frozenset[str]
    families: Mapping[str, str]
    every_optional: bool = False

    def settled(self, outcome: Outcome) -> Settled:
        """What to report of a file."""
        wanted = self._wanted(outcome.path)
        found = [each for each in outcome.findings if each.rule in wanted and self.reports(each.rule)]
        found = [each for each in found if not self._is_told_better(each, found)]
        crashes = [each for each in outcome.crashes if each.rule in wanted or each.rule == READING]
        settled = Settled(found, crashes)
        if outcome.suppressions:
            self._suppress(settled, outcome, wanted)
        settled.findings = [self._at_level(finding) for finding in settled.findings]
        return settled

    def _wanted(self, path: str) -> frozenset[str]:
        """The selected rules that a file is not exempt from."""
        names = {name for glob, some in self._globs if glob.match_file(path) for name in some}
        if not names:
            return self.selected
        return frozenset(rule for rule in self.selected if names.isdisjoint((rule, self.families[rule])))

    def counts(self, outcome: Outcome) -> bool:
        """Whether a file counts as checked."""
        return outcome.checked or any(self.rules.have(kind, self.selected) for kind in outcome.kinds)

    def reports(self, rule: str) -> bool:
        """Whether a rule that is selected reports: an optional one does where the settings name it."""
        return self.every_optional or not self.rules[rule].optional or self.config.names_rule(rule)

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
        for rule in (rule for rule in self.rules.of_kind("unused") if rule.id in wanted):
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
        return not outcome.unread and named <= ran and all(map(self.reports, named))

    def _at_level(self, finding: Finding) -> Finding:
        """The finding at the level that the settings give its rule, unless the rule itself put it lower."""
        level = self.config.level(finding.rule, finding.family)
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
    used: set[Suppression] = set()
    kept = []
    for finding in settled.findings:
        covering = [each for each in suppressions if each.covers(finding)]
        used.update(covering)
        if covering:
            settled.silenced.append(Silenced(finding, "in-source", covering[0].why))
        else:
            kept.append(finding)
    settled.findings = kept
    return used
