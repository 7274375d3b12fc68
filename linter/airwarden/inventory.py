"""Inventory: all that is silenced in a repository, by whom, why, since when and until when."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from airwarden.baseline import topic_of
from airwarden.justification import Justification
from airwarden.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from airwarden.baseline import Baseline, Entry, Topic
    from airwarden.blame import Authorship
    from airwarden.codeowners import CodeOwners
    from airwarden.findings import Finding, Region
    from airwarden.report import Report, Silencer
    from airwarden.suppressions import Suppression


@dataclass(frozen=True)
class Item:
    """One suppression, or one entry of the baseline.

    `rule` may be a family. `path` is the file whose findings it silences, `line` that of the comment, None
    for an entry of the baseline. `subject` is what an entry is about. `findings` are those that it silences
    now. `why` has the owner that it names, or else whoever owns the file, or else who wrote the comment.
    `since` is the day on which it was written, None where nobody knows.
    """

    kind: Silencer
    rule: str
    path: str
    line: int | None
    subject: str
    findings: int
    why: Justification
    since: date | None
    is_expired: bool

    def age(self, today: date) -> int | None:
        """How many days old it is."""
        return None if self.since is None else max((today - self.since).days, 0)


def inventory(
    report: Report,
    baseline: Baseline | None,
    owners: CodeOwners,
    blamed: Callable[[str], Mapping[int, Authorship]],
    today: date,
) -> list[Item]:
    """All items by path, line and rule. `blamed` tells of each line of a file who wrote it."""
    teller = _Teller(report, owners, blamed, today)
    items = [teller.comment(each) for each in report.suppressions]
    if baseline is not None:
        paths = {id(match.entry): match.path for match in report.matches}
        items += [teller.entry(each, paths.get(id(each), each.path), baseline) for each in baseline.entries]
    return sorted(items, key=lambda item: (item.path, item.line or 0, item.rule, item.subject))


class _Teller:
    """Tells all that there is to know of one suppression."""

    def __init__(
        self,
        report: Report,
        owners: CodeOwners,
        blamed: Callable[[str], Mapping[int, Authorship]],
        today: date,
    ) -> None:
        self._report = report
        self._owners = owners
        self._blamed = blamed
        self._today = today
        self._lines: dict[str, Mapping[int, Authorship]] = {}

    def comment(self, suppression: Suppression) -> Item:
        """The item of a comment."""
        path, why = suppression.region.path, suppression.why
        written = self._written(suppression.region)
        return Item(
            "in-source",
            suppression.name,
            path,
            suppression.region.line,
            "",
            sum(suppression.covers(each) for each in self._in_source[path]),
            self._owned(why, path, written),
            written.day if written else None,
            why.is_over(self._today),
        )

    def entry(self, entry: Entry, path: str, baseline: Baseline) -> Item:
        """The item of an entry of the baseline, whose findings may stand in a file that was renamed."""
        region = baseline.region(entry)
        written = self._written(region) if region else None
        day = Justification(until=entry.since).last_day or (written.day if written else None)
        return Item(
            "baseline",
            entry.rule,
            path,
            None,
            entry.subject,
            self._accepted[path, entry.topic],
            self._owned(entry.why, path, None),
            day,
            entry.why.is_over(self._today),
        )

    @cached_property
    def _in_source(self) -> Mapping[str, list[Finding]]:
        """The findings that comments silence, by path."""
        found: defaultdict[str, list[Finding]] = defaultdict(list)
        for each in self._report.silenced:
            if each.kind == "in-source":
                found[each.finding.region.path].append(each.finding)
        return found

    @cached_property
    def _accepted(self) -> Counter[tuple[str, Topic]]:
        """How many findings the baseline silences, by path and topic."""
        findings = (each.finding for each in self._report.silenced if each.kind == "baseline")
        return Counter((finding.region.path, topic_of(finding)) for finding in findings)

    def _written(self, region: Region) -> Authorship | None:
        if region.path not in self._lines:
            self._lines[region.path] = self._blamed(region.path)
        return self._lines[region.path].get(region.line)

    def _owned(self, why: Justification, path: str, written: Authorship | None) -> Justification:
        owner = why.owner or self._owners.owner(path) or (written.author if written else "")
        return replace(why, owner=owner)
