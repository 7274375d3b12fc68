"""The findings, each with its line, the way of its data, the way out and its fix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from airwarden.findings import Finding, Fix, Region, Related
from airwarden.formats.cells import Cell, Span
from airwarden.formats.excerpt import Excerpts
from airwarden.formats.page.diffs import Hunk, hunks
from airwarden.formats.page.help_text import inline
from airwarden.formats.page.markup import Markup, element
from airwarden.formats.view import View, sentence
from airwarden.report import Report

_COLUMNS = 160
_RELATED = 20
"""Related places of one finding that are shown."""

_LINES = 40
"""Lines of one side of a hunk that are shown."""


class Cards:
    """Writes findings of one report."""

    def __init__(self, report: Report, view: View) -> None:
        self._report = report
        self._view = view
        self._excerpts = Excerpts(report, _COLUMNS)

    def card(self, finding: Finding, anchor: str) -> Markup:
        """One finding, to be found under `anchor`."""
        parts = [
            self._head(finding, anchor),
            element("p", inline(sentence(finding.message)), class_="said"),
            *self._code(finding.region, finding.level),
            *self._way(finding),
            *self._related([each for each in finding.related if each not in finding.steps]),
            *_out(finding),
            *self._fix(self._report.shown_fix(finding)),
        ]
        facts = {"data_family": finding.family, "data_rule": finding.rule}
        return element("article", *parts, id=anchor, class_=f"card {finding.level}", **facts)

    def _head(self, finding: Finding, anchor: str) -> Markup:
        region = finding.region
        here = element("a", f"{region.line}:{region.column}", href=f"#{anchor}", class_="here")
        rule = element("a", finding.rule, href=f"#rule-{finding.rule}", class_="rule")
        level = element("span", finding.level, class_=f"level {finding.level}")
        link = self._view.link(region)
        there = [element("a", "source", href=link, rel="noopener noreferrer")] if link else []
        return element("h4", level, " ", rule, " ", here, *(" ", *there) if there else ())

    def _code(self, region: Region, level: str = "") -> Iterator[Markup]:
        row = self._excerpts.row(region)
        if row:
            more = f" to line {region.end_line}" if level and region.end_line > region.line else ""
            code = element("code", *_marked(*row))
            rest = [element("small", more)] if more else []
            yield element("pre", code, *rest, data_line=str(region.line))

    def _way(self, finding: Finding) -> Iterator[Markup]:
        """The way of a value, step by step, up to the place of the finding."""
        if finding.steps:
            steps = (self._step(step, finding.region.path) for step in finding.steps)
            yield element("h5", "The way of the data")
            yield element("ol", *steps, class_="way")

    def _step(self, step: Related, home: str) -> Markup:
        return element("li", self._place(step.region, home), " ", inline(step.note), *self._code(step.region))

    def _related(self, related: Sequence[Related]) -> Iterator[Markup]:
        if related:
            items = (
                element("li", self._place(each.region), " ", inline(each.note)) for each in related[:_RELATED]
            )
            left = len(related) - _RELATED
            more = [element("li", f"and {left:,} more")] if left > 0 else []
            yield element("h5", "See also")
            yield element("ul", *items, *more, class_="related")

    def _place(self, region: Region, home: str = "") -> Markup:
        path = "line " if region.path == home else f"{region.path}:"
        link = self._view.link(region)
        text = f"{path}{region.line}"
        if not link:
            return element("span", text, class_="place")
        return element("a", text, href=link, class_="place", rel="noopener noreferrer")

    def _fix(self, fix: Fix | None) -> Iterator[Markup]:
        if fix is not None:
            kind = "safe, made by --fix" if fix.safe else "to be looked at"
            head = element("summary", "Fix: ", inline(fix.title), " ", element("small", f"({kind})"))
            lines = (line for hunk in hunks(fix, self._excerpts) for line in _hunk(hunk))
            yield element("details", head, element("pre", *lines, class_="diff"), class_="fix")


def _marked(row: Sequence[Cell], span: Span) -> Iterator[str]:
    """The text of a line, with what is meant marked."""
    groups = groupby(row, key=lambda cell: span[0] < cell.end and cell.start < span[1])
    for is_meant, cells in groups:
        text = "".join(cell.shown for cell in cells)
        yield element("mark", text) if is_meant and text.strip() else text


def _out(finding: Finding) -> Iterator[Markup]:
    if finding.remedy:
        yield element("p", element("b", "Way out:"), " ", inline(sentence(finding.remedy)), class_="out")


def _hunk(hunk: Hunk) -> Iterator[Markup]:
    yield element("span", f"{hunk.path}:{hunk.line}\n", class_="at")
    yield from _side(hunk.old, "del", "-")
    yield from _side(hunk.new, "ins", "+")


def _side(lines: Sequence[str], name: str, sign: str) -> Iterator[Markup]:
    for line in lines[:_LINES]:
        yield element(name, f"{sign} {line}\n")
    if len(lines) > _LINES:
        yield element("span", f"{sign} and {len(lines) - _LINES:,} more lines\n", class_="at")
