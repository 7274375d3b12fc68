"""A file that is too big to be judged was judged by no rule, so its silence proves nothing.

A check on every commit has to end soon whatever it is given, so each file has a budget: of bytes, and of the
values that a few lines of YAML aliases can stand for. No file that people write comes near it. Where the
budget is reached the file is left, and all others are judged as ever.

What makes a file so big is mostly data: move it out of the file, to object storage or a table. Where it is
meant to be like this, name it under `exclude` in `[tool.airwarden]`.
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.findings import Finding
from airwarden.rule import Rule
from airwarden.source import TooBig, Unreadable

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="move the data out of the file, or name the file under `exclude` in [tool.airwarden]",
    see="https://airflow.apache.org/docs/apache-airflow/stable/best-practices.html#reducing-dag-complexity",
)


@rule.unreadable
def check(unreadable: Unreadable) -> Iterator[Finding]:
    """Reports where the budget was reached, and which."""
    if isinstance(unreadable, TooBig):
        yield rule.finding(unreadable.region, f"The file {unreadable.reason}", subject="unreadable")
