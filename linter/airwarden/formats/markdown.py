"""For comments on pull and merge requests: a table of rules, and a fold with findings for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from airwarden.findings import Finding, Level
from airwarden.formats.job_summary import linked
from airwarden.formats.prose import escape
from airwarden.formats.summary import MOST_CRASHES, counted, failures, headline, what_to_do
from airwarden.formats.view import PLAIN, View, sentence
from airwarden.report import Report, Tally

LIMIT = 65_000
"""Characters; GitHub refuses a comment of more than 65,536, and whoever posts it may add a few words."""

EXAMPLES = 30
"""Findings of one rule that are shown, so that all rules have their say."""

MARK = "<!-- airwarden -->"
"""The first line, by which a job finds the comment of its last run to write it anew."""

_SIGNS: Mapping[Level, str] = {"error": "🔴", "warning": "🟠", "note": "🔵"}
_MOST_RULES = 150
_MORE = 30
_ROOM = 300
"""Characters that are kept for what is said of findings that do not fit."""


def render(report: Report, view: View = PLAIN) -> str:
    """The report as Markdown of at most `LIMIT` characters, with a sentence on what did not fit."""
    text = "\n".join([MARK, *_overview(report), *_crashes(report), ""])
    left = len(report.findings)
    if view.detail != "summary":
        for tally, findings in _groups(report):
            fold, told = _fold(report, tally, findings, view, LIMIT - _ROOM - _size(text))
            text, left = text + fold, left - told
    if left and view.detail != "summary":
        text += f"\n{counted(left, 'more finding')} in all: `airwarden check` shows them.\n"
    return text.rstrip("\n") + "\n"


def _overview(report: Report) -> Iterator[str]:
    sign = "⚠️" if report.crashes else _SIGNS[report.tallies[0].level] if report.tallies else "✅"
    yield f"### {sign} airwarden\n"
    yield f"{headline(report)}\n"
    if report.findings:
        yield "| | Rule | Findings | Files |\n| --- | --- | ---: | ---: |"
    for tally in report.tallies[:_MOST_RULES]:
        rule = linked(escape(tally.rule), report.rules[tally.rule])
        yield f"| {_SIGNS[tally.level]} {tally.level} | {rule} | {tally.findings:,} | {tally.files:,} |"
    left = len(report.tallies) - _MOST_RULES
    if left > 0:
        yield f"| | and {counted(left, 'more rule')} | | |"
    yield ""


def _crashes(report: Report) -> Iterator[str]:
    for head, crashes in failures(report):
        yield f"{head}\n"
        yield from (f"- {escape(str(crash))}" for crash in crashes[:MOST_CRASHES])
        left = len(crashes) - MOST_CRASHES
        yield from [f"- and {left:,} more", ""] if left > 0 else [""]
        yield f"{escape(what_to_do(crashes))}\n"


def _groups(report: Report) -> list[tuple[Tally, list[Finding]]]:
    groups: defaultdict[tuple[str, Level], list[Finding]] = defaultdict(list)
    for finding in report.findings:
        groups[finding.rule, finding.level].append(finding)
    return [(tally, groups[tally.rule, tally.level]) for tally in report.tallies]


def _fold(
    report: Report, tally: Tally, findings: Sequence[Finding], view: View, room: int
) -> tuple[str, int]:
    """As much of what there is to say of one rule as fits into `room`, and how many findings that tells."""
    rule, many = report.rules[tally.rule], counted(len(findings), "finding")
    head = (
        f"<details><summary>{_SIGNS[tally.level]} <b>{escape(tally.rule)}</b>: {many}</summary>\n\n"
        f"{escape(rule.summary)} {escape(sentence(rule.remedy, capital=True))}\n\n"
    )
    end, lines = "\n</details>\n\n", list[str]()
    room -= _size(head + end) + _MORE
    for finding in findings[:EXAMPLES]:
        line = _line(finding, view)
        room -= _size(line)
        if room < 0:
            break
        lines.append(line)
    left = len(findings) - len(lines)
    more = [f"- and {left:,} more\n"] if left else []
    return ("".join([head, *lines, *more, end]), len(lines)) if lines else ("", 0)


def _line(finding: Finding, view: View) -> str:
    region = finding.region
    place = escape(f"{region.path}:{region.line}")
    link = view.link(region)
    return f"- {f'[{place}]({link})' if link else f'**{place}**'} {escape(finding.message)}\n"


def _size(text: str) -> int:
    """Characters as JavaScript counts them, which is never less than what a server counts."""
    return len(text.encode("utf-16-le")) // 2
