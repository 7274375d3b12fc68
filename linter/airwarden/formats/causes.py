"""Findings that have one cause, such as one provider that many files miss, told as one."""

from __future__ import annotations

from collections.abc import Iterable

from airwarden.findings import Finding
from airwarden.report import Report


class Causes:
    """The findings of a report, those of `folded` rules by what they are about. `leads` has the first of each
    cause, and every finding of all other rules.
    """

    def __init__(self, report: Report) -> None:
        self.leads: list[Finding] = []
        self._others: dict[int, list[Finding]] = {}
        first: dict[tuple[str, str, str], Finding] = {}
        for finding in report.findings:
            rule = report.rules.get(finding.rule)
            key = (finding.rule, finding.level, finding.subject)
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
