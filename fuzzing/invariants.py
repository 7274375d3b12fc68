"""What has to hold of each report, whatever was read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from xml.etree import ElementTree
from zlib import crc32

from airwarden.findings import Finding, Region
from airwarden.formats import FORMATS, job_summary, renderer
from airwarden.formats.view import View
from airwarden.repo import Repo
from airwarden.report import Report
from airwarden.source import Source, Unreadable

from fuzzing.target import Broken

PLANTED = "pK7wQz4RtN9vXc2LmS8bYh"
"""A secret that stands where every reader of secrets must see it, and that no output may show."""

_VIEWS = (
    View(suppressed=True, width=80, wrap=True, color=True),
    View(detail="everything", blob="https://github.com/a/b/blob/c/", prefix="airflow/"),
    View(detail="summary", suppressed=True, width=1),
)
_JSON = frozenset({"json", "sarif", "gitlab", "rdjson"})


def verify(report: Report, repo: Repo, data: bytes) -> None:
    """Raises `Broken` for a crash, for a region that is none of its file, and for an output that no reader
    of its format can take or that shows a secret. `data` decides which formats are rendered.
    """
    if report.crashes:
        raise Broken(f"a rule crashed: {report.crashes[0]}")
    for finding in (*report.findings, *(each.finding for each in report.silenced)):
        for region in _regions(finding):
            _verify_region(region, repo, finding)
    chosen = crc32(data)
    formats = (
        FORMATS[chosen % len(FORMATS)],
        *(FORMATS[chosen // 16 % len(FORMATS)],) * bool(report.findings),
    )
    for name in set(formats):
        verify_output(name, renderer(name)(report, _VIEWS[chosen // 256 % len(_VIEWS)]))
    if report.findings and chosen % 5 == 0:
        verify_output("job_summary", job_summary.render(report))


def verify_output(name: str, text: str) -> None:
    """Raises `Broken` where a reader of a format could not take a report, or it shows the planted secret."""
    text.encode()
    if name in _JSON:
        json.loads(text)
    elif name == "junit":
        ElementTree.fromstring(text)
    if any(PLANTED[start : start + 8] in text for start in range(len(PLANTED) - 7)):
        raise Broken(f"{name} shows a secret")


def _regions(finding: Finding) -> Iterator[Region]:
    yield finding.region
    yield from (each.region for each in (*finding.related, *finding.steps))
    yield from (each.region for each in (finding.fix.edits if finding.fix else ()))


def _verify_region(region: Region, repo: Repo, finding: Finding) -> None:
    try:
        source = repo.source(region.path)
    except Unreadable:
        return
    if not is_inside(region, source, is_read=finding.rule not in _OF_UNREAD):
        raise Broken(f"a region of {finding.rule} is none of its file")


_OF_UNREAD = frozenset({"unreadable-file", "too-big", "too-deep"})
"""Rules on files that are no text of their kind, whose regions are those of another parser."""


def is_inside(region: Region, source: Source, is_read: bool = True) -> bool:
    """Whether a region is one of a text, its end not before its start."""
    start, end = (region.line, region.column), (region.end_line, region.end_column)
    if not (
        1 <= region.line <= region.end_line and region.column >= 1 and region.end_column >= 1 and start <= end
    ):
        return False
    return not is_read or all(_is_place(*place, source) for place in (start, end))


def _is_place(line: int, column: int, source: Source) -> bool:
    if line > len(source.starts):
        return False
    end = source.starts[line] if line < len(source.starts) else len(source.text)
    return source.starts[line - 1] + column - 1 <= end
