"""The Helm values of a release as JSON, layer over layer, and where each of them stands."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from airwarden.charts import ChartName
from airwarden.deployment.chart_values import ChartRelease, ChartReleases
from airwarden.findings import Region
from airwarden.partial_json import UNKNOWN, OpenMap, Path
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.repo import Repo
from airwarden.source import Source
from airwarden.values import ValuesFile
from airwarden.yaml_tree import Mapping, Node, Scalar
from airwarden.yaml_tree import Sequence as YamlSequence

_FILLED_IN = regex(r"\{\{|\{%|\$\{|\$\(")
_FLOW = regex(r"\{%|\{\{-?\s*(?:if|else|range|with|end|define|block)\b")
"""What makes lines of a template come and go."""

_LONGEST_NUMBER = 300
"""Characters of a number that is looked at; a float holds hardly more."""

_WHOLE = regex(r"[-+]?(?:0|[1-9][0-9]*)")
_DECIMAL = regex(r"[-+]?[0-9]+\.[0-9]*")
_MOST_NODES = 20_000
_MOST_DEPTH = 50
"""How deep values are held against a schema, which takes up to ten frames of the stack for each level."""


@dataclass(frozen=True)
class ResolvedValues:
    """The values of one release of a chart, as JSON whose unknown parts are `UNKNOWN`. `start` is the way to
    them from the top of the file that counts most.
    """

    values: Any
    start: tuple[str, ...]
    chart: ChartName
    _places: dict[Path, Region]
    _release: ChartRelease | None

    def region_of(self, path: Path) -> Region:
        """Where the value at a path stands, or the key of one that holds others; else what is around it."""
        ends = range(len(path), -1, -1)
        return next(self._places[path[:end]] for end in ends if path[:end] in self._places)

    def lacks(self, path: Path) -> bool:
        """Whether it is known that nothing gives a value at a path."""
        return self._release is not None and self._release.lacks(".".join(map(str, path)))


def resolved(values: ValuesFile, repo: Repo, chart: str = "") -> Iterator[ResolvedValues]:
    """The values of each release of a chart, or of any, of which a file is a part."""
    releases = repo.analysis(ChartReleases).of(values)
    for release in releases:
        if chart in ("", release.chart):
            yield _resolved(release.files, release.root.path, release.chart, release)
    known = {release.root for release in releases}
    for root in values.roots:
        if root not in known and chart in ("", root.chart):
            yield _resolved((values,), root.path, root.chart, None)


def _resolved(
    files: Sequence[ValuesFile], start: tuple[str, ...], chart: ChartName, release: ChartRelease | None
) -> ResolvedValues:
    layers = [(file.source, entry.node) for file in files if (entry := file.entry(start)) is not None]
    is_open = release is None or any(map(_is_open, files))
    builder = _Builder()
    last = files[-1].source
    builder.places[()] = last.region(0, 0)
    if any(_FLOW.search(file.source.text) for file in files):
        return ResolvedValues(UNKNOWN, start, chart, builder.places, release)
    found = builder.json(layers, ())
    if layers:
        builder.places[()] = _start_of(*layers[-1])
    made = OpenMap(found) if is_open and isinstance(found, dict) else found
    return ResolvedValues(made, start, chart, builder.places, release)


def _is_open(file: ValuesFile) -> bool:
    """Whether values of a release come from more than what is known of it."""
    release = file.release
    return release is not None and (release.is_partial or len(release.documents) > 1)


def _start_of(source: Source, node: Node) -> Region:
    """Where the first key of a map stands."""
    first = node.members[0][0] if isinstance(node, Mapping) and node.members else node
    return source.region(first.start, first.end)


class _Builder:
    """Nodes as JSON, with the place of each."""

    def __init__(self) -> None:
        self.places: dict[Path, Region] = {}
        self._budget = _MOST_NODES

    def json(
        self, layers: Sequence[tuple[Source, Node]], path: Path, above: frozenset[int] = frozenset()
    ) -> Any:
        """What several layers of a value give together: maps are merged, of all else the last counts."""
        self._budget -= 1
        is_beyond = self._budget < 0 or len(path) > _MOST_DEPTH
        if not layers or is_beyond or any(id(node) in above for _, node in layers):
            return UNKNOWN
        source, node = layers[-1]
        above = above | {id(each) for _, each in layers}
        if isinstance(node, Scalar):
            self.places[path] = source.region(node.start, node.end)
            return _scalar(source, node)
        if isinstance(node, YamlSequence):
            return [
                self.json([(source, each)], (*path, place), above) for place, each in enumerate(node.children)
            ]
        return self._map(_maps(layers), path, above)

    def _map(self, layers: Sequence[tuple[Source, Mapping]], path: Path, above: frozenset[int]) -> Any:
        below: dict[str, list[tuple[Source, Node]]] = {}
        is_open = False
        for source, node in layers:
            for name in dict.fromkeys(key.text for key, _ in node.members):
                key, value = node.find(name) or (None, None)
                if key is None or value is None or _FILLED_IN.search(name):
                    is_open = True
                    continue
                below.setdefault(name, []).append((source, value))
                self.places[(*path, name)] = source.region(key.start, key.end)
        found = {name: self.json(each, (*path, name), above) for name, each in below.items()}
        return OpenMap(found) if is_open else found


def _maps(layers: Sequence[tuple[Source, Node]]) -> list[tuple[Source, Mapping]]:
    """The maps that are merged: those behind the last value of another kind."""
    found: list[tuple[Source, Mapping]] = []
    for source, node in layers:
        found = [*found, (source, node)] if isinstance(node, Mapping) else []
    return found


def _scalar(source: Source, node: Scalar) -> Any:
    """A scalar as Helm reads it; unknown where it is filled in later, or YAML's versions differ about it."""
    if node.kind == "tagged" or _FILLED_IN.search(source.text, node.start, node.end):
        return UNKNOWN
    match node.kind:
        case "null":
            return None
        case "bool":
            return {"true": True, "false": False}.get(node.text.lower(), UNKNOWN)
        case "number":
            return _number(node.text)
    return node.text


def _number(text: str) -> Any:
    if len(text) > _LONGEST_NUMBER:
        return UNKNOWN
    if _WHOLE.fullmatch(text):
        return int(text)
    number = float(text) if _DECIMAL.fullmatch(text) else math.inf
    return number if math.isfinite(number) else UNKNOWN
