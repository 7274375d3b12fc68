"""Which of many texts hold one of some words: one search through all of them, however many they are."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import accumulate

_GLUE = "\0"
_FEW = 16
"""How many words of one length are found sooner one by one than by what of a text has that length."""


class Words:
    """Words to be found in texts, however many: those of one length all at once."""

    def __init__(self, words: Iterable[str]) -> None:
        found: defaultdict[int, set[str]] = defaultdict(set)
        for word in words:
            found[len(word)].add(word)
        self._by_length = sorted(((length, frozenset(same)) for length, same in found.items()), reverse=True)

    def within(self, text: str) -> list[str]:
        """Those that a text holds, the longest first."""
        return [
            word
            for length, words in self._by_length
            if length <= len(text)
            for word in sorted(_of_length(text, length, words))
        ]


def _of_length(text: str, length: int, words: frozenset[str]) -> Iterable[str]:
    if len(words) <= _FEW:
        return (word for word in words if word in text)
    return words.intersection(text[at : at + length] for at in range(len(text) - length + 1))


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
