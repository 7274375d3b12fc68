"""What is reported of a file: its outcome, with the policy of the settings and the suppressions applied."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from airwarden.acceptance import accepted, leading_to
from airwarden.baseline import Baseline, Entry, Match, by_topic
from airwarden.findings import LEVELS, Finding, Level, Region
from airwarden.globs import globs_of
from airwarden.judging import gather
from airwarden.outcomes import READING, Outcome
from airwarden.records import dataclass
from airwarden.report import Crash, Silenced
from airwarden.rule import Rules
from airwarden.suppressions import Expired, Suppression

if TYPE_CHECKING:
    from datetime import date

    from pathspec import GitIgnoreSpec

    from airwarden.config import Config
    from airwarden.judging import Check
    from airwarden.justification import Justification
    from airwarden.rule import Kind, Rule


@dataclass
class Settled:
    """What is reported of one file, and what became of the entries that the baseline has for it."""

    findings: list[Finding]
    crashes: list[Crash]
    silenced: list[Silenced] = field(default_factory=list)
    matches: list[Match] = field(default_factory=list)


@dataclass(frozen=True)
class Policy:
    """Which rules are reported for which files, and at which levels.

    `rules` has all that ran, `selected` the ids of those that are asked for on some files, and `families` the
    family of every rule there is. With `every_profile`, rules are reported whatever profile they are of.
    Findings that `baseline` has are not reported; without `today`, nothing expires.
    """

    config: Config
    rules: Rules
    selected: frozenset[str]
    families: Mapping[str, str]
    every_profile: bool = False
    baseline: Baseline = field(default_factory=Baseline)
    today: date | None = None

    def settled(self, outcome: Outcome) -> Settled:
        """What to report of a file."""
        wanted = self._wanted(outcome.path)
        found = [
            each for each in outcome.findings if each.rule in wanted and self.reports(each.rule, outcome.path)
        ]
        told = _Told(self.rules, found)
        found = [each for each in found if not told.better(each)]
        crashes = [each for each in outcome.crashes if each.rule in wanted or each.rule == READING]
        settled = Settled(found, crashes)
        if outcome.suppressions:
            self._suppress(settled, outcome, wanted)
        settled.findings = [self._at_level(finding) for finding in settled.findings]
        settled.silenced = [replace(each, finding=self._at_level(each.finding)) for each in settled.silenced]
        if outcome.path in self.baseline.paths:
            self.accept(settled, outcome, outcome.path)
        return settled

    def accept(self, settled: Settled, outcome: Outcome, path: str) -> None:
        """Takes out what the baseline has of a file; `path` is its path there, which may be one of old."""
        baseline = self.baseline
        entries = baseline.of(path)
        first = by_topic(entries)
        result = accepted(settled.findings, first, self._usual_level, baseline.region, self.today)
        settled.findings = result.findings
        settled.silenced += result.silenced
        is_whole = not outcome.unread and all(each.rule != READING for each in settled.crashes)
        ran = self._wanted(outcome.path) - {each.rule for each in settled.crashes}
        for entry in entries:
            found = result.found[entry.topic] if entry is first[entry.topic] else 0
            is_judged = is_whole and self._ran(entry, outcome.path, ran)
            settled.matches.append(self._match(entry, found, outcome.path, is_judged))

    def lost(self, path: str) -> list[Match]:
        """What became of the entries of a file that is gone."""
        wanted = self._wanted(path)
        return [
            self._match(entry, 0, path, self._ran(entry, path, wanted)) for entry in self.baseline.of(path)
        ]

    def asked(self, path: str, gone: str) -> list[Entry]:
        """The entries of a file that is gone that a run over another can speak of."""
        wanted = self._wanted(path)
        return [entry for entry in self.baseline.of(gone) if self._ran(entry, path, wanted)]

    def _ran(self, entry: Entry, path: str, ran: frozenset[str]) -> bool:
        """Whether the rule of an entry, of those that ran on a file, has spoken."""
        return entry.rule not in self.families or (entry.rule in ran and self.reports(entry.rule, path))

    def _match(self, entry: Entry, found: int, path: str, is_judged: bool) -> Match:
        is_known = entry.rule in self.families
        return Match(entry, found, path, is_judged, is_known)

    def of_entries(self, matches: Iterable[Match]) -> Settled:
        """What to report of the baseline itself."""
        if self.baseline.path is None:
            return Settled([], [])
        told, wanted = Outcome(self.baseline.path), self._wanted(self.baseline.path)
        for match in matches:
            entry = match.entry
            is_over = match.is_judged and match.found and self._is_expired(entry.why)
            region = self.baseline.region(entry) if is_over or match.is_idle else None
            if region is not None and is_over:
                self._tell(told, "expired", Expired(entry.rule, region, entry.why), wanted)
            elif region is not None:
                self._tell(told, "unmatched", replace(match, region=region), wanted)
        return Settled([self._at_level(finding) for finding in told.findings], told.crashes)

    def _is_expired(self, why: Justification) -> bool:
        """Whether a justification holds no longer, or nobody knows how long."""
        return why.is_over(self.today) or bool(why.until and why.last_day is None)

    def _tell(self, told: Outcome, kind: Kind, subject: object, wanted: frozenset[str]) -> None:
        """Gathers what the rules of a kind say of a suppression or an entry."""
        for rule in self.rules.of_kind(kind):
            if rule.id not in wanted or not self.reports(rule.id, told.path):
                continue
            checks: dict[str, Sequence[Check]] = {
                "unused": rule.unused_checks,
                "expired": rule.expired_checks,
                "unmatched": rule.unmatched_checks,
            }
            gather(told, rule, checks[kind], subject)

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
        return [(globs_of([glob]), names) for glob, names in self.config.per_file_ignores.items()]

    @property
    def reporting(self) -> Rules:
        """The rules that report."""
        return _Reporting(self)

    def _suppress(self, settled: Settled, outcome: Outcome, wanted: frozenset[str]) -> None:
        """Takes out what the file's comments silence, and puts in what there is to say of the comments."""
        over = [each for each in outcome.suppressions if each.why.is_over(self.today)]
        valid = [each for each in outcome.suppressions if not each.why.is_over(self.today)]
        used = _silence(settled, valid) | _lead(settled, over)
        ran = wanted - {each.rule for each in settled.crashes}
        told = Outcome(outcome.path)
        for each in outcome.suppressions:
            others = frozenset(rule for rule in wanted if each.name not in (rule, self.families[rule]))
            if each in used and self._is_expired(each.why):
                self._tell(told, "expired", Expired(each.name, each.region, each.why), others)
            elif each not in used and self._had_its_chance(each, outcome, ran):
                self._tell(told, "unused", each, others)
        settled.findings += told.findings
        settled.crashes += told.crashes
        _silence(settled, valid)

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

    def _usual_level(self, finding: Finding) -> Level:
        """The level that the findings of a rule have unless the rule puts one lower."""
        return usual_level(finding, self.rules, self._config_at(finding.region.path))


