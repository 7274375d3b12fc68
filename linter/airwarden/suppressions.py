"""Comments that silence a rule: `# airwarden: ignore[rule-id] reason`, or `ignore-file` for a whole file.

Among the words of the reason, `until=2027-01-31`, `ticket=` and `owner=` say how long, why and for whom.
"""

from __future__ import annotations

import re
import tokenize
from typing import TYPE_CHECKING

from airwarden.config import nearest
from airwarden.findings import Region
from airwarden.justification import Justification
from airwarden.patterns import regex
from airwarden.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from airwarden.findings import Finding
    from airwarden.source import Source

_MARK = "airwarden:"
_DIRECTIVE = regex(
    r"#\s*airwarden:\s*(ignore-file|ignore)\b\s*(?:\[((?:(?!#\s*airwarden:)[^\]])*)\])?"
    r"(.*?)(?=#\s*airwarden:|$)"
)
_OTHER = regex(r"(?<=\s)#(?=\s|noqa|type:)")
"""Where another tool's words begin."""

_MOST_COMPARED = 100
"""Unknown names of a file that are compared with all known ones, which takes most of a millisecond each."""

_NAME = regex(r"[^\s,]+")
_OPENS_TEXT = frozenset("\"'")


@dataclass(frozen=True)
class Suppression:
    """One name of a rule or family in such a comment; a comment without any is one with an empty name.

    `line` is the line whose findings it silences, None for the whole file; `why` is what stands behind the
    names. `region` is that of the name. `is_known` says whether there is such a rule or family; where not,
    `nearest` names the one most like it, in words that end a sentence. `cut` is what to take out so that the
    name is gone: the name itself, or the comment that holds no other.
    """

    name: str
    line: int | None
    why: Justification
    region: Region
    is_known: bool = True
    nearest: str = ""
    cut: Region | None = None

    def covers(self, finding: Finding) -> bool:
        """Whether it silences `finding`, which stands in the same file."""
        return self.name in (finding.rule, finding.family) and self.line in (None, finding.region.line)


@dataclass(frozen=True)
class Expired:
    """What should silence `rule` (or a family) and does no longer, or nobody knows how long: its region, and
    what it says.
    """

    rule: str
    region: Region
    why: Justification


def suppressions_of(source: Source, known: Collection[str]) -> tuple[Suppression, ...]:
    """Every suppression in a Python, YAML or TOML file, in order; `known` are all rules and families."""
    if _MARK not in source.text:
        return ()
    names = _Names(known)
    return tuple(
        suppression
        for line, column, target in _targeted(source)
        for match in _DIRECTIVE.finditer(source.line(line), column)
        for suppression in _named(source, line, match, target, names)
    )


class _Names:
    """The names of rules and families, and what unknown names may have been meant as."""

    def __init__(self, known: Collection[str]) -> None:
        self.known = known
        self._nearest: dict[str, str] = {}

    def nearest(self, name: str) -> str:
        """What is said of an unknown name; nothing after the first ones of a file."""
        if name in self.known or (name not in self._nearest and len(self._nearest) == _MOST_COMPARED):
            return ""
        if name not in self._nearest:
            self._nearest[name] = nearest(name, self.known)
        return self._nearest[name]


def _named(
    source: Source, line: int, match: re.Match[str], target: int, names: _Names
) -> Iterator[Suppression]:
    word, why = match[1], Justification.of(_OTHER.split(match[3])[0])
    speaks_of = None if word == "ignore-file" else target
    found = [(name[0], name.start() + match.start(2)) for name in _NAME.finditer(match[2] or "")]
    if not found:
        region = Region(source.path, line, match.start() + 1, line, match.end() + 1)
        yield Suppression("", speaks_of, why, region, is_known=False)
    places = [(start, start + len(name)) for name, start in found]
    for index, (name, _) in enumerate(found):
        start, end = places[index]
        region = Region(source.path, line, start + 1, line, end + 1)
        cut = _cut(source, line, match, places, index)
        yield Suppression(name, speaks_of, why, region, name in names.known, names.nearest(name), cut)


def _cut(
    source: Source, line: int, match: re.Match[str], names: Sequence[tuple[int, int]], place: int
) -> Region:
    """What goes with one of the names, each from column to column: a comma, or all of the comment but another
    tool's words behind it.
    """
    if place + 1 < len(names):
        return Region(source.path, line, names[place][0] + 1, line, names[place + 1][0] + 1)
    if place:
        return Region(source.path, line, names[place - 1][1] + 1, line, names[place][1] + 1)
    other = _OTHER.search(match[3])
    end = match.start(3) + other.start() if other else match.end()
    before, behind = source.line(line)[: match.start()], source.line(line)[end:]
    if behind.strip():
        return Region(source.path, line, match.start() + 1, line, end + 1)
    if not before.strip() and line < len(source.starts):
        return Region(source.path, line, 1, line + 1, 1)
    return Region(source.path, line, len(before.rstrip()) + 1, line, end + len(behind) + 1)


def _targeted(source: Source) -> Iterator[tuple[int, int, int]]:
    """The comments, each with the line that it speaks of: its own or, where it stands alone, the next one of
    code.
    """
    lines, code = len(source.starts), 0
    for line, column in _comments(source):
        if source.line(line)[:column].strip():
            yield line, column, line
            continue
        if code <= line:
            below = (at for at in range(line + 1, lines + 1) if not re.match(r"\s*(#|$)", source.line(at)))
            code = next(below, lines + 1)
        yield line, column, code if code <= lines else line


def _comments(source: Source) -> list[tuple[int, int]]:
    """The line, from 1, and the column, from 0, of each comment that may hold a suppression."""
    if source.path.endswith(".py"):
        try:
            return list(_python_comments(source))
        except (tokenize.TokenError, SyntaxError):
            pass
    return list(_hash_comments(source))


def _python_comments(source: Source) -> Iterator[tuple[int, int]]:
    lines = (f"{source.line(number)}\n" for number in range(1, len(source.starts) + 1))
    for token in tokenize.generate_tokens(lambda: next(lines, "")):
        if token.type == tokenize.COMMENT and _MARK in token.string:
            yield token.start


def _hash_comments(source: Source) -> Iterator[tuple[int, int]]:
    for number in range(1, len(source.starts) + 1):
        text = source.line(number)
        if _MARK in text:
            column = _comment_start(text)
            if column is not None:
                yield number, column


def _comment_start(text: str) -> int | None:
    """The column of the first `#` of a line that follows a blank and stands outside of quotes.

    A quote opens only where a value can begin, so that the apostrophe of a plain word does not.
    """
    quote, before = "", " "
    for column, character in enumerate(text):
        if quote:
            quote = "" if character == quote and before != "\\" else quote
        elif character in _OPENS_TEXT and before in " \t[{(,:=-":
            quote = character
        elif character == "#" and before in " \t":
            return column
        before = character
    return None
