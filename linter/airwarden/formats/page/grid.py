"""The grid: a row for each file with findings, a column for each policy, and in each cell how bad it is."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from airwarden.findings import LEVELS, Level
from airwarden.formats.page.families import by_place, families, title, told, worst
from airwarden.formats.page.markup import Markup, element, joined
from airwarden.formats.summary import counted
from airwarden.patterns import regex
from airwarden.report import Report

SHOWN = 40
"""Rows of one kind of files that are not folded away."""

_KINDS = ("DAGs and their modules", "Values and settings", "Dependencies")
_DEPENDENCIES = {".toml", ".txt", ".in", ".lock", "Pipfile", "setup.cfg"}
_DAGS = 3
"""Ids of DAGs that a row names."""

_DAG = regex(r"dag (?P<id>[\w.-]+)(?:: .*)?", re.DOTALL)
"""The subject of a finding about a DAG, or about something of it; ids have no other characters."""

Row = Mapping[str, Counter[Level]]


class Grid:
    """The grid of a report. `anchors` has the id of each file's findings, `first` that of the first finding
    of each file and family.
    """

    def __init__(
        self, report: Report, anchors: Mapping[str, str], first: Mapping[tuple[str, str], str]
    ) -> None:
        self._places = by_place(report.findings)
        self._columns = families(report)
        self._dags = _dag_ids(report)
        self._anchors = anchors
        self._first = first

    def tables(self) -> Markup:
        """A table for each kind of files, the worst first; where they are many, one of folders before."""
        groups: defaultdict[str, list[str]] = defaultdict(list)
        for path in sorted(self._places, key=lambda path: (_rank(self._places[path]), path)):
            groups[_kind(path)].append(path)
        tables = (self._group(kind, groups[kind]) for kind in _KINDS if groups[kind])
        return joined((table for group in tables for table in group), "\n")

    def _group(self, kind: str, paths: Sequence[str]) -> Iterator[Markup]:
        shown, folded = paths[:SHOWN], paths[SHOWN:]
        if folded:
            yield from self._folders(kind, paths)
        yield self._table(f"{kind}: {counted(len(paths), 'file')}", "File", map(self._file, shown))
        if folded:
            rest = self._table(f"{kind}, continued", "File", map(self._file, folded))
            yield element("details", element("summary", f"{counted(len(folded), 'more file')}"), rest)

    def _folders(self, kind: str, paths: Sequence[str]) -> Iterator[Markup]:
        """A table of the folders that the files of `paths` stand in, the worst first, unless that is one."""
        folders: defaultdict[str, list[str]] = defaultdict(list)
        for path in paths:
            folders[path.rpartition("/")[0]].append(path)
        if len(folders) > 1:
            sums = {folder: self._sum(members) for folder, members in folders.items()}
            ordered = sorted(folders, key=lambda folder: (_rank(sums[folder]), folder))
            rows = (self._folder(folder, folders[folder], sums[folder]) for folder in ordered)
            yield self._table(f"{kind}, by folder", "Folder", rows)

    def _table(self, caption: str, what: str, rows: Iterable[Markup]) -> Markup:
        heads = (element("th", element("span", title(each)), scope="col") for each in self._columns)
        head = element("thead", element("tr", element("th", what, scope="col"), *heads))
        body = element("tbody", "\n", joined(rows, "\n"))
        return element("table", element("caption", caption), head, body, class_="grid")

    def _file(self, path: str) -> Markup:
        anchor, dags = self._anchors.get(path), self._dags.get(path, ())
        name = element("a", *_broken(path), href=f"#{anchor}") if anchor else joined(_broken(path))
        more = f" and {len(dags) - _DAGS:,} more" if len(dags) > _DAGS else ""
        below = [element("small", ", ".join(dags[:_DAGS]) + more)] if dags else []
        cells = (_cell(self._places[path].get(each), self._first.get((path, each))) for each in self._columns)
        return element("tr", element("th", name, *below, scope="row"), *cells)

    def _sum(self, paths: Iterable[str]) -> Row:
        sums: defaultdict[str, Counter[Level]] = defaultdict(Counter)
        for family, counts in (pair for path in paths for pair in self._places[path].items()):
            sums[family].update(counts)
        return sums

    def _folder(self, folder: str, paths: Sequence[str], row: Row) -> Markup:
        cells = []
        for family in self._columns:
            anchors = (self._first.get((path, family)) for path in paths)
            cells.append(_cell(row.get(family), next(filter(None, anchors), None)))
        name = f"{folder}/" if folder else "./"
        below = element("small", counted(len(paths), "file"))
        head = element("th", *_broken(name), " ", below, scope="row")
        return element("tr", head, *cells, data_path=f"{folder}/" if folder else "")


def _rank(row: Row) -> tuple[int, ...]:
    """Files with more of the worst come first."""
    return tuple(-sum(counts[level] for counts in row.values()) for level in LEVELS)


def _kind(path: str) -> str:
    file = PurePosixPath(path)
    if file.suffix == ".py":
        return _KINDS[0]
    return _KINDS[2] if {file.suffix, file.name} & _DEPENDENCIES else _KINDS[1]


def _dag_ids(report: Report) -> Mapping[str, list[str]]:
    """The ids of the DAGs that findings are about, by file, as the subjects of findings name them."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for finding in report.findings:
        named = _DAG.fullmatch(finding.subject)
        if named:
            found[finding.region.path][named["id"]] = None
    return {path: list(names) for path, names in found.items()}


def _broken(path: str) -> Iterator[str]:
    """A path that may be broken behind each of its slashes."""
    for part in path.split("/")[:-1]:
        yield from (f"{part}/", Markup("<wbr>"))
    yield path.rpartition("/")[2]


def _cell(counts: Counter[Level] | None, anchor: str | None) -> Markup:
    level = worst(counts or {})
    if not counts or level is None:
        return Markup("<td></td>")
    text = f"{counts.total():,}"
    number = element("a", text, href=f"#{anchor}", title=told(counts)) if anchor else element("b", text)
    return element("td", number, element("span", f" {told(counts)}", class_="unseen"), class_=level)
