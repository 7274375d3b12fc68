"""What Airflow and its extras install, and what providers bring along."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Literal, TypeAlias

from airwarden.distributions.minors import Minor, holds, minor_version
from airwarden.distributions.modules import modules
from airwarden.distributions.names import PROVIDER, Need, normalised
from airwarden.distributions.tables import rows

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
        for need, since, until in _extras().get(normalised(extra), ())
        if need is not None and holds(airflow, since, until)
    )


def knows_extra(extra: str, airflow: Minor) -> bool:
    """Whether apache-airflow has such an extra. Installers only warn of one that it has not."""
    return any(holds(airflow, since, until) for _, since, until in _extras().get(normalised(extra), ()))


def successor_of_extra(extra: str) -> str | None:
    """The extra that installs what one that Airflow dropped did: `amazon` for `aws`."""
    return _successors().get(normalised(extra))


def provider_named(extra: str) -> str | None:
    """The provider that an extra of another provider is named after, as in `[cncf.kubernetes]`."""
    distribution = f"{PROVIDER}{normalised(extra)}"
    return distribution if distribution in modules().values() else None


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


def own_extras(distribution: str) -> frozenset[str]:
    """The extras that a provider's newest release has itself."""
    return frozenset(
        row["extra"] for row in rows("provider_own_extras") if row["distribution"] == distribution
    )


def brought_by_own_extra(distribution: str, extra: str) -> frozenset[str]:
    """The providers that an extra of a provider installs."""
    return frozenset(
        row["brings"]
        for row in rows("provider_own_extras")
        if (row["distribution"], row["extra"]) == (distribution, normalised(extra)) and row["brings"]
    )


def brought_by_own_extras(distribution: str) -> frozenset[str]:
    """The providers that any extra of a provider installs: parts of it import them."""
    found = (row["brings"] for row in rows("provider_own_extras") if row["distribution"] == distribution)
    return frozenset(found) - {""}


def in_image(image: str, airflow: Minor) -> frozenset[str]:
    """The providers that a base image or a managed service has by itself."""
    series = str(airflow[0])
    return frozenset(
        row["distribution"]
        for row in rows("base_images")
        if row["image"] == image and row["airflow"] == series
    )


@cache
def _extras() -> dict[str, tuple[_Span, ...]]:
    found: defaultdict[str, list[_Span]] = defaultdict(list)
    for row in rows("provider_extras"):
        need = Need.parse(row["requirement"]) if row["requirement"] else None
        found[row["extra"]].append((need, minor_version(row["since"]), minor_version(row["until"])))
    return {extra: tuple(spans) for extra, spans in found.items()}


@cache
def _successors() -> dict[str, str]:
    return {row["extra"]: row["successor"] for row in rows("extra_successors")}


@cache
def _brought() -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows("provider_dependencies"):
        found[row["distribution"]].add(row["brings"])
    return {distribution: frozenset(brings) for distribution, brings in found.items()}
