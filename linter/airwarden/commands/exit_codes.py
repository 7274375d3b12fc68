"""What a command's end tells the shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airwarden.findings import Level
    from airwarden.merging import Merged
    from airwarden.report import Report

CLEAN, FINDINGS, FAILED, INTERRUPTED = 0, 1, 2, 130


def code_of(report: Report | Merged, fail_on: Level) -> int:
    """The exit code for what a report holds."""
    from airwarden.findings import LEVELS

    if report.crashes:
        return FAILED
    failing = LEVELS[: LEVELS.index(fail_on) + 1]
    return FINDINGS if any(report.counts[level] for level in failing) else CLEAN
