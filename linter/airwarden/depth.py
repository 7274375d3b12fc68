"""Room on the stack for walks whose depth is bounded by what they walk over, and by nothing else."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


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
