"""A text made smaller while whatever it brings about still happens."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

Happens = Callable[[str], bool]
"""Whether a text still brings it about."""

MOST_TRIES = 2_000
"""Texts that are tried; a file of 10,000 lines with one guilty line takes about 60."""

PATIENCE = 60.0
"""Seconds after which the smallest text so far has to do."""


class Budget:
    """How much may still be tried."""

    def __init__(self, tries: int = MOST_TRIES, seconds: float = PATIENCE) -> None:
        self._left = tries
        self._end = time.monotonic() + seconds

    def allows(self) -> bool:
        """Takes one try, if there is one left."""
        self._left -= 1
        return self._left >= 0 and time.monotonic() < self._end


def reduced(text: str, happens: Happens, budget: Budget | None = None) -> str:
    """The text without the lines that have no share in what happens; the whole text brings it about."""
    budget = budget or Budget()
    lines = text.splitlines(keepends=True)
    size = -1
    while size != len(lines):
        size = len(lines)
        lines = _without_stretches(lines, happens, budget)
        lines = _without_blocks(lines, happens, budget)
    return "".join(lines)


def _without_stretches(lines: list[str], happens: Happens, budget: Budget) -> list[str]:
    """Takes out stretches, at first of half the lines, at last of one (delta debugging's ddmin)."""
    width = len(lines) // 2
    while width:
        start = 0
        while start < len(lines):
            rest = [*lines[:start], *lines[start + width :]]
            if budget.allows() and happens("".join(rest)):
                lines = rest
            else:
                start += width
        width //= 2
    return lines


def _without_blocks(lines: list[str], happens: Happens, budget: Budget) -> list[str]:
    """Takes out lines with all that is indented below them, or puts such a block where its head stood."""
    start = 0
    while start < len(lines):
        for rest in _without_block(lines, start):
            if budget.allows() and happens("".join(rest)):
                lines = rest
                break
        else:
            start += 1
    return lines


def _without_block(lines: Sequence[str], start: int) -> Iterator[list[str]]:
    depth, end = _depth(lines[start]), start + 1
    while end < len(lines) and (not lines[end].strip() or _depth(lines[end]) > depth):
        end += 1
    if end == start + 1:
        return
    yield [*lines[:start], *lines[end:]]
    shift = _depth(lines[start + 1]) - depth
    inner = [line[shift:] if line[:shift].isspace() else line for line in lines[start + 1 : end]]
    yield [*lines[:start], *inner, *lines[end:]]


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))
