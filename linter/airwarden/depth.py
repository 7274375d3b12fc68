"""How far walks may go: room on the stack for those with limits of their own, and steps that are counted."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

STACK = 16 << 20
"""Bytes of stack for a thread that judges files: the deepest that are judged end one of 512 KiB, as some
systems have them, with the whole process, and none of 4 MiB.
"""


class Steps:
    """How many steps a walk may still take, and one that it is a part of."""

    __slots__ = ("_around", "_left")

    def __init__(self, most: int, around: Steps | None = None) -> None:
        self._left = most
        self._around = around

    def take(self) -> bool:
        """Takes a step, where there is one left."""
        self._left -= 1
        return self._left >= 0 and (self._around is None or self._around.take())


@contextmanager
def room(frames: int) -> Iterator[None]:
    """Lets so many calls stand inside one another, however many the caller has used up already.

    Each walk has a limit of its own, so Python's is not what ends it: an editor or a test may have left next
    to nothing of that.
    """
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(before + frames)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
