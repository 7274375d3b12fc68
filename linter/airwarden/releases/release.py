"""Release: a chart and its values, as a file of another kind describes them, and what reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import field

from airwarden.inner_yaml import Inside, every, masked
from airwarden.records import dataclass
from airwarden.yaml_tree import Mapping, Node, Scalar, Sequence

__all__ = ["Release", "is_full", "items", "mapping", "mappings", "text_of", "yaml_in"]


@dataclass(frozen=True)
class Release:
    """One release: the chart by its name or address, the repository it comes from, and its values.

    `documents` are the values, placed in the file around them, those that count most first. `is_partial` says
    that more come from elsewhere, `mask` hides what is no YAML in the texts among them.
    """

    chart: str
    repository: str
    documents: tuple[Node, ...] = field(repr=False)
    is_partial: bool = False
    mask: Callable[[str], str] = field(default=masked, repr=False)


def text_of(node: Node | None) -> str:
    """The text of a plain scalar, empty for all else."""
    return node.text if isinstance(node, Scalar) and node.kind in ("text", "number") else ""


def items(node: Node | None) -> Iterator[Mapping]:
    """The mappings in a list."""
    if isinstance(node, Sequence):
        yield from (child for child in node.children if isinstance(child, Mapping))


def mapping(node: Node | None, *keys: str) -> Mapping:
    """The mapping at some keys, an empty one where there is none."""
    for key in keys:
        node = node.get(key) if isinstance(node, Mapping) else None
    return node if isinstance(node, Mapping) else Mapping(0)


def mappings(documents: Iterable[Node]) -> list[Mapping]:
    """Every mapping of some trees, in the order of the file."""
    found = (node for node in every(documents) if isinstance(node, Mapping))
    return sorted(found, key=lambda node: node.start)


def is_full(node: Node | None) -> bool:
    """Whether a list or a mapping has anything in it, or a scalar any text."""
    return bool(text_of(node)) if isinstance(node, Scalar) else bool(node and node.children)


def yaml_in(text: str, node: Node | None) -> list[Node]:
    """The YAML in a scalar of the file `text`, placed in the file; none where it is no YAML."""
    if not isinstance(node, Scalar) or node.kind != "text":
        return []
    return [root for root in Inside.of(text, node).nodes() if isinstance(root, Mapping)]
