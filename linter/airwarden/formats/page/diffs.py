"""A fix as a diff: the lines that it takes away and those that it puts there, their secrets masked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from airwarden.findings import Edit, Fix, Region
from airwarden.formats.excerpt import Excerpts
from airwarden.formats.view import visible
from airwarden.records import dataclass


@dataclass(frozen=True)
class Hunk:
    """Lines of one file that are replaced; `line` is the first of them."""

    path: str
    line: int
    old: Sequence[str]
    new: Sequence[str]


def hunks(fix: Fix, excerpts: Excerpts) -> Iterator[Hunk]:
    """What a fix changes, without the lines that stay as they are."""
    edits = sorted(fix.edits, key=lambda edit: edit.region)
    for _, group in groupby(edits, key=lambda edit: edit.region.path):
        for cluster in _clusters(list(group)):
            yield _trimmed(_hunk(cluster, excerpts))


def _clusters(edits: Sequence[Edit]) -> Iterator[list[Edit]]:
    """Edits of one file, those together that share a line."""
    cluster = [edits[0]]
    for edit in edits[1:]:
        if edit.region.line > cluster[-1].region.end_line:
            yield cluster
            cluster = []
        cluster.append(edit)
    yield cluster


def _hunk(edits: Sequence[Edit], excerpts: Excerpts) -> Hunk:
    first, last = edits[0].region, edits[-1].region
    path, line, column = first.path, first.line, 1
    parts: list[str] = []
    for edit in edits:
        parts += [*_between(path, line, column, edit.region, excerpts), _plain(edit.text)]
        line, column = edit.region.end_line, edit.region.end_column
    parts.append(excerpts.stretch(Region(path, line, column, line, _FAR)))
    numbers = range(first.line, last.end_line + 1)
    old = [excerpts.stretch(Region(path, number, 1, number, _FAR)) for number in numbers]
    return Hunk(path, first.line, old, "".join(parts).split("\n"))


_FAR = 1_000_000
"""A column past the end of any line."""


def _between(path: str, line: int, column: int, until: Region, excerpts: Excerpts) -> Iterator[str]:
    """The text from a place to the start of a region of the same file."""
    while line < until.line:
        yield excerpts.stretch(Region(path, line, column, line, _FAR)) + "\n"
        line, column = line + 1, 1
    yield excerpts.stretch(Region(path, line, column, line, until.column))


def _plain(text: str) -> str:
    return visible(text.replace("\r\n", "\n").expandtabs(4), keep="\n")


def _trimmed(hunk: Hunk) -> Hunk:
    """The hunk without the lines that both sides begin and end with."""
    start = _shared(hunk.old, hunk.new)
    old, new = list(hunk.old[start:]), list(hunk.new[start:])
    end = _shared(old[::-1], new[::-1])
    return Hunk(hunk.path, hunk.line + start, old[: len(old) - end], new[: len(new) - end])


def _shared(old: Sequence[str], new: Sequence[str]) -> int:
    """How many lines two texts begin with alike."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((place for place, (one, other) in pairs if one != other), min(len(old), len(new)))
