"""Since when a provider has a module, a class or an argument, and until when it had it."""

from __future__ import annotations

from airwarden.distributions.tables import rows_of
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
        for _, since, until in rows_of("lifetimes", ".".join(parts[:length])):
            return Lifetime(since, until)
    return None


def argument_since(dotted_class: str, argument: str) -> str | None:
    """The version of its provider that gave a class's constructor an argument; None where the class always
    took it, or that is not known.
    """
    rows = rows_of("argument_lifetimes", dotted_class)
    return next((since for _, since, arguments in rows if argument in arguments.split()), None)
