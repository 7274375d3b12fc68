"""Globs as .gitignore has them, matched in time that grows with their length and not with their stars."""

from __future__ import annotations

import re
import warnings
from contextlib import nullcontext
from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pathspec import GitIgnoreSpec
    from pathspec.pattern import RegexPattern

_FEW = 2
"""Stars in one name, or folders of any depth in a path, that a regular expression tries in no time."""

_ANY, _STAR = "\0", "\0*"
_ANYWHERE, _BETWEEN = "^(?:.+/)?", "(?:/.+)?"
"""What `pathspec` makes of `?` and `*`, where a NUL stands for any character of a name, and of `**` at the
beginning and in the midst of a glob.
"""
_END = re.compile(r"\(\?(?::\(\?)?P<.*", re.DOTALL)
"""What it ends in: a group that tells folders from files."""


def globs_of(lines: Iterable[str]) -> GitIgnoreSpec:
    """What the lines of an ignore file leave out. A line that is no glob says nothing, as for git."""
    from pathspec import GitIgnoreSpec

    given = list(lines)
    if not any("[" in line or "\\" in line or line.startswith("!") or _is_wild(line) for line in given):
        return GitIgnoreSpec.from_lines(given)
    patterns: list[Any] = [_tamed(pattern) for line in given for pattern in _patterns(line)]
    try:
        return GitIgnoreSpec(patterns, backend="simple")
    except TypeError:
        return GitIgnoreSpec(patterns)


def is_sound(glob: str) -> bool:
    """Whether anything can be made of a glob, as nothing can of `[z-a]`."""
    return bool(_patterns(glob))


def _is_wild(line: str) -> bool:
    return line.count("*") > _FEW


def _patterns(line: str) -> Sequence[RegexPattern]:
    """What is made of a line: nothing where that can't be, nor of a NUL, which no name has."""
    from pathspec import GitIgnoreSpec

    if "\0" in line:
        return []
    with warnings.catch_warnings() if "[" in line else nullcontext():
        if "[" in line:
            warnings.simplefilter("ignore")
        try:
            return list(GitIgnoreSpec.from_lines([line]).patterns)
        except (ValueError, re.error):
            return []


def _tamed(pattern: RegexPattern) -> RegexPattern:
    """A pattern that gives up no star once it is settled: what comes behind it can always come later, too."""
    if pattern.regex is None:
        return pattern
    written = pattern.regex.pattern.replace("[^/]", _ANY)
    if written.count(_STAR) + written.count(_BETWEEN) <= _FEW:
        return pattern
    end = _END.search(written)
    place = end.start() if end else len(written)
    names = (f"w{number}" for number in count())
    tamed = _between_tamed(written[:place], names) + written[place:]
    return type(pattern)(re.compile(tamed.replace(_ANY, "[^/]")), pattern.include)


def _between_tamed(written: str, names: Iterator[str]) -> str:
    """Each part of a path between two `**` stands where it can stand first, save the last."""
    first = _ANYWHERE if written.startswith(_ANYWHERE) else ""
    head, *parts = written.removeprefix(first).split(_BETWEEN)
    *middle, last = [_stars_tamed(each, names) for each in parts] or [""]
    head = _stars_tamed(head, names)
    if parts and first:
        head = _settled(f"(?:.+?/)??{head}(?=/)", next(names))
        first = "^"
    settled = (_settled(f"(?:/.+?)??{each}(?=/)", next(names)) for each in middle)
    return "".join((first, head, *settled, _BETWEEN + last if parts else ""))


def _stars_tamed(written: str, names: Iterator[str]) -> str:
    """The same for what stands between two stars of one name."""
    return "/".join(_name_tamed(each, names) for each in written.split("/"))


def _name_tamed(written: str, names: Iterator[str]) -> str:
    head, *parts = written.split(_STAR)
    if len(parts) <= _FEW:
        return written
    *middle, last = parts
    settled = (_settled(f"[^/]*?{each}", next(names)) for each in middle if each)
    return "".join((head, *settled, _STAR, last))


def _settled(written: str, name: str) -> str:
    """A group that is tried in one way only."""
    return f"(?=(?P<{name}>{written}))(?P={name})"
