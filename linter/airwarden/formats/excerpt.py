"""The source line of a finding: its secrets masked, cut to fit, underlined."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain, islice, takewhile

from airwarden.credentials.masks import mask_line
from airwarden.credentials.occurrences import Words
from airwarden.disclosure import unlikely
from airwarden.findings import Finding, Region
from airwarden.formats.cells import Cell, Span, cells, fitting, underlined
from airwarden.report import Report

LONGEST = 2000
"""How many characters of a line a diff shows: nobody reads more, and a line may have millions."""


class Excerpts:
    """Shows lines of a report's sources, each in at most `width` columns."""

    def __init__(self, report: Report, width: int) -> None:
        self._sources = report.sources
        self._secrets = _secret_regions(report.findings)
        self._texts = {path: Words(unlikely(secrets)) for path, secrets in report.secrets.items()}
        self._looked_at: tuple[str, int] | None = None
        self._spans: list[Span] = []
        self._width = max(width, 20)

    def of(self, region: Region) -> tuple[str, str] | None:
        """The first line of the region and the carets under it; None where there is nothing to see."""
        row = self.row(region)
        return underlined(*row) if row else None

    def row(self, region: Region) -> tuple[list[Cell], Span] | None:
        """The cells of the first line of the region, and which stretch of it is meant; None as above."""
        source = self._sources.get(region.path)
        line = source.line(region.line) if source else ""
        if not line.strip():
            return None
        span = _on_line(region, region.line, len(line.rstrip()))
        near = range(max(0, span[0] - 4 * self._width), min(len(line), span[0] + 4 * self._width))
        row = list(cells(line, near, self._hidden(region, line, near)))
        return fitting(row, span[0], self._width), span

    def stretch(self, region: Region) -> str:
        """What stands in a region of one line, masked and cut; empty where the text is not at hand."""
        source = self._sources.get(region.path)
        if source is None:
            return ""
        line = source.line(region.line)
        start = min(region.column - 1, len(line))
        near = range(start, min(region.end_column - 1, len(line), start + LONGEST))
        shown = list(cells(line, near, self._hidden(region, line, near)))[:-1]
        return "".join(cell.shown for cell in shown)

    def _hidden(self, region: Region, line: str, near: range) -> list[Span]:
        """What of the line is secret between some offsets, in order and apart; a line is read only once."""
        if self._looked_at != (region.path, region.line):
            self._looked_at = (region.path, region.line)
            self._spans = self._secret_spans(region, line)
        first = max(bisect_left(self._spans, (near.start,)) - 1, 0)
        return list(takewhile(lambda span: span[0] < near.stop, islice(self._spans, first, None)))

    def _secret_spans(self, region: Region, line: str) -> list[Span]:
        touching = self._secrets.get((region.path, region.line), ())
        known = [_on_line(secret, region.line, len(line)) for secret in touching]
        texts = self._texts.get(region.path)
        repeated = (_places(line, text) for text in (texts.within(line) if texts else ()))
        return _merged([*known, *chain.from_iterable(repeated), *_recognised(line)])


def _secret_regions(findings: Iterable[Finding]) -> dict[tuple[str, int], list[Region]]:
    """The regions of secrets by the lines that they touch, each region once."""
    regions = defaultdict(list)
    for region in {finding.region: None for finding in findings if finding.secret}:
        for line in range(region.line, region.end_line + 1):
            regions[region.path, line].append(region)
    return regions


def _places(line: str, text: str) -> Iterator[Span]:
    """Where a text stands in a line."""
    start = line.find(text)
    while start >= 0:
        yield start, start + len(text)
        start = line.find(text, start + len(text))


def _recognised(line: str) -> Iterator[Span]:
    """From the first to the last character that looks secret, whether or not a rule said so."""
    masked = mask_line(line)
    if masked != line:
        start = _shared(line, masked)
        yield start, len(line) - _shared(line[start:][::-1], masked[start:][::-1])


def _shared(one: str, other: str) -> int:
    """How many characters two texts have in common at their start."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _on_line(region: Region, line: int, length: int) -> Span:
    """The part of a region that lies on one of its lines; one column at least."""
    start = min(region.column - 1, length) if line == region.line else 0
    end = region.end_column - 1 if line == region.end_line else length
    return start, max(end, start + 1)


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
