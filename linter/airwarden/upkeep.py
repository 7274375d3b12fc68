"""Upkeep of a baseline: what a run found goes in, and what it found no longer goes out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from airwarden.baseline import Baseline, Entry, Topic, topic_of
from airwarden.records import dataclass
from airwarden.report import severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from airwarden.findings import Finding, Level
    from airwarden.justification import Justification
    from airwarden.report import Report

Place: TypeAlias = tuple[str, Topic]

_NEVER = frozenset({"expired-suppression", "unused-baseline-entry"})
"""Rules on suppressions that no baseline is to silence: nothing would ever end."""


@dataclass(frozen=True)
class Change:
    """A new baseline: its entries, those that came in, and those of old that went out, or now stand for fewer
    findings, or for those of a file that was renamed, or say what they did not say.
    """

    entries: Sequence[Entry]
    added: Sequence[Entry] = ()
    removed: Sequence[Entry] = ()
    lowered: Sequence[Entry] = ()
    moved: Sequence[Entry] = ()
    filled: Sequence[Entry] = ()

    @property
    def findings(self) -> int:
        """How many findings it stands for."""
        return sum(entry.count for entry in self.entries)


def pruned(baseline: Baseline, report: Report) -> Change:
    """The baseline without what a run that was held against it did not find; whatever the run did not cover
    stays as it is.
    """
    matches = {id(match.entry): match for match in report.matches}
    kept, removed, lowered, moved = list[Entry](), list[Entry](), list[Entry](), list[Entry]()
    for entry in baseline.entries:
        match = matches.get(id(entry))
        if match is None or not match.is_judged:
            kept.append(entry)
        elif match.found:
            kept.append(replace(entry, path=match.path, count=min(entry.count, match.found)))
            lowered += [kept[-1]] if match.is_idle else []
            moved += [kept[-1]] if match.path != entry.path else []
        else:
            removed.append(entry)
    return Change(kept, (), removed, lowered, moved)


def written(
    baseline: Baseline,
    report: Report,
    usual: Callable[[Finding], Level],
    why: Justification,
    today: date,
) -> Change:
    """The baseline with all that a run found that was held against it: what was there before keeps its day
    and its reasons; what is new, or does not say it, gets `why`. `usual` gives the level that a finding's
    rule usually has.
    """
    change = pruned(baseline, report)
    entries = {(entry.path, entry.topic): entry for entry in change.entries}
    added, filled = list[Entry](), list[Entry]()
    for place, findings in _by_place(baseline, report):
        worst = min(findings, key=severity)
        level = None if worst.level == usual(worst) else worst.level
        if place in entries:
            old = entries[place]
            entries[place] = replace(old, count=len(findings), level=level, why=old.why.filled(why))
            filled += [entries[place]] if entries[place].why != old.why else []
        else:
            path, (rule, subject) = place
            entry = Entry(rule, path, subject, len(findings), level, today.isoformat(), why)
            entries[place] = entry
            added.append(entry)
    return replace(change, entries=list(entries.values()), added=added, filled=filled)


def _by_place(baseline: Baseline, report: Report) -> Iterator[tuple[Place, list[Finding]]]:
    """All findings that no comment silences, by file, rule and subject."""
    found: defaultdict[Place, list[Finding]] = defaultdict(list)
    for finding in (*report.findings, *_accepted(report)):
        if finding.rule not in _NEVER and finding.region.path != baseline.path:
            found[finding.region.path, topic_of(finding)].append(finding)
    yield from sorted(found.items())


def _accepted(report: Report) -> Iterable[Finding]:
    return (each.finding for each in report.silenced if each.kind == "baseline")
