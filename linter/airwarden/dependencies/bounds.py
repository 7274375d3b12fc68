"""Lower bounds of version specifiers, in PEP 440's words and in Poetry's."""

from __future__ import annotations

import re

from airwarden.patterns import regex

_CLAUSE = regex(r"(~=|===?|!=|<=|>=|<|>)(\s*)([^\s,]+)")
_FINAL = r"\d{1,18}(?:\.\d{1,18})*"
"""A plain final version, none of whose numbers is longer than any real one."""

_RANGE = regex(rf"(?P<sign>[\^~])\s*v?(?P<caret>{_FINAL})|(?:==\s*)?(?P<star>{_FINAL})\.\*")


def raised(versions: str, least: str) -> str | None:
    """The specifier with `least` as its lower bound.

    None where it has that already, where the two contradict each other, or where it is of another form.
    """
    text = versions.strip()
    if text in ("", "*"):
        return f">={least}"
    if re.search(r"\d{30}", text):
        return None
    found = _RANGE.fullmatch(text)
    return _raised_range(found, least) if found else _raised_clauses(text, least)


def _raised_clauses(text: str, least: str) -> str | None:
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

    clauses = list(_CLAUSE.finditer(text))
    lower = next((each for each in clauses if each[1] in (">=", ">")), None)
    try:
        SpecifierSet(text)
        if lower is not None and Version(lower[3]) >= Version(least):
            return None
        if any(each[1] in ("==", "===") and not each[3].endswith(".*") for each in clauses):
            return None
        if lower is None:
            new = f">={least}{', ' if ', ' in text else ','}{text}"
        else:
            new = f"{text[: lower.start()]}>={lower[2]}{least}{text[lower.end() :]}"
        return new if SpecifierSet(new).contains(least, prereleases=True) else None
    except ValueError:
        return None


def _raised_range(found: re.Match[str], least: str) -> str | None:
    """Poetry's `^8.0`, `~8.0` and `8.*`: the upper end stays where it is."""
    sign, wanted = found["sign"] or "*", _numbers(least)
    lowest = _numbers(found["caret"] or found["star"])
    upper = _upper(sign, lowest)
    if not (wanted and lowest < wanted < upper):
        return None
    if sign != "*" and _upper(sign, wanted) == upper:
        return f"{sign}{least}"
    return f">={least},<{'.'.join(map(str, upper))}"


def _upper(sign: str, lowest: tuple[int, ...]) -> tuple[int, ...]:
    """The first version that a range leaves out."""
    if sign == "^":
        index = next((place for place, number in enumerate(lowest) if number), len(lowest) - 1)
    else:
        index = len(lowest) - 1 if sign == "*" else min(1, len(lowest) - 1)
    return (*lowest[:index], lowest[index] + 1)


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers of a plain final version; none of any other."""
    return tuple(map(int, version.split("."))) if re.fullmatch(_FINAL, version) else ()
