"""An entry of the baseline that matches nothing lets the same fault come back unseen.

The finding that it stood for was mended, or its file is gone. As long as the entry is there, a new finding of
the same rule about the same thing in the same file is taken for the old one and fails nothing. It counts as
unused only when the run covered its file and its rule has judged it.

`airwarden baseline prune` takes out all such entries, and lowers the counts of those that are about fewer
findings than they say.
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.baseline import Match
from airwarden.findings import Finding
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="warning",
    remedy="run `airwarden baseline prune`",
    see="https://github.com/airwarden/airwarden#suppressions-and-the-baseline",
    profile="recommended",
)


@rule.unmatched
def check(match: Match) -> Iterator[Finding]:
    """Reports an entry that is about more findings than there are."""
    if match.region is not None:
        entry = match.entry
        subject = f"{entry.rule} {entry.path} {entry.subject}"
        yield rule.finding(match.region, _message(match), subject=subject)


def _message(match: Match) -> str:
    entry = match.entry
    if not match.is_known:
        return f"There is no rule {entry.rule!r}"
    if not match.found:
        return f"{entry.rule} no longer finds this in {entry.path}: {entry.subject}"
    left = "1 is" if match.found == 1 else f"{match.found} are"
    return f"{entry.rule} found this {entry.count} times in {match.path}, and {left} left: {entry.subject}"
