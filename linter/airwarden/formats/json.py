"""For programs: one JSON object, described by schemas/report.json."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeAlias

from airwarden import __version__
from airwarden.findings import LEVELS, Finding, Fix, Region
from airwarden.formats.view import PLAIN, View, json_text
from airwarden.report import Report, Tally, tallied
from airwarden.rule_pages import address

if TYPE_CHECKING:
    from airwarden.shards import Shard


Json: TypeAlias = dict[str, Any]

PLACE = ("path", "line", "column", "end_line", "end_column")
"""The keys that say where a finding stands; findings are sorted by them."""


def render(report: Report, _view: View = PLAIN) -> str:
    """The report as JSON; the same bytes for the same report."""
    pairs = zip(report.findings, report.fingerprints, strict=True)
    silenced = zip(report.silenced, report.silenced_fingerprints, strict=True)
    return document(
        [_finding(finding, fingerprint, report) for finding, fingerprint in pairs],
        [{"rule": c.rule, "path": c.path, "message": c.message} for c in report.crashes],
        checked=report.checked,
        suppressed=[
            {**_finding(each.finding, name, report), "suppression": {"kind": each.kind, **asdict(each.why)}}
            for each, name in silenced
        ],
        unknown_dags=report.unknown_dags,
        shard=report.shard,
    )


def document(
    findings: Sequence[Json],
    errors: Sequence[Json],
    *,
    checked: int,
    suppressed: Sequence[Json],
    unknown_dags: Sequence[str],
    shard: Shard | None = None,
) -> str:
    """A report of findings, silenced ones and the tool's own errors that have the form of this format."""
    counts = Counter(each["level"] for each in findings)
    tallies = tallied((each["rule"], each["family"], each["level"], each["path"]) for each in findings)
    body: Json = {
        "version": 1,
        "tool": {"name": "airwarden", "version": __version__},
        "findings": findings,
        "suppressed": suppressed,
        "errors": errors,
        "summary": {
            "checked": checked,
            "findings": len(findings),
            **{f"{level}s": counts[level] for level in LEVELS},
            "suppressed": len(suppressed),
            "unknown_dags": list(unknown_dags),
            "rules": [_tally(each) for each in tallies],
        },
    }
    if shard is not None:
        body["shard"] = asdict(shard)
    return json_text(body)


def _finding(finding: Finding, fingerprint: str, report: Report) -> Json:
    return {
        "rule": finding.rule,
        "family": finding.family,
        "level": finding.level,
        **_place(finding.region),
        "message": finding.message,
        "help_url": address(report.rules[finding.rule]),
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


def _fix(fix: Fix | None) -> Json | None:
    if fix is None:
        return None
    edits = [{**_place(edit.region), "text": edit.text} for edit in fix.edits]
    return {"title": fix.title, "safe": fix.safe, "edits": edits}


def _tally(tally: Tally) -> Json:
    return {"rule": tally.rule, "level": tally.level, "findings": tally.findings, "files": tally.files}
