"""Settlement: what is reported of all files of a run, and of the baseline that it was held against."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from airwarden.acceptance import heirs_of, heritage, resembles
from airwarden.baseline import topic_of
from airwarden.report import Report, Sources, place_of
from airwarden.settling import Policy, Settled

if TYPE_CHECKING:
    from airwarden.baseline import Match, Topic
    from airwarden.outcomes import Outcome
    from airwarden.repo import Repo


class Settlement:
    """Settles the outcomes of files, and then what can be told only of all of them."""

    def __init__(self, repo: Repo, policy: Policy) -> None:
        self._repo = repo
        self._policy = policy
        self._settled: dict[str, tuple[Outcome, Settled]] = {}
        self._paths: set[str] = set()
        self._lost: list[Match] = []
        self._checked = 0
        self._topics: dict[str, frozenset[Topic]] = {}
        self._gone: dict[str, frozenset[Topic]] = {}

    def take(self, outcomes: Iterable[Outcome]) -> None:
        """Settles the files that are reported."""
        known = self._policy.baseline.paths
        for outcome in outcomes:
            self._paths.add(outcome.path)
            self._checked += self._policy.counts(outcome)
            says = outcome.findings or outcome.crashes or outcome.suppressions or outcome.unknown_dags
            if says or outcome.path in known:
                self._settled[outcome.path] = outcome, self._policy.settled(outcome)

    def pass_on(
        self, judged: Callable[[Sequence[str]], Iterable[Outcome]], covers: Callable[[str], bool]
    ) -> None:
        """Passes what the baseline has of files that are gone to those that took their place.

        Whether one did can depend on files that are not reported: these are `judged`, no more than needed.
        `covers` says whether to speak of a file that is gone.
        """
        if not self._policy.baseline.rows:
            return
        heirs = heirs_of(self._policy.baseline, frozenset(self._repo.files))
        others = sorted(self._undecided(heirs, covers))
        further = {each.path: self._policy.settled(each) for each in judged(others)} if others else {}
        settled = {**{path: each for path, (_, each) in self._settled.items()}, **further}
        old = heritage(heirs, lambda gone, heir: self._fits(gone, heir, settled.get(heir)))
        for heir, gone in old.items():
            if heir in self._settled:
                outcome, own = self._settled[heir]
                self._policy.accept(own, outcome, gone)
        for gone in sorted(heirs.keys() - old.values()):
            if covers(gone):
                self._lost += self._policy.lost(gone)

    def _undecided(self, heirs: dict[str, list[str]], covers: Callable[[str], bool]) -> Iterator[str]:
        """The files that are not reported, but count for what is said of the others."""
        for gone, some in heirs.items():
            own = [heir for heir in some if heir in self._paths]
            fitting = [heir for heir in own if heir in self._settled]
            if covers(gone) or any(self._fits(gone, each, self._settled[each][1]) for each in fitting):
                yield from set(some) - set(own)

    def _fits(self, gone: str, heir: str, settled: Settled | None) -> bool:
        """Whether what was found in a file looks like what the baseline has of one that is gone."""
        if settled is None or not settled.findings:
            return False
        if heir not in self._topics:
            self._topics[heir] = frozenset(map(topic_of, settled.findings))
        if gone not in self._gone:
            self._gone[gone] = frozenset(entry.topic for entry in self._policy.baseline.of(gone))
        topics = self._topics[heir]
        return not topics.isdisjoint(self._gone[gone]) and resembles(self._policy.asked(heir, gone), topics)

    def report(self) -> Report:
        """All that is reported."""
        each = [settled for _, settled in self._settled.values()]
        matches = [match for settled in each for match in settled.matches] + self._lost
        each.append(self._policy.of_entries(matches))
        findings = sorted((finding for settled in each for finding in settled.findings), key=place_of)
        silenced = [silenced for settled in each for silenced in settled.silenced]
        silenced.sort(key=lambda one: place_of(one.finding))
        return Report(
            root=str(self._repo.root),
            findings=tuple(findings),
            crashes=tuple(crash for settled in each for crash in settled.crashes),
            rules=self._policy.reporting,
            sources=Sources(self._repo.source, sorted(self._shown(each))),
            checked=self._checked,
            silenced=tuple(silenced),
            unknown_dags=tuple(self._unknown_dags()),
            matches=tuple(matches),
            suppressions=tuple(
                each for outcome, _ in self._settled.values() for each in outcome.suppressions
            ),
        )

    def _shown(self, each: Iterable[Settled]) -> set[str]:
        """The files with findings and those that fixes change, save those that can't be read."""
        unread = {path for path, (outcome, _) in self._settled.items() if outcome.unread}
        findings = [finding for settled in each for finding in settled.findings]
        found = {finding.region.path for finding in findings}
        found |= {edit.region.path for one in findings if one.fix for edit in one.fix.edits}
        silenced = {silenced.finding.region.path for settled in each for silenced in settled.silenced}
        return (found | silenced) - unread

    def _unknown_dags(self) -> Iterator[str]:
        if any(self._policy.families[rule] == "alerts" for rule in self._policy.selected):
            for outcome, _ in self._settled.values():
                yield from outcome.unknown_dags
