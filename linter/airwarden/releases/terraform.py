"""The values of charts that Terraform releases: `helm_release`, and modules and maps that are handed some."""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.inner_yaml import Inside, every
from airwarden.patterns import regex
from airwarden.releases.assignments import Assignment, tree_of
from airwarden.releases.hcl import Block, hidden, read
from airwarden.releases.release import Release, items, text_of
from airwarden.yaml_tree import Mapping, Node, Scalar, Sequence

_SETS = ("set", "set_sensitive", "set_wo", "set_list")
_LOCAL = regex(r"local\.([\w-]+)")


def releases(text: str) -> Iterator[Release]:
    """Each release with values of its own, wherever in the file it stands."""
    top = read(text)
    known = {
        key.text: value
        for block in top.blocks
        if block.kind == "locals"
        for key, value in block.attributes.members
    }
    for block in top.every():
        yield from _in_block(text, block, known)


def _in_block(text: str, block: Block, known: dict[str, Node]) -> Iterator[Release]:
    is_release = block.kind == "resource" and block.labels[:1] == ("helm_release",)
    for node in every([block.attributes]):
        if isinstance(node, Mapping) and (node.get("values") or (is_release and node is block.attributes)):
            inner = block.blocks if node is block.attributes else []
            yield _release(text, node, inner, known, block.labels[-1] if block.labels else "")


def _release(text: str, given: Mapping, blocks: list[Block], known: dict[str, Node], label: str) -> Release:
    values = list(_listed(given.get("values"), known))
    parsed = [_documents(text, node) for node in reversed(values)]
    is_partial = not all(parsed) or any(block.kind == "dynamic" for block in blocks)
    return Release(
        chart=text_of(given.get("chart")) or text_of(given.get("name")) or label,
        repository=text_of(given.get("repository")),
        documents=(
            *tree_of(text, _assignments(given, blocks)),
            *(root for roots in parsed for root in roots),
        ),
        is_partial=is_partial,
        mask=hidden,
    )


def _listed(node: Node | None, known: dict[str, Node]) -> Iterator[Node]:
    """The texts and maps of values, a local value of the same file in its place where it stands first."""
    waiting, followed = [node], set[str]()
    while waiting:
        each = waiting.pop()
        named = _LOCAL.fullmatch(each.text) if isinstance(each, Scalar) and each.kind == "tagged" else None
        if named and named[1] in known and named[1] not in followed:
            followed.add(named[1])
            waiting.append(known[named[1]])
        elif isinstance(each, Sequence):
            waiting += reversed(each.children)
        elif each is not None:
            yield each


def _documents(text: str, node: Node) -> list[Node]:
    if isinstance(node, Scalar) and node.kind == "text":
        roots = Inside.of(text, node).nodes(hidden)
        return [root for root in roots if isinstance(root, Mapping)]
    return [node] if isinstance(node, Mapping) else []


def _assignments(given: Mapping, blocks: list[Block]) -> Iterator[Assignment]:
    """What the blocks and lists called `set` and the like assign, in the order of the file."""
    written = [block.attributes for block in blocks if block.kind in _SETS]
    listed = [item for key in _SETS for item in items(given.get(key))]
    for each in sorted((*written, *listed), key=lambda node: node.start):
        name, value = each.get("name"), each.get("value") or each.get("value_wo")
        if isinstance(name, Scalar) and value is not None:
            yield Assignment(name, value, text_of(each.get("type")) != "string")
