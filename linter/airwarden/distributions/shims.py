"""Modules and names of Airflow's core that stand for those of a provider, and import it."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TypeAlias

from airwarden.distributions.minors import Minor, holds, minor_version
from airwarden.distributions.names import Need
from airwarden.distributions.tables import rows

_Span: TypeAlias = tuple[Need, Minor | None, Minor | None]


def need_behind(dotted: str, airflow: Minor) -> Need | None:
    """The provider that a module, class or function of Airflow's core imports; None where it needs none."""
    parts = dotted.split(".")
    shims = _shims()
    for length in range(len(parts), 1, -1):
        for need, since, until in shims.get(".".join(parts[:length]), ()):
            if holds(airflow, since, until):
                return need
    return None


@cache
def _shims() -> dict[str, tuple[_Span, ...]]:
    found: defaultdict[str, list[_Span]] = defaultdict(list)
    for row in rows("core_shims"):
        span = (Need(row["distribution"]), minor_version(row["since"]), minor_version(row["until"]))
        found[row["name"]].append(span)
    return {name: tuple(spans) for name, spans in found.items()}
