"""The values of charts that a kustomization inflates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from airwarden.releases.release import Release, is_full, items, mapping, mappings, text_of
from airwarden.yaml_tree import Mapping, Node

_LISTS = ("helmCharts", "helmChartInflationGenerator")
_KIND = "HelmChartInflationGenerator"
_FROM_ELSEWHERE = ("valuesFile", "additionalValuesFiles", "values")


def releases(documents: Sequence[Node]) -> Iterator[Release]:
    """Each chart with values of its own."""
    for node in mappings(documents):
        generators = [node] if text_of(node.get("kind")) == _KIND else []
        for each in (*generators, *(item for key in _LISTS for item in items(node.get(key)))):
            yield _release(each)


def _release(generator: Mapping) -> Release:
    values = mapping(generator.get("valuesInline"))
    return Release(
        chart=text_of(generator.get("name")) or text_of(generator.get("chartName")),
        repository=text_of(generator.get("repo")) or text_of(generator.get("chartRepoUrl")),
        documents=(values,) if values.children else (),
        is_partial=any(is_full(generator.get(key)) for key in _FROM_ELSEWHERE),
    )
