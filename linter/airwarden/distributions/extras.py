"""What Airflow and its extras install, and what providers bring along."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Literal, TypeAlias

from airwarden.distributions.minors import Minor, holds, minor_version
from airwarden.distributions.modules import modules
from airwarden.distributions.names import PROVIDER, Need, normalised
from airwarden.distributions.tables import rows, rows_of

Series = Literal["2", "3"]
"""Airflow 2 or Airflow 3, each as its last minor version that the tables know."""

BOTH: frozenset[Series] = frozenset({"2", "3"})

_Span: TypeAlias = tuple[Need | None, Minor | None, Minor | None]


def by_extra(extra: str, airflow: Minor) -> frozenset[Need]:
    """What an extra of apache-airflow installs: providers, or other libraries where it has no provider.

    Of `all` and its like, the providers alone.
    """
    return frozenset(
        need
        for need, since, until in _spans(normalised(extra))
        if need is not None and holds(airflow, since, until)
    )


def knows_extra(extra: str, airflow: Minor) -> bool:
    """Whether apache-airflow has such an extra. Installers only warn of one that it has not."""
    return any(holds(airflow, since, until) for _, since, until in _spans(normalised(extra)))


def successor_of_extra(extra: str) -> str | None:
    """The extra that installs what one that Airflow dropped did: `amazon` for `aws`."""
    return _successors().get(normalised(extra))


def provider_named(extra: str) -> str | None:
    """The provider that an extra of another provider is named after, as in `[cncf.kubernetes]`."""
    distribution = f"{PROVIDER}{normalised(extra)}"
    return distribution if distribution in modules().values() else None


@cache
def preinstalled(airflow: Minor) -> frozenset[str]:
    """The providers that every installation of apache-airflow has."""
    return frozenset(
        row["distribution"]
        for row in rows("preinstalled_providers")
        if holds(airflow, minor_version(row["since"]), minor_version(row["until"]))
    )


def brought_by(distribution: str) -> frozenset[str]:
    """The providers that a provider's newest release needs itself, and so installs."""
    return _brought().get(distribution, frozenset())


@cache
def own_extras(distribution: str) -> frozenset[str]:
    """The extras that a provider's newest release has itself."""
    return frozenset(extra for _, extra, _ in rows_of("provider_own_extras", distribution))


def brought_by_own_extra(distribution: str, extra: str) -> frozenset[str]:
    """The providers that an extra of a provider installs."""
    found = rows_of("provider_own_extras", distribution)
    return frozenset(brings for _, own, brings in found if own == normalised(extra) and brings)


@cache
def brought_by_own_extras(distribution: str) -> frozenset[str]:
    """The providers that any extra of a provider installs: parts of it import them."""
    return frozenset(brings for _, _, brings in rows_of("provider_own_extras", distribution) if brings)


@cache
def in_image(image: str, airflow: Minor) -> frozenset[str]:
    """The providers that a base image or a managed service has by itself."""
    found = rows_of("base_images", image)
    return frozenset(distribution for _, series, distribution in found if series == str(airflow[0]))


@cache
def _spans(extra: str) -> tuple[_Span, ...]:
    return tuple(
        (Need.parse(requirement) if requirement else None, minor_version(since), minor_version(until))
        for _, requirement, since, until in rows_of("provider_extras", extra)
    )


@cache
def _successors() -> dict[str, str]:
    return {row["extra"]: row["successor"] for row in rows("extra_successors")}


@cache
def _brought() -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows("provider_dependencies"):
        found[row["distribution"]].add(row["brings"])
    return {distribution: frozenset(brings) for distribution, brings in found.items()}
