"""The values of charts that Flux or the Helm controller of k3s release."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from airwarden.releases.assignments import Assignment, tree_of
from airwarden.releases.release import Release, is_full, mapping, mappings, text_of, yaml_in
from airwarden.yaml_tree import Mapping, Node


def releases(text: str, documents: Sequence[Node]) -> Iterator[Release]:
    """Each HelmRelease, HelmChart and HelmChartConfig."""
    for manifest in mappings(documents):
        kind, spec = text_of(manifest.get("kind")), mapping(manifest.get("spec"))
        if kind == "HelmRelease":
            yield _of_flux(manifest, spec)
        elif kind in ("HelmChart", "HelmChartConfig"):
            yield _of_k3s(text, manifest, spec, kind)


def _of_flux(manifest: Mapping, spec: Mapping) -> Release:
    chart = mapping(spec.get("chart"))
    given = mapping(chart.get("spec"))
    source = mapping(given.get("sourceRef"))
    values = mapping(spec.get("values"))
    named = (given.get("chart"), chart.get("name"), mapping(spec.get("chartRef")).get("name"))
    return Release(
        chart=next(filter(None, map(text_of, named)), "") or _name(manifest),
        repository=text_of(chart.get("repository")) or text_of(source.get("name")),
        documents=(values,) if values.children else (),
        is_partial=is_full(spec.get("valuesFrom")) or is_full(given.get("valuesFiles")),
    )


def _of_k3s(text: str, manifest: Mapping, spec: Mapping, kind: str) -> Release:
    assigned = (Assignment(key, value) for key, value in mapping(spec.get("set")).members)
    return Release(
        chart=text_of(spec.get("chart")) or _name(manifest),
        repository=text_of(spec.get("repo")),
        documents=(*tree_of(text, assigned), *yaml_in(text, spec.get("valuesContent"))),
        is_partial=kind == "HelmChartConfig" or is_full(spec.get("valuesSecrets")),
    )


def _name(manifest: Mapping) -> str:
    return text_of(mapping(manifest.get("metadata")).get("name"))
