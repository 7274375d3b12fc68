"""Regular expressions that stand in what is linted: they are searched for only where that can't take long."""

from __future__ import annotations

import re
import sys
import warnings
from functools import lru_cache
from math import factorial
from typing import Any

if sys.version_info >= (3, 11):
    from re import _constants as codes  # type: ignore[attr-defined]
    from re import _parser as parser  # type: ignore[attr-defined]
else:
    import sre_constants as codes
    import sre_parse as parser

MOST_STEPS = 1_000_000
"""About as many steps a search may take: some thousandths of a second."""

MOST_GROUPS = 50
"""Brackets that may open in a pattern: as it is read, each inside another takes room on the stack."""

_MANY = 20
"""A part that may be repeated more often counts as repeated without bound."""

_ENDLESS = 1e12
"""More ways than can ever be tried."""

_CATEGORIES = {
    codes.CATEGORY_DIGIT: r"\d",
    codes.CATEGORY_NOT_DIGIT: r"\D",
    codes.CATEGORY_SPACE: r"\s",
    codes.CATEGORY_NOT_SPACE: r"\S",
    codes.CATEGORY_WORD: r"\w",
    codes.CATEGORY_NOT_WORD: r"\W",
}


def is_found(pattern: str, text: str) -> bool | None:
    """Whether a text holds what a pattern is for; None where it is no pattern, or a search may take long."""
    if len(text) > longest_text(pattern):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return re.search(pattern, text) is not None


@lru_cache(maxsize=1024)
def longest_text(pattern: str) -> int:
    """How many characters a text may have to be searched for a pattern; -1 where it is none."""
    if pattern.count("(") > MOST_GROUPS:
        return -1
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            tree = parser.parse(pattern)
    except (re.error, OverflowError):
        return -1
    if _doubles(tree, within=False):
        return MOST_STEPS.bit_length()
    count = min(_repeats(tree, is_last=True) + (not _is_anchored(tree)), _MANY)
    return int((MOST_STEPS / _choices(tree) * factorial(count)) ** (1 / max(count, 1)))


def _is_anchored(parts: Any) -> bool:
    return len(parts) > 0 and parts[0] in (
        (codes.AT, codes.AT_BEGINNING),
        (codes.AT, codes.AT_BEGINNING_STRING),
    )


def _is_repeat(code: Any, given: Any) -> bool:
    return code in (codes.MAX_REPEAT, codes.MIN_REPEAT) and given[1] > _MANY


def _repeats(parts: Any, *, is_last: bool) -> int:
    """How many parts are repeated without bound; one that nothing follows is tried once and left out."""
    count = 0
    for place, (code, given) in enumerate(parts):
        ends = is_last and place == len(parts) - 1
        count += _is_repeat(code, given) and not ends
        is_bounded = code in (codes.MAX_REPEAT, codes.MIN_REPEAT) and not _is_repeat(code, given)
        inside = sum(_repeats(inner, is_last=ends and not is_bounded) for inner in inner_parts(code, given))
        count += inside * (int(given[1]) if is_bounded else 1)
    return count


def _choices(parts: Any) -> float:
    """In how many ways the parts that are no endless repetitions can be taken."""
    product = 1.0
    for code, given in parts:
        inner = [_choices(each) for each in inner_parts(code, given)]
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT) and not _is_repeat(code, given):
            product *= (given[1] - given[0] + 1) * inner[0] ** max(given[1], 1)
        elif inner and not _is_repeat(code, given):
            product *= sum(inner)
        product = min(product, _ENDLESS)
    return product


def _doubles(parts: Any, *, within: bool) -> bool:
    """Whether the time may double with each character, as for what can be divided in several ways."""
    for code, given in parts:
        repeats = _is_repeat(code, given)
        varies = code in (codes.MAX_REPEAT, codes.MIN_REPEAT) and given[0] != given[1]
        if code in (codes.GROUPREF, codes.GROUPREF_EXISTS) or (within and (varies or code is codes.BRANCH)):
            return True
        inner = inner_parts(code, given)
        is_safe = repeats and _is_divided(_unwrapped(given[2]))
        if any(_doubles(each, within=not is_safe and (within or repeats)) for each in inner):
            return True
    return False


def _is_divided(parts: Any) -> bool:
    """Whether one letter, which no other of some parts takes, stands in each repetition of them."""
    signs = [given for code, given in parts if code is codes.LITERAL]
    others = [_of_one_letter(part) for part in parts if part[0] is not codes.LITERAL]
    return any(all(part is not None and not _takes(part, sign) for part in others) for sign in signs)


def _of_one_letter(part: Any) -> Any:
    """A part that takes one letter, or that is repeated and takes one each time; None for any other."""
    code, given = part
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT) and len(given[2]) == 1:
        part = given[2][0]
    return part if part[0] in (codes.ANY, codes.IN, codes.LITERAL, codes.NOT_LITERAL) else None


def _unwrapped(parts: Any) -> Any:
    while len(parts) == 1 and parts[0][0] is codes.SUBPATTERN:
        parts = parts[0][1][3]
    return parts


def _takes(part: Any, sign: int) -> bool:
    code, given = part
    if code is not codes.IN:
        return code is codes.ANY or (given == sign) == (code is codes.LITERAL)
    taken = any(
        (code is codes.LITERAL and what == sign)
        or (code is codes.RANGE and what[0] <= sign <= what[1])
        or (code is codes.CATEGORY and re.match(_CATEGORIES.get(what, ""), chr(sign)) is not None)
        for code, what in given
    )
    return taken != (given[0][0] is codes.NEGATE)


def inner_parts(code: Any, given: Any) -> list[Any]:
    """The parts inside one part of an expression, as its parser gives it."""
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT) or code.name == "POSSESSIVE_REPEAT":
        return [given[2]]
    if code is codes.BRANCH:
        return list(given[1])
    if code is codes.SUBPATTERN:
        return [given[3]]
    if code in (codes.ASSERT, codes.ASSERT_NOT):
        return [given[1]]
    return [given] if code.name == "ATOMIC_GROUP" else []
