"""What a baseline accepts of the findings of a file, and which file took the place of one that is gone."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import field, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from airwarden.baseline import Baseline, Entry, Topic, topic_of
from airwarden.findings import Related
from airwarden.records import dataclass
from airwarden.report import Silenced, place_of, severity

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import date

    from airwarden.findings import Finding, Level, Region


@dataclass
class Accepted:
    """The findings of a file that are left, those that its entries silence, and how many each is about."""

    findings: list[Finding] = field(default_factory=list)
    silenced: list[Silenced] = field(default_factory=list)
    found: Counter[Topic] = field(default_factory=Counter)


def accepted(
    findings: Iterable[Finding],
    entries: Mapping[Topic, Entry],
    usual: Callable[[Finding], Level],
    region: Callable[[Entry], Region | None],
    today: date | None,
) -> Accepted:
    """What the entries of a file accept: of each, the first findings, as many as it counts.

    `usual` gives the level that a finding's rule usually has: one that is worse than its entry is not
    accepted. Where an entry has expired, its finding leads to it.
    """
    result = Accepted()
    for finding in sorted(findings, key=place_of):
        topic = topic_of(finding)
        entry = entries.get(topic)
        result.found[topic] += 1
        if entry is None or result.found[topic] > entry.count or _is_worse(finding, entry, usual):
            result.findings.append(finding)
        elif entry.why.is_over(today):
            note = f"the baseline accepted it until {entry.why.until}"
            result.findings.append(leading_to(finding, region(entry), note))
        else:
            result.silenced.append(Silenced(finding, "baseline", entry.why))
    return result


def leading_to(finding: Finding, region: Region | None, note: str) -> Finding:
    """The finding with one more related place, where there is one."""
    if region is None:
        return finding
    return replace(finding, related=(*finding.related, Related(region, note)))


def _is_worse(finding: Finding, entry: Entry, usual: Callable[[Finding], Level]) -> bool:
    then = replace(finding, level=entry.level or usual(finding))
    return severity(finding) < severity(then)


# Files that are gone


def heirs_of(baseline: Baseline, files: Collection[str]) -> dict[str, list[str]]:
    """For each file of a baseline that is gone, those that may have taken its place: they have the same kind,
    and either the name or the folder of old, and the baseline knows nothing of them.
    """
    gone = [path for path in baseline.paths if path not in files]
    if not gone:
        return {}
    places: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for path in sorted(set(files) - baseline.paths.keys()):
        for place in _places(path):
            places[place].append(path)
    return {path: [heir for place in _places(path) for heir in places[place]] for path in gone}


def _places(path: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a file keeps when it is moved, and what it keeps when it is renamed."""
    pure = PurePosixPath(path)
    return ("name", pure.name), ("folder", str(pure.parent), pure.suffix)


def heritage(heirs: Mapping[str, Sequence[str]], fits: Callable[[str, str], bool]) -> dict[str, str]:
    """By heir, the file whose place it took: only where no other file fits, and it fits no other."""
    fitting = {gone: [heir for heir in some if fits(gone, heir)] for gone, some in heirs.items()}
    claims = Counter(heir for some in fitting.values() for heir in some)
    return {some[0]: gone for gone, some in fitting.items() if len(some) == 1 and claims[some[0]] == 1}


def resembles(entries: Collection[Entry], topics: Collection[Topic]) -> bool:
    """Whether at least half of some entries are about what one file has findings of."""
    met = sum(entry.topic in topics for entry in entries)
    return bool(met) and 2 * met >= len(entries)
