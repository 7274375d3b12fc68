"""Where nodes stand: one counting pass over a libcst tree, for the nodes that are reported.

libcst's PositionProvider costs 1.7 parses. Its positions come out of code generation, so a state that
only counts what would be written gives the same ones for a tenth of that.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from airwarden.findings import Region

if TYPE_CHECKING:
    import libcst

    from airwarden.syntax import Module, Node

_DEEP_STACK = 512 * 1024 * 1024
_DEEP_RECURSION = 200_000


def regions(module: Module, path: str, nodes: Iterable[Node]) -> list[Region]:
    """The region of each node, as libcst's PositionProvider has it, from one counting pass over the tree."""
    origins = [node.origin for node in nodes]
    counter = _PositionCounter(module.origin, origins)
    try:
        counter.run()
    except RecursionError:
        counter = _PositionCounter(module.origin, origins)
        _on_deep_stack(counter.run)
    return [_region(path, *counter.found[id(origin)]) for origin in origins]


def _region(path: str, start: tuple[int, int], end: tuple[int, int]) -> Region:
    return Region(path, start[0], start[1] + 1, end[0], end[1] + 1)


class _Finished(Exception):
    """Every wanted node has its position."""


class _PositionCounter:
    """Stands in for libcst's CodegenState: counts what would be written, and keeps no text."""

    def __init__(self, tree: libcst.Module, wanted: Iterable[libcst.CSTNode]) -> None:
        self.tree = tree
        self.default_indent = tree.default_indent
        self.default_newline = tree.default_newline
        self.wanted = {id(node) for node in wanted}
        self.left = len(self.wanted)
        self.tokens = ("",)
        self.found: dict[int, tuple[tuple[int, int], tuple[int, int]]] = {}
        self.indents: list[str] = []
        self.line = 1
        self.column = 0
        self.open: list[tuple[int, int]] = []

    def run(self) -> None:
        try:
            self.tree._codegen(self)  # type: ignore[arg-type]  # noqa: SLF001
        except _Finished:
            return

    def increase_indent(self, value: str) -> None:
        self.indents.append(value)

    def decrease_indent(self) -> None:
        self.indents.pop()

    def add_indent_tokens(self) -> None:
        for token in self.indents:
            self.column += len(token)

    def add_token(self, value: str) -> None:
        if "\n" not in value and "\r" not in value:
            self.column += len(value)
            return
        lines = value.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.line += len(lines) - 1
        self.column = len(lines[-1])

    def pop_trailing_newline(self) -> None:
        """Nothing is kept, so nothing is taken back."""

    def before_codegen(self, node: libcst.CSTNode) -> None:
        if id(node) in self.wanted:
            self.open.append((self.line, self.column))

    def after_codegen(self, node: libcst.CSTNode) -> None:
        if id(node) not in self.wanted:
            return
        start = self.open.pop()
        if id(node) not in self.found:
            self.record(node, start, (self.line, self.column))
        if self.left <= 0 and not self.open:
            raise _Finished

    @contextmanager
    def record_syntactic_position(
        self,
        node: libcst.CSTNode,
        *,
        start_node: libcst.CSTNode | None = None,
        end_node: libcst.CSTNode | None = None,
    ) -> Iterator[None]:
        if id(node) not in self.wanted:
            yield
            return
        for hoisted in (start_node, end_node):
            if hoisted is not None and id(hoisted) not in self.wanted:
                self.wanted.add(id(hoisted))
                self.left += 1
        start = (self.line, self.column)
        yield
        end = (self.line, self.column)
        if start_node is not None:
            start = self.found[id(start_node)][0]
        if end_node is not None:
            end = self.found[id(end_node)][1]
        self.record(node, start, end)

    def record(self, node: libcst.CSTNode, start: tuple[int, int], end: tuple[int, int]) -> None:
        self.found[id(node)] = (start, end)
        self.left -= 1


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
