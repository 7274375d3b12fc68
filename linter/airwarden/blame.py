"""Who wrote a line and when, as far as git knows."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from airwarden.git import Git, GitError
from airwarden.patterns import regex
from airwarden.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_HEAD = regex(r"([0-9a-f]{40,64}) \d+ (\d+)(?: \d+)?")
_FACT = regex(r"(author|author-time|author-tz) (.*)")


@dataclass(frozen=True)
class Authorship:
    """Who wrote a line, and on which day in his own time zone."""

    author: str
    day: date


def blame(git: Git, path: str) -> Mapping[int, Authorship]:
    """The authorship of each line of a file; of none that is not committed, nor where git can't tell."""
    try:
        text = git.ask("blame", "--no-textconv", "--porcelain", "--", path).decode(errors="replace")
    except GitError:
        return {}
    return read(text.split("\n"))


def read(lines: Iterable[str]) -> Mapping[int, Authorship]:
    """What `git blame --porcelain` says of each line; facts are told with the first line of a commit."""
    commits: dict[str, dict[str, str]] = {}
    numbers: dict[int, str] = {}
    facts: dict[str, str] = {}
    for line in lines:
        head, fact = _HEAD.fullmatch(line), _FACT.fullmatch(line)
        if head:
            facts = commits.setdefault(head[1], {})
            numbers[int(head[2])] = head[1]
        elif fact and not line.startswith("\t"):
            facts[fact[1]] = fact[2]
    told = {
        name: _authorship(facts) for name, facts in commits.items() if name.strip("0") and len(facts) == 3
    }
    return {number: known for number, name in numbers.items() if (known := told.get(name))}


def _authorship(facts: Mapping[str, str]) -> Authorship | None:
    """Who wrote a commit and when; None where its time is none, as in a commit that was forged."""
    try:
        return Authorship(facts["author"], _day(facts))
    except (ValueError, OverflowError, OSError):
        return None


def _day(facts: Mapping[str, str]) -> date:
    sign, hours, minutes = facts["author-tz"][:-4], facts["author-tz"][-4:-2], facts["author-tz"][-2:]
    offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    moment = datetime.fromtimestamp(int(facts["author-time"]), timezone.utc) + offset
    return moment.date()
