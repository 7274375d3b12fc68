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

from airwarden.findings import Finding
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


@rule.unused
def check(suppression: Suppression) -> Iterator[Finding]:
    """Reports one name that a suppression gives in vain."""
    yield rule.finding(
        suppression.region, _message(suppression), subject=f"suppression of {suppression.name}"
    )


def _message(suppression: Suppression) -> str:
    if not suppression.name:
        return "This suppression names no rule: write the rule's id in brackets, as in ignore[known-token]"
    if not suppression.is_known:
        return f"There is no rule or family {suppression.name!r} to suppress{suppression.nearest}"
    place = "in this file" if suppression.line is None else f"on line {suppression.line}"
    return f"{suppression.name} finds nothing {place} that this could suppress"
