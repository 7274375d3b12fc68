"""For programs: one JSON object, described by schemas/report.json."""

from __future__ import annotations

import json
from typing import Any

from airwarden import __version__
from airwarden.findings import LEVELS, Finding, Fix, Region
from airwarden.formats.view import PLAIN, View
from airwarden.report import Report


def render(report: Report, _view: View = PLAIN) -> str:
    """The report as JSON; the same bytes for the same report."""
    pairs = zip(report.findings, report.fingerprints, strict=True)
    body = {
        "version": 1,
        "tool": {"name": "airwarden", "version": __version__},
        "findings": [_finding(finding, fingerprint, report) for finding, fingerprint in pairs],
        "errors": [{"rule": c.rule, "path": c.path, "message": c.message} for c in report.crashes],
        "summary": _summary(report),
    }
    return json.dumps(body, indent=2) + "\n"


def _finding(finding: Finding, fingerprint: str, report: Report) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "family": finding.family,
        "level": finding.level,
        **_place(finding.region),
        "message": finding.message,
        "help_url": report.rules[finding.rule].see,
        "related": [{**_place(other.region), "message": other.note} for other in finding.related],
        "fix": _fix(report.shown_fix(finding)),
        "fingerprint": fingerprint,
    }


def _place(region: Region) -> dict[str, str | int]:
    return {
        "path": region.path,
        "line": region.line,
        "column": region.column,
        "end_line": region.end_line,
        "end_column": region.end_column,
    }


def _fix(fix: Fix | None) -> dict[str, Any] | None:
    if fix is None:
        return None
    edits = [{**_place(edit.region), "text": edit.text} for edit in fix.edits]
    return {"title": fix.title, "safe": fix.safe, "edits": edits}


def _summary(report: Report) -> dict[str, Any]:
    return {
        "checked": report.checked,
        "findings": len(report.findings),
        **{f"{level}s": report.counts[level] for level in LEVELS},
        "suppressed": report.suppressed,
        "unknown_dags": list(report.unknown_dags),
        "rules": [
            {"rule": tally.rule, "level": tally.level, "findings": tally.findings, "files": tally.files}
            for tally in report.tallies
        ],
    }
