"""Which of many texts hold one of some words: one search through all of them, however many they are."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

_GLUE = "\0"


def holders(texts: Sequence[str], words: Iterable[str]) -> list[int]:
    """The places, in order, of those texts that hold one of some words; these are given in lower case, and
    case is no matter.
    """
    lowered = [text.lower() for text in texts]
    glued = _GLUE.join(lowered)
    starts = list(accumulate((len(text) + len(_GLUE) for text in lowered), initial=0))
    found = set[int]()
    for word in words:
        at = glued.find(word)
        while at >= 0:
            place = bisect_right(starts, at) - 1
            found.add(place)
            at = glued.find(word, starts[place + 1])
    return sorted(found)
