"""The job summary of GitHub Actions: all findings in Markdown, by rule, the worst first."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from itertools import accumulate
from urllib.parse import quote

from airwarden.findings import Finding, Level
from airwarden.formats.prose import escape
from airwarden.formats.summary import counted, failures, headline, what_to_do
from airwarden.formats.view import PLAIN, View, sentence
from airwarden.report import Report, Tally
from airwarden.rule import Rule
from airwarden.rule_pages import address

LIMIT = 1_000_000
"""Bytes; GitHub refuses the summary of a step above 1 MiB, and other commands of the step may add to it."""

_FOLDED = 20


def render(report: Report, view: View = PLAIN) -> str:
    """The report as Markdown of at most `LIMIT` bytes, with a sentence on the findings that did not fit."""
    parts = ["\n".join([*_overview(report), *_crashes(report)])]
    groups = _groups(report)
    room, left = LIMIT - _size(parts[0]) - 1_000, len(report.findings)
    for tally in report.tallies:
        rows = [_row(finding, view) for finding in groups[tally.rule, tally.level]]
        kept = _fitting(rows, room - _size(_section(report, tally, [])))
        if kept:
            parts.append(_section(report, tally, kept))
            room, left = room - _size(parts[-1]), left - len(kept)
    if left:
        parts.append(f"{counted(left, 'more finding')} did not fit here; `--format json` has them all.\n")
    return "\n".join(parts).rstrip("\n") + "\n"


def _overview(report: Report) -> Iterator[str]:
    yield "## airwarden\n"
    yield f"{headline(report)}\n"
    if report.findings:
        yield "| Level | Rule | Findings | Files |\n| --- | --- | ---: | ---: |"
    for tally in report.tallies:
        rule = linked(escape(tally.rule), report.rules[tally.rule])
        yield f"| {tally.level} | {rule} | {tally.findings:,} | {tally.files:,} |"
    yield ""


def _crashes(report: Report) -> Iterator[str]:
    for head, crashes in failures(report):
        yield f"{head}\n"
        yield from (f"- {escape(str(crash))}\n" for crash in crashes)
        yield f"{escape(what_to_do(crashes))}\n"


def linked(text: str, rule: Rule) -> str:
    """Markdown that leads to the page of a rule, where it has one."""
    page = address(rule)
    return f"[{text}]({quote(page, safe='/:#?=&%')})" if page else text


def _groups(report: Report) -> dict[tuple[str, Level], list[Finding]]:
    groups: defaultdict[tuple[str, Level], list[Finding]] = defaultdict(list)
    for finding in report.findings:
        groups[finding.rule, finding.level].append(finding)
    return groups


def _section(report: Report, tally: Tally, rows: list[str]) -> str:
    """The findings of one rule at one level; folded where they are many."""
    title = f"{tally.level}: {escape(tally.rule)}"
    rule = report.rules[tally.rule]
    said = f"{escape(rule.summary)} {escape(sentence(rule.remedy, capital=True))}\n"
    body = "\n".join(["| Place | Finding |\n| --- | --- |", *rows, ""])
    if len(rows) > _FOLDED:
        body = f"<details><summary>{counted(len(rows), 'finding')}</summary>\n\n{body}\n</details>\n"
    return f"### {title}\n\n{said}\n{body}"


def _row(finding: Finding, view: View) -> str:
    region = finding.region
    place = escape(f"{region.path}:{region.line}:{region.column}")
    if view.blob:
        place = f"[{place}]({view.link(region)})"
    return f"| {place} | {escape(finding.message)} |"


def _fitting(rows: list[str], room: int) -> list[str]:
    """The first of the rows that fit into `room` bytes."""
    ends = list(accumulate(_size(row) + 1 for row in rows))
    return rows[: bisect_right(ends, room)]


def _size(text: str) -> int:
    return len(text.encode())
