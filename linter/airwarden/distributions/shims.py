"""Modules and names of Airflow's core that stand for those of a provider, and import it."""

from __future__ import annotations

from functools import cache
from typing import TypeAlias

from airwarden.distributions.minors import Minor, holds, minor_version
from airwarden.distributions.names import Need
from airwarden.distributions.tables import rows_of

_Span: TypeAlias = tuple[Need, Minor | None, Minor | None]


def need_behind(dotted: str, airflow: Minor) -> Need | None:
    """The provider that a module, class or function of Airflow's core imports; None where it needs none."""
    spans = _spans(dotted)
    return next((need for need, since, until in spans if holds(airflow, since, until)), None)


@cache
def _spans(dotted: str) -> tuple[_Span, ...]:
    """What is known of a name, of what it is in, and so on."""
    parts = dotted.split(".")
    names = (".".join(parts[:length]) for length in range(len(parts), 1, -1))
    return tuple(
        (Need(distribution), minor_version(since), minor_version(until))
        for name in names
        for _, distribution, since, until in rows_of("core_shims", name)
    )
