"""A suppression that suppresses nothing hides the next fault that comes to its line.

It was written for a finding that is gone, or never was there: the code was mended, the comment has moved
away from it, or the rule's name is misspelt. Whoever reads it believes in a fault that does not exist, and a
new one at the same place is silenced unseen. It counts as unused only when every rule it names has judged
the file in this run.

Delete the comment, or the one name in it that is not needed. A comment that stands alone on its line speaks
of the next line of code; one behind code speaks of its own line, where the finding must start.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from airwarden.findings import Edit, Finding, Fix
from airwarden.rule import Rule
from airwarden.suppressions import Suppression

rule = Rule(
    __name__,
    help=__doc__,
    level="warning",
    remedy="delete it, or name the rule as `airwarden rules` does",
    see="https://github.com/airwarden/airwarden#configuration",
    profile="recommended",
)

LIKE = 0.8


@rule.unused
def check(suppression: Suppression) -> Iterator[Finding]:
    """Reports one name that a suppression gives in vain."""
    yield rule.finding(
        suppression.region,
        _message(suppression),
        fix=_fix(suppression),
        subject=f"suppression of {suppression.name}",
    )


def _fix(suppression: Suppression) -> Fix | None:
    """Takes out a name in vain; one that is unknown may be that of a rule of others, or misspelt."""
    if not suppression.is_known:
        near = suppression.nearest.partition("'")[2].rpartition("'")[0]
        is_sure = near != "" and SequenceMatcher(None, suppression.name, near).ratio() >= LIKE
        return Fix(f"write {near}", (Edit(suppression.region, near),)) if is_sure else None
    if suppression.cut is None:
        return None
    return Fix("take the suppression out", (Edit(suppression.cut, ""),), safe=True)


def _message(suppression: Suppression) -> str:
    if not suppression.name:
        return "This suppression names no rule: write the rule's id in brackets, as in ignore[known-token]"
    if not suppression.is_known:
        return f"There is no rule or family {suppression.name!r} to suppress{suppression.nearest}"
    place = "in this file" if suppression.line is None else f"on line {suppression.line}"
    return f"{suppression.name} finds nothing {place} that this could suppress"
