"""The values of charts that a helmfile releases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from airwarden.releases.assignments import Assignment, tree_of
from airwarden.releases.release import Release, is_full, items, mapping, text_of
from airwarden.yaml_tree import Mapping, Node, Scalar
from airwarden.yaml_tree import Sequence as ListNode

_FROM_ELSEWHERE = ("secrets", "inherit", "valuesTemplate", "setTemplate")


def releases(text: str, documents: Sequence[Node]) -> Iterator[Release]:
    """Each release with values of its own; a file of paths has none."""
    tops = [document for document in documents if isinstance(document, Mapping)]
    known = {
        text_of(item.get("name")): text_of(item.get("url"))
        for top in tops
        for item in items(top.get("repositories"))
    }
    for release in (item for top in tops for item in items(top.get("releases"))):
        chart = text_of(release.get("chart"))
        if chart:
            yield _release(text, release, chart, known.get(chart.partition("/")[0], chart))


def _release(text: str, release: Mapping, chart: str, repository: str) -> Release:
    listed = release.get("values")
    values = listed.children if isinstance(listed, ListNode) else []
    inline = [mapping(each) for each in values if isinstance(each, Mapping)]
    return Release(
        chart=chart,
        repository=repository,
        documents=(*tree_of(text, _set(release)), *reversed(inline)),
        is_partial=len(inline) < len(values) or any(is_full(release.get(key)) for key in _FROM_ELSEWHERE),
    )


def _set(release: Mapping) -> Iterator[Assignment]:
    for item in items(release.get("set")):
        name, value = item.get("name"), item.get("value")
        if isinstance(name, Scalar) and isinstance(value, Scalar):
            yield Assignment(name, value)
