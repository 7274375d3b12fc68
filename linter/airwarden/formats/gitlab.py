"""For GitLab: a Code Quality report, which merge requests show beside the changed lines."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, TypeAlias

from airwarden.findings import Finding, Level
from airwarden.formats.view import PLAIN, View, json_text, sentence, visible
from airwarden.report import Crash, Report

Json: TypeAlias = dict[str, Any]

_SEVERITIES: Mapping[Level, str] = {"error": "major", "warning": "minor", "note": "info"}


def render(report: Report, view: View = PLAIN) -> str:
    """The report as a list of violations; the fingerprint says which of them a merge request brings in."""
    pairs = zip(report.findings, report.fingerprints, strict=True)
    crashes = [_crash(crash, view) for crash in report.crashes]
    body = [*crashes, *(_violation(finding, fingerprint, view) for finding, fingerprint in pairs)]
    return json_text(body)


def _violation(finding: Finding, fingerprint: str, view: View) -> Json:
    remedy = f" {sentence(finding.remedy, capital=True)}" if finding.remedy else ""
    region = finding.region
    return {
        "description": f"{sentence(finding.message)}{remedy}",
        "check_name": finding.rule,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.level],
        "location": {
            "path": visible(view.prefix + region.path),
            "lines": {"begin": region.line, "end": region.end_line},
        },
    }


def _crash(crash: Crash, view: View) -> Json:
    digest = hashlib.sha256(f"{crash.rule}\0{crash.path}".encode(errors="backslashreplace"))
    return {
        "description": sentence(f"{crash.title}: {crash}"),
        "check_name": visible(crash.rule),
        "fingerprint": digest.hexdigest()[:32],
        "severity": "blocker",
        "location": {"path": visible(view.prefix + crash.path), "lines": {"begin": 1}},
    }
