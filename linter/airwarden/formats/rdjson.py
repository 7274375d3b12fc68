"""For reviewdog: its Diagnostic Format, with safe fixes as suggestions on the lines of a pull request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from airwarden.findings import Finding, Level, Region
from airwarden.formats.prose import comment
from airwarden.formats.view import HOME, PLAIN, View, json_text, visible
from airwarden.report import Crash, Report
from airwarden.rule_pages import address
from airwarden.source import Source

Json: TypeAlias = dict[str, Any]

_SEVERITIES: Mapping[Level, str] = {"error": "ERROR", "warning": "WARNING", "note": "INFO"}


def render(report: Report, view: View = PLAIN) -> str:
    """The report as one `DiagnosticResult`, in rdjson."""
    diagnostics = [_crash(crash, view) for crash in report.crashes]
    diagnostics += [_diagnostic(finding, report, view) for finding in report.findings]
    body = {"source": {"name": "airwarden", "url": HOME}, "diagnostics": diagnostics}
    return json_text(body)


def _diagnostic(finding: Finding, report: Report, view: View) -> Json:
    text = "\n".join(filter(None, (finding.message, finding.remedy)))
    url = address(report.rules[finding.rule])
    diagnostic: Json = {
        "message": comment(text),
        "location": _location(finding.region, report, view),
        "severity": _SEVERITIES[finding.level],
        "code": {"value": finding.rule, **({"url": url} if url else {})},
    }
    suggestion = _suggestion(finding, report)
    if suggestion:
        diagnostic["suggestions"] = [suggestion]
    if finding.related:
        diagnostic["related_locations"] = [
            {"message": comment(other.note), "location": _location(other.region, report, view)}
            for other in finding.related
        ]
    return diagnostic


def _suggestion(finding: Finding, report: Report) -> Json | None:
    """The safe fix, where one edit of the same file makes it: a suggestion can hold no more."""
    fix = report.shown_fix(finding)
    if fix is None or not fix.safe or len(fix.edits) != 1:
        return None
    edit = fix.edits[0]
    source = report.sources.get(finding.region.path)
    if source is None or edit.region.path != source.path:
        return None
    return {"range": _range(edit.region, source), "text": edit.text}


def _location(region: Region, report: Report, view: View) -> Json:
    source = report.sources.get(region.path)
    return {"path": visible(view.prefix + region.path), "range": _range(region, source)}


def _range(region: Region, source: Source | None) -> Json:
    """A region in reviewdog's terms: the end is exclusive too, but columns count bytes of UTF-8.

    They can't be known without the text; whole lines are meant where both are left out.
    """
    if source is None:
        return {"start": {"line": region.line}, "end": {"line": region.end_line}}
    return {
        "start": _position(source, region.line, region.column),
        "end": _position(source, region.end_line, region.end_column),
    }


def _position(source: Source, line: int, column: int) -> Json:
    before = source.line(line)[: column - 1]
    return {"line": line, "column": len(before.encode(errors="surrogatepass")) + 1}


def _crash(crash: Crash, view: View) -> Json:
    return {
        "message": comment(f"{crash.title}: {crash}"),
        "location": {"path": visible(view.prefix + crash.path)},
        "severity": "ERROR",
    }
