"""Which distribution has which module."""

from __future__ import annotations

from functools import cache

from airwarden.distributions.names import Need
from airwarden.distributions.tables import rows


@cache
def package_of(dotted: str) -> str | None:
    """The known package that a module, class or function is in: the longest; None where none is known."""
    known = modules()
    package = dotted
    while package and package not in known:
        package = package.rpartition(".")[0]
    return package or None


def need_of_module(dotted: str) -> Need | None:
    """What has to be installed so that a module, class or function can be imported; None if not known."""
    package = package_of(dotted)
    return None if package is None else Need(modules()[package])


def third_party() -> frozenset[str]:
    """The known distributions that extend Airflow and are not its own."""
    return frozenset(row["distribution"] for row in rows("third_party_libraries"))


@cache
def modules() -> dict[str, str]:
    """The distribution of each known package."""
    tables = (*rows("third_party_libraries"), *rows("providers"))
    return {row["module"]: row["distribution"] for row in tables}
