"""The values of charts that Argo CD releases: those of an Application, or of an ApplicationSet's template."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from airwarden.releases.assignments import Assignment, tree_of
from airwarden.releases.release import Release, is_full, items, mapping, mappings, text_of, yaml_in
from airwarden.yaml_tree import Mapping, Node, Scalar

_FROM_ELSEWHERE = ("valueFiles", "fileParameters")


def releases(text: str, documents: Sequence[Node]) -> Iterator[Release]:
    """Each source of a chart with values of its own, wherever in the file it stands."""
    for source in mappings(documents):
        helm = mapping(source.get("helm"))
        if source.get("repoURL") and helm.children:
            yield Release(
                chart=text_of(source.get("chart")) or text_of(source.get("path")),
                repository=text_of(source.get("repoURL")),
                documents=tuple(_values(text, helm)),
                is_partial=any(is_full(helm.get(key)) for key in _FROM_ELSEWHERE),
            )


def _values(text: str, helm: Mapping) -> Iterator[Node]:
    yield from tree_of(text, _parameters(helm))
    if isinstance(helm.get("valuesObject"), Mapping):
        yield mapping(helm.get("valuesObject"))
    yield from yaml_in(text, helm.get("values"))


def _parameters(helm: Mapping) -> Iterator[Assignment]:
    for item in items(helm.get("parameters")):
        name, value = item.get("name"), item.get("value")
        if isinstance(name, Scalar) and isinstance(value, Scalar):
            forced = item.get("forceString")
            yield Assignment(name, value, not (isinstance(forced, Scalar) and forced.text == "true"))
