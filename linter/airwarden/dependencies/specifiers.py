"""Version specifiers of PEP 440 and of Poetry, and which releases they leave room for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

from airwarden.patterns import regex

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

_LOWER = regex(r"^\s*(?:>|~|\^|===?|\d)")
_NUMBERS = regex(r"\d+")
_TOO_LONG = regex(r"\d{30}")
"""More digits than any version has. Python refuses to make a number of a few thousand."""

_PATCHES = range(30)


@lru_cache(maxsize=4096)
def parsed(versions: str) -> SpecifierSet | None:
    """A specifier in any of these forms; None for another, such as Poetry's `||`, or `===` and no version."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion

    if _TOO_LONG.search(versions):
        return None
    clauses = [clause.strip() for clause in versions.split(",")]
    try:
        found = SpecifierSet(",".join(_clause(each) for each in clauses if each not in ("", "*")))
        _ = found.prereleases
    except (InvalidSpecifier, InvalidVersion):
        return None
    return found


def _clause(clause: str) -> str:
    """One of Poetry's clauses in PEP 440's words."""
    if clause.startswith("^"):
        return _below_next(clause[1:].strip(), _caret_length(clause))
    if clause.startswith("~") and not clause.startswith("~="):
        return _below_next(clause[1:].strip(), 2)
    return f"=={clause}" if clause[:1].isdigit() else clause


def _caret_length(clause: str) -> int:
    """How many numbers of a version stay as they are: up to the first that is not zero."""
    numbers = _NUMBERS.findall(clause)
    zeros = next((index for index, number in enumerate(numbers) if int(number)), len(numbers) - 1)
    return zeros + 1


def _below_next(version: str, length: int) -> str:
    numbers = [int(each) for each in _NUMBERS.findall(version)][:length]
    return f">={version},<{'.'.join(map(str, [*numbers[:-1], numbers[-1] + 1]))}" if numbers else version


def allows_any(specifier: str, versions: Sequence[str]) -> bool:
    """Whether a specifier leaves room for one of these versions; not where its form is unknown."""
    found = parsed(specifier)
    return found is not None and any(True for _ in found.filter(versions))


@lru_cache(maxsize=4096)
def allows_series(specifier: str, series: str) -> bool:
    """Whether a specifier allows any version of a major or minor one, `3` or `3.1`; yes if not known."""
    found = parsed(specifier)
    if found is None:
        return True
    rest = product(_telling(str(found)), repeat=2 - series.count("."))
    inner = (".".join((series, *map(str, numbers))) for numbers in rest)
    own = [text for text in re.findall(r"\d\w*(?:\.\w+)*", specifier) if f"{text}.".startswith(f"{series}.")]
    return any(found.contains(version, prereleases=True) for version in (*inner, *own))


def _telling(specifier: str) -> list[int]:
    """The numbers of patches that tell all of them: those beside a number that the specifier names, for what
    it says changes nowhere else, and the ends.
    """
    named = {int(each) for each in _NUMBERS.findall(specifier)}
    beside = {each + step for each in named for step in (-1, 0, 1)}
    return sorted((beside | {_PATCHES[0], _PATCHES[-1]}).intersection(_PATCHES))


def allowed(specifiers: Iterable[str], versions: Sequence[str]) -> tuple[str, ...]:
    """Those of `versions` that all specifiers allow; all of them where a form is unknown."""
    left = tuple(versions)
    for text in specifiers:
        left = _allowed(text, left)
    return left


@lru_cache(maxsize=4096)
def _allowed(specifier: str, versions: tuple[str, ...]) -> tuple[str, ...]:
    found = parsed(specifier)
    return versions if found is None else tuple(found.filter(versions))


def has_lower_bound(specifier: str) -> bool:
    """Whether a specifier says which version is the oldest to do."""
    return any(_LOWER.match(clause) and clause.strip() != "*" for clause in specifier.split(","))


def is_older(version: str, other: str) -> bool:
    """Whether a version comes before another one."""
    from packaging.version import Version

    return Version(version) < Version(other)
