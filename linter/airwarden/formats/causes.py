"""Findings that have one cause, such as one provider that many files miss, told as one."""

from __future__ import annotations

from collections.abc import Iterable

from airwarden.findings import Finding
from airwarden.report import Report


class Causes:
    """The findings of a report, those of `folded` rules by what they are about and what has to be mended.
    `leads` has the first of each cause, and every finding of all other rules.
    """

    def __init__(self, report: Report) -> None:
        self.leads: list[Finding] = []
        self._others: dict[int, list[Finding]] = {}
        first: dict[tuple[str, ...], Finding] = {}
        for finding in report.findings:
            rule = report.rules.get(finding.rule)
            key = (finding.rule, finding.level, finding.subject, *_target(finding))
            if rule is None or not rule.folded:
                self.leads.append(finding)
            elif key in first:
                self._others[id(first[key])].append(finding)
            else:
                first[key] = finding
                self._others[id(finding)] = []
                self.leads.append(finding)

    def others(self, finding: Finding) -> list[Finding]:
        """The findings, in other files, that have the same cause as one of the `leads`."""
        return self._others.get(id(finding), [])

    def told(self, shown: Iterable[Finding]) -> list[Finding]:
        """Every finding that is told where some of the `leads` are shown."""
        return [each for finding in shown for each in (finding, *self.others(finding))]


def _target(finding: Finding) -> tuple[str, ...]:
    """The other files that the fix changes; without any, what is to be done."""
    edits = finding.fix.edits if finding.fix else ()
    paths = {edit.region.path for edit in edits} - {finding.region.path}
    return tuple(sorted(paths)) or (finding.remedy,)
