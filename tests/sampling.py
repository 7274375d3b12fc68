"""Texts that a regular expression matches, made at random."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Sequence
from typing import Any

if sys.version_info >= (3, 11):
    from re import _constants as codes  # type: ignore[attr-defined]
    from re import _parser as parser  # type: ignore[attr-defined]
else:
    import sre_constants as codes
    import sre_parse as parser

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CATEGORIES = {
    codes.CATEGORY_DIGIT: "0123456789",
    codes.CATEGORY_WORD: f"{_LETTERS}0123456789_",
    codes.CATEGORY_SPACE: " ",
}
_PRINTED = "".join(map(chr, range(33, 127)))
_MORE = 3
"""By how much a part without an upper bound may be longer than it must."""


class Sampler:
    """Makes texts that match; lookaheads and lookbehinds are left to the caller to check."""

    def __init__(self, luck: random.Random) -> None:
        self._luck = luck
        self._groups: dict[int, str] = {}
        self._makers: dict[Any, Callable[[Any], str]] = {
            codes.ANY: lambda _: self._luck.choice(_PRINTED),
            codes.AT: lambda _: "",
            codes.ASSERT: lambda _: "",
            codes.ASSERT_NOT: lambda _: "",
            codes.BRANCH: lambda given: self._all(self._luck.choice(given[1])),
            codes.GROUPREF: lambda number: self._groups.get(number, ""),
            codes.IN: self._one_of,
            codes.LITERAL: chr,
            codes.MAX_REPEAT: self._repeated,
            codes.MIN_REPEAT: self._repeated,
            codes.NOT_LITERAL: lambda code: self._luck.choice(_PRINTED.replace(chr(code), "")),
            codes.SUBPATTERN: self._group,
        }

    def sample(self, pattern: str) -> str:
        """A text for a pattern; case is taken as it is written."""
        self._groups.clear()
        return self._all(parser.parse(pattern))

    def _all(self, parts: Any) -> str:
        return "".join(self._makers[code](given) for code, given in parts)

    def _repeated(self, given: tuple[int, int, Any]) -> str:
        least, most, parts = given
        most = least + _MORE if most == codes.MAXREPEAT else int(most)
        return "".join(self._all(parts) for _ in range(self._luck.randint(least, most)))

    def _group(self, given: tuple[int | None, int, int, Any]) -> str:
        number, _, _, parts = given
        text = self._all(parts)
        if number is not None:
            self._groups[number] = text
        return text

    def _one_of(self, given: Sequence[tuple[Any, Any]]) -> str:
        negated = given[0][0] is codes.NEGATE
        letters = "".join(map(self._letters, given[1:] if negated else given))
        if negated:
            letters = "".join(letter for letter in _PRINTED if letter not in letters)
        return self._luck.choice(letters)

    @staticmethod
    def _letters(given: tuple[Any, Any]) -> str:
        code, what = given
        if code is codes.RANGE:
            return "".join(map(chr, range(what[0], what[1] + 1)))
        return chr(what) if code is codes.LITERAL else _CATEGORIES[what]


def widths(pattern: str) -> tuple[int, int]:
    """The least and the greatest length of what a pattern matches."""
    least, most = parser.parse(pattern).getwidth()
    return int(least), int(most)