def usual_level(finding: Finding, rules: Mapping[str, Rule], config: Config) -> Level:
    """The level that the findings of a rule have by the settings, unless the rule puts one lower."""
    level = config.level(finding.rule, finding.family)
    return rules[finding.rule].level if level is None or level == "off" else level


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


class _Told:
    """What the findings of one file say of which places."""

    def __init__(self, rules: Mapping[str, Rule], findings: Iterable[Finding]) -> None:
        self._rules = rules
        by_rule, exact = defaultdict[str, list[Region]](list), defaultdict[str, list[Region]](list)
        for each in findings:
            by_rule[each.rule].append(each.region)
            if not rules[each.rule].general:
                exact[each.family].append(each.region)
        self._by_rule = {rule: _Places(regions) for rule, regions in by_rule.items()}
        self._exact = {family: _Places(regions) for family, regions in exact.items()}

    def better(self, finding: Finding) -> bool:
        """Whether a general rule repeats what an exact one of its family says of the same place, or any rule
        what the one that outranks it says.
        """
        rule = self._rules[finding.rule]
        ranked = self._by_rule.get(rule.outranked_by or "")
        exact = self._exact.get(finding.family) if rule.general else None
        return any(places.overlap(finding.region) for places in (ranked, exact) if places)


class _Places:
    """Regions of one file, sorted, and up to where those reach that begin before each."""

    def __init__(self, regions: Iterable[Region]) -> None:
        spans = sorted(((each.line, each.column), (each.end_line, each.end_column)) for each in regions)
        self._starts = [start for start, _ in spans]
        self._reach = list(accumulate((end for _, end in spans), max))

    def overlap(self, region: Region) -> bool:
        """Whether any of them shares a place with another one."""
        before = bisect_left(self._starts, (region.end_line, region.end_column))
        return before > 0 and self._reach[before - 1] > (region.line, region.column)


class _Covers:
    """Suppressions of one file, found by the name and the line that they speak of."""

    def __init__(self, suppressions: Iterable[Suppression]) -> None:
        self._found = defaultdict[tuple[str, int | None], list[tuple[int, Suppression]]](list)
        for number, each in enumerate(suppressions):
            self._found[each.name, each.line].append((number, each))

    def of(self, finding: Finding) -> list[Suppression]:
        """Those that cover a finding, in their order."""
        names, lines = dict.fromkeys((finding.rule, finding.family)), (None, finding.region.line)
        found = [pair for name in names for line in lines for pair in self._found.get((name, line), ())]
        return [each for _, each in sorted(found, key=lambda pair: pair[0])]


def _lead(settled: Settled, expired: Sequence[Suppression]) -> set[Suppression]:
    """Lets findings lead to the suppressions that no longer cover them, and returns those that would."""
    used: set[Suppression] = set()
    covers = _Covers(expired)
    for number, finding in enumerate(settled.findings):
        for each in covers.of(finding):
            used.add(each)
            note = f"this suppression held until {each.why.until}"
            settled.findings[number] = leading_to(settled.findings[number], each.region, note)
    return used


def _silence(settled: Settled, suppressions: Sequence[Suppression]) -> set[Suppression]:
    """Takes the findings out that `suppressions` cover, and returns those that covered one."""
    used: set[Suppression] = set()
    covers, kept = _Covers(suppressions), []
    for finding in settled.findings:
        covering = covers.of(finding)
        used.update(covering)
        if covering:
            settled.silenced.append(Silenced(finding, "in-source", covering[0].why))
        else:
            kept.append(finding)
    settled.findings = kept
    return used
