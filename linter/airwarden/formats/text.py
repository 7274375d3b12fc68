"""For people at a terminal: grouped by file, each finding with its line and the way out, a summary below."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TypeAlias

from airwarden.findings import Finding, Level, Region
from airwarden.formats.causes import Causes
from airwarden.formats.cells import columns, wrapped
from airwarden.formats.excerpt import Excerpts
from airwarden.formats.summary import (
    MOST_CRASHES,
    counted,
    failures,
    headline,
    levels,
    next_steps,
    table,
    what_to_do,
)
from airwarden.formats.view import PLAIN, View, visible
from airwarden.report import Report, Silenced, Tally

MANY = 50
"""Findings of one rule at one level past which only examples are shown."""

EXAMPLES = 5
"""How many examples, from as many files as there are."""

Totals: TypeAlias = Mapping[str, Counter[Level]]
"""How many findings of each level a file has."""

_PLACES = 5
_MARGIN = 8


def render(report: Report, view: View = PLAIN) -> str:
    """The report as text that is safe to send to a terminal, in colours where the view asks for them."""
    causes = Causes(report)
    shown = _shown(report, causes, view)
    totals: Totals = defaultdict(Counter)
    for finding in report.findings:
        totals[finding.region.path][finding.level] += 1
    told = shown if view.detail == "everything" else causes.told(shown)
    blocks = [
        *_files(shown, totals, causes, Excerpts(report, view.width - _MARGIN), view),
        *_silenced(report, view),
        *_unknown(report, view),
        *_crashes(report, view),
        *_summary(report, Counter(map(_group, told)), view),
    ]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _group(finding: Finding) -> tuple[str, Level]:
    return finding.rule, finding.level


def _shown(report: Report, causes: Causes, view: View) -> list[Finding]:
    """The findings to show one by one: of a rule that is broken everywhere, a few examples will do."""
    if view.detail == "summary":
        return []
    if view.detail == "everything":
        return list(report.findings)
    many = {(tally.rule, tally.level): tally for tally in report.tallies if tally.findings > MANY}
    taken: Counter[tuple[object, ...]] = Counter()
    return [finding for finding in causes.leads if _has_room(finding, many.get(_group(finding)), taken)]


def _has_room(finding: Finding, tally: Tally | None, taken: Counter[tuple[object, ...]]) -> bool:
    if tally is None:
        return True
    group, here = _group(finding), (*_group(finding), finding.region.path)
    if taken[group] >= EXAMPLES or taken[here] * tally.files >= EXAMPLES:
        return False
    taken.update((group, here))
    return True


def _files(
    findings: Iterable[Finding], totals: Totals, causes: Causes, excerpts: Excerpts, view: View
) -> Iterator[list[str]]:
    for path, group in groupby(findings, key=lambda finding: finding.region.path):
        header = [f"{view.paint(visible(path), 'strong')}: {levels(totals[path])}"]
        for finding in group:
            others = [] if view.detail == "everything" else causes.others(finding)
            yield [*header, *_finding(finding, excerpts, view), *_others(others, view)]
            header = []


def _finding(finding: Finding, excerpts: Excerpts, view: View) -> Iterator[str]:
    level, rule = view.paint(finding.level, finding.level), view.paint(finding.rule, "strong")
    head = f"{_place(finding.region)} {finding.level} {finding.rule} "
    said = _said(visible(finding.message), view, columns(head), _MARGIN)
    yield f"{_place(finding.region)} {level} {rule} {said}"
    yield from _excerpt(finding, excerpts, view)
    yield from _related(finding, view)
    if finding.remedy:
        mends = finding.fix and finding.fix.safe and finding.fix.edits
        yield _aside("help:", f"{visible(finding.remedy)}{' (--fix does it)' if mends else ''}", view)


def _place(region: Region) -> str:
    return f"{visible(region.path)}:{region.line}:{region.column}"


def _excerpt(finding: Finding, excerpts: Excerpts, view: View) -> Iterator[str]:
    region, found = finding.region, excerpts.of(finding.region)
    if found:
        line, carets = found
        more = f" to line {region.end_line}" if region.end_line > region.line else ""
        number = f"{region.line:>5}"
        yield f"{view.paint(f'{number} |', 'faint')} {line}"
        yield f"{view.paint(' ' * len(number) + ' |', 'faint')} {view.paint(carets + more, finding.level)}"


def _related(finding: Finding, view: View) -> Iterator[str]:
    most = None if view.detail == "everything" else _PLACES
    for other in finding.related[:most]:
        yield _aside("see:", f"{_place(other.region)} {visible(other.note)}", view)
    left = len(finding.related[_PLACES:]) if most else 0
    if left:
        yield _aside("and", f"{counted(left, 'more place')} (-v shows them)", view)


def _others(findings: Sequence[Finding], view: View) -> Iterator[str]:
    """The further places of the same cause, in a line."""
    if findings:
        places = ", ".join(_place(each.region) for each in findings[:_PLACES])
        left = len(findings) - _PLACES
        yield _aside("also:", f"{places}{f' and {left:,} more (-v shows them)' if left > 0 else ''}", view)


def _aside(word: str, text: str, view: View) -> str:
    head = f"      = {word}"
    return f"{view.paint(head, 'faint')} {_said(text, view, len(head) + 1, len(head) + 1)}"


def _said(text: str, view: View, taken: int, indent: int) -> str:
    return wrapped(text, view.width, taken, indent) if view.wrap else text


def _silenced(report: Report, view: View) -> Iterator[list[str]]:
    """What is silenced, a line each, where that is wanted."""
    if report.silenced and view.suppressed and view.detail != "summary":
        yield [view.paint("Silenced:", "strong"), *(_silent(each, view) for each in report.silenced)]


def _silent(each: Silenced, view: View) -> str:
    finding, by = each.finding, "the baseline" if each.kind == "baseline" else "a comment"
    why = f", {visible(str(each.why))}" if str(each.why) else ""
    head = f"  {_place(finding.region)} {finding.level} {finding.rule} "
    text = f"{visible(finding.message)} (by {by}{why})"
    return f"{head}{_said(text, view, columns(head), _MARGIN)}"


def _unknown(report: Report, view: View) -> Iterator[list[str]]:
    if not report.unknown_dags or view.detail == "summary":
        return
    dags = counted(len(report.unknown_dags), "DAG")
    text = f"For {dags} it can't be known, without running code, whether a failure reaches anybody"
    if view.detail == "everything":
        yield [f"{text}:", *(f"  {visible(name)}" for name in report.unknown_dags)]
    else:
        yield [f"{text} (-v lists them)."]


def _crashes(report: Report, view: View) -> Iterator[list[str]]:
    for head, crashes in failures(report):
        most = None if view.detail == "everything" else MOST_CRASHES
        lines = [f"  {visible(str(crash))}" for crash in crashes[:most]]
        left = len(crashes) - len(lines)
        more = [f"  and {left:,} more (-v shows them)"] if left else []
        yield [view.paint(head, "error"), *lines, *more, what_to_do(crashes)]


def _summary(report: Report, shown: Counter[tuple[str, Level]], view: View) -> Iterator[list[str]]:
    yield [view.paint(headline(report), "strong" if report.findings or report.crashes else "good")]
    if report.findings:
        yield list(table(report, shown, view))
    if report.findings and view.detail != "summary":
        yield list(next_steps(report, len(report.findings) - shown.total()))
