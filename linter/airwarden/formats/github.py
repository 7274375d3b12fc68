"""For GitHub Actions: each finding an annotation, by a workflow command."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from airwarden.findings import LEVELS, Finding, Level, Region
from airwarden.formats.summary import counted, headline, listed
from airwarden.formats.view import PLAIN, View, visible
from airwarden.report import Crash, Report, severity

SHOWN = 10
"""Annotations of one level that GitHub shows of a step (actions/toolkit, docs/problem-matchers.md)."""

_COMMANDS: Mapping[Level, str] = {"error": "error", "warning": "warning", "note": "notice"}


def render(report: Report, view: View = PLAIN) -> str:
    """The report as workflow commands, errors first, then in plain lines how many of them GitHub
    leaves out, and how much was found and checked.
    """
    lines = [_crash(crash) for crash in report.crashes]
    lines += [_annotation(finding, view) for finding in sorted(report.findings, key=severity)]
    return "".join(f"{line}\n" for line in [*lines, *_left_out(report), headline(report)])


def _annotation(finding: Finding, view: View) -> str:
    file = view.prefix + finding.region.path
    text = "\n".join(filter(None, (finding.message, finding.remedy)))
    place = {"file": file, **_place(finding.region), "title": finding.rule}
    return _command(_COMMANDS[finding.level], place, text)


def _place(region: Region) -> dict[str, str]:
    """Where a finding stands, as the runner takes it.

    It drops the columns of more than one line (actions/runner, `ValidateLinesAndColumns`). That the end is
    exclusive is nowhere written; GitHub draws lines only, and editors that read `endColumn` take it so.
    """
    lines = {"line": str(region.line), "endLine": str(region.end_line)}
    if region.end_line != region.line:
        return lines
    return {**lines, "col": str(region.column), "endColumn": str(region.end_column)}


def _crash(crash: Crash) -> str:
    text = f"{crash}\n{crash.advice}" if crash.fault == "own" else str(crash)
    return _command("error", {"title": crash.title}, text)


def _command(name: str, properties: Mapping[str, str], text: str) -> str:
    given = ",".join(f"{key}={escape_property(value)}" for key, value in properties.items())
    return f"::{name} {given}::{escape_data(text)}"


def escape_data(text: str) -> str:
    """A command's message as the runner reads it."""
    text = visible(text, keep="\r\n")
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escape_property(text: str) -> str:
    """A command's property as the runner reads it."""
    return escape_data(text).replace(":", "%3A").replace(",", "%2C")


def _left_out(report: Report) -> Iterator[str]:
    counts = Counter(report.counts)
    counts["error"] += len(report.crashes)
    beyond = [counted(counts[level] - SHOWN, level) for level in LEVELS if counts[level] > SHOWN]
    if beyond:
        yield f"GitHub shows {SHOWN} annotations of a level. Not shown: {listed(beyond)} (see the summary)."
