"""A file that is nested too deeply to be read was judged by no rule, so its silence proves nothing.

Brackets in brackets, lists in lists: each level takes a piece of the stack of whatever reads it, and Python,
Helm and every other reader stops at some depth, some of them by a crash. No file that people write comes near
the depth at which airwarden stops. The finding stands where that is reached.

Take the nesting apart: give the inner parts names of their own. Where a program writes the file and it is
meant to be like this, name it under `exclude` in `[tool.airwarden]`.
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.findings import Finding
from airwarden.rule import Rule
from airwarden.source import TooDeep, Unreadable

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="take the nesting apart, or name the file under `exclude` in [tool.airwarden]",
    see="https://docs.python.org/3/reference/lexical_analysis.html",
)


@rule.unreadable
def check(unreadable: Unreadable) -> Iterator[Finding]:
    """Reports where the depth was reached."""
    if isinstance(unreadable, TooDeep):
        yield rule.finding(unreadable.region, f"The file {unreadable.reason}", subject="unreadable")
