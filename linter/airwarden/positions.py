"""Where nodes stand, for the nodes that are reported.

libcst's PositionProvider costs 1.7 parses. Its positions come out of code generation, so adding up the
lengths of what the layouts of the nodes say gives the same ones for a thirtieth of that.
"""

from __future__ import annotations

import sys
import threading
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from airwarden.findings import Region
from airwarden.layouts import UnknownLayout, written
from airwarden.patterns import regex
from airwarden.syntax import nodes_of

if TYPE_CHECKING:
    from airwarden.syntax import Module, Node

_LINE_END = regex(r"\r\n|\r|\n")
_DEEP_STACK = 512 * 1024 * 1024
_DEEP_RECURSION = 200_000


def regions(module: Module, path: str, nodes: Iterable[Node]) -> list[Region]:
    """The region of each node, as libcst's PositionProvider has it, from one pass over the tree."""
    origins = [node.origin for node in nodes]
    try:
        places = Places(module, path, {id(origin) for origin in origins})
    except UnknownLayout:
        return _as_libcst_has_them(module.origin, path, origins)
    return [places.region(origin) for origin in origins]


def places(module: Module, path: str) -> Places | None:
    """Where all nodes of a file stand; None where some of them have no layout."""
    try:
        return Places(module, path, {id(node.origin) for node, _ in nodes_of(module)})
    except UnknownLayout:
        return None


class Places:
    """Where some nodes of a file stand, by the identity of what they were read from."""

    def __init__(self, module: Module, path: str, wanted: Collection[int]) -> None:
        text, self._spans = written(module.origin, wanted)
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
        self._path = path

    def __contains__(self, origin: object) -> bool:
        return id(origin) in self._spans

    def region(self, origin: object) -> Region:
        """Where a node stands. Raises `KeyError` for one that is not among them."""
        start, end = self._spans[id(origin)]
        return Region(self._path, *self._place(start), *self._place(end))

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def _as_libcst_has_them(tree: Any, path: str, origins: Sequence[Any]) -> list[Region]:
    """The regions of nodes in a tree of libcst itself, some node of which has no layout."""
    from libcst.metadata import MetadataWrapper, PositionProvider

    found: list[Region] = []

    def ask() -> None:
        ranges = MetadataWrapper(tree, unsafe_skip_copy=True).resolve(PositionProvider)
        for origin in origins:
            start, end = ranges[origin].start, ranges[origin].end
            found.append(Region(path, start.line, start.column + 1, end.line, end.column + 1))

    _on_deep_stack(ask)
    return found


def _on_deep_stack(work: Callable[[], None]) -> None:
    """Runs `work` in a thread with a stack deep enough for chains of thousands of terms."""
    limit, size = sys.getrecursionlimit(), threading.stack_size(_DEEP_STACK)
    sys.setrecursionlimit(_DEEP_RECURSION)
    try:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    finally:
        sys.setrecursionlimit(limit)
        threading.stack_size(size)
