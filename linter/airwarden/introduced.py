"""What of a report changes have a share in: findings on changed lines, and findings that are new."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from airwarden.report import severity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from airwarden.changes import Changes
    from airwarden.findings import Finding
    from airwarden.report import Report

_Place: TypeAlias = tuple[str, str, int, int, str]


def introduced(report: Report, changes: Changes, earlier: Callable[[Sequence[str]], Report]) -> Report:
    """The same report, of which the findings that stand elsewhere are not reported.

    `earlier` checks some files as they were before the changes. It is asked for those with a finding that
    touches no changed line, and the finding is left out if it stood in that very place, no milder than now.
    """
    far = [finding for finding in report.findings if not changes.touch(finding)]
    paths = sorted({changes.place_before(finding.region)[0] for finding in far})
    before = _Before(earlier(paths).findings if paths else ())
    old = {id(finding) for finding in far if before.has(finding, *changes.place_before(finding.region))}
    kept = tuple(finding for finding in report.findings if id(finding) not in old)
    return replace(report, findings=kept, elsewhere=tuple(each for each in far if id(each) in old))


class _Before:
    """The findings of an earlier state, by rule, place and what they are about."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self._severities = dict[_Place, int]()
        for finding in findings:
            place = _place(finding, finding.region.path, finding.region.line)
            known = self._severities.get(place, severity(finding))
            self._severities[place] = min(known, severity(finding))

    def has(self, finding: Finding, path: str, line: int) -> bool:
        """Whether a finding stood at a line of a file, no milder than it is now."""
        known = self._severities.get(_place(finding, path, line))
        return known is not None and known <= severity(finding)


def _place(finding: Finding, path: str, line: int) -> _Place:
    return finding.rule, path, line, finding.region.column, finding.subject or finding.message
