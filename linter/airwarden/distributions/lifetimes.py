"""Since when a provider has a module, a class or an argument, and until when it had it."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache

from airwarden.distributions.tables import lines
from airwarden.records import dataclass


@dataclass(frozen=True)
class Lifetime:
    """`since` is the first version with it, "" where its provider always had it; `until` the first one
    without it again, "" where it is still there.
    """

    since: str
    until: str


def lifetime(dotted: str) -> Lifetime | None:
    """Of a module of a provider, of a class or function in one, or of a notifier's `async_notify`.

    None where it has lived as long as its provider, or nothing is known of it. What is in a module that came
    or went has the module's own lifetime, unless its own is shorter.
    """
    parts = dotted.split(".")
    for length in range(len(parts), 2, -1):
        for since, until in _rows("lifetimes", ".".join(parts[:length])):
            return Lifetime(since, until)
    return None


def argument_since(dotted_class: str, argument: str) -> str | None:
    """The version of its provider that gave a class's constructor an argument; None where the class always
    took it, or that is not known.
    """
    rows = _rows("argument_lifetimes", dotted_class)
    return next((since for since, arguments in rows if argument in arguments.split()), None)


@cache
def _rows(table: str, name: str) -> tuple[tuple[str, str], ...]:
    """What stands behind a name in a sorted table of three columns, none of which has a comma."""
    found = lines(table)
    start = bisect_left(found, f"{name},")
    rows = []
    for line in found[start:]:
        key, first, second = line.split(",")
        if key != name:
            break
        rows.append((first, second))
    return tuple(rows)
