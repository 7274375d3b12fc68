"""What Airflow and its extras install, and what providers bring along."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Literal

from airwarden.distributions.modules import modules
from airwarden.distributions.names import Need, normalised
from airwarden.distributions.tables import rows

_PREFIX = "apache-airflow-providers-"

Series = Literal["2", "3"]
"""Airflow 2 or Airflow 3."""

BOTH: frozenset[Series] = frozenset({"2", "3"})


def by_extra(extra: str, series: Series) -> frozenset[Need]:
    """What an extra of apache-airflow installs."""
    return _extras().get((normalised(extra), series), frozenset())


def provider_named(extra: str) -> str | None:
    """The provider that an extra of another provider is named after, as in `[cncf.kubernetes]`."""
    distribution = f"{_PREFIX}{normalised(extra)}"
    return distribution if distribution in modules().values() else None


def preinstalled(series: Series) -> frozenset[str]:
    """The providers that every installation of apache-airflow has."""
    return frozenset(
        row["distribution"] for row in rows("preinstalled_providers") if row["airflow"] == series
    )


def brought_by(distribution: str) -> frozenset[str]:
    """The providers that a provider needs itself, and so installs."""
    return frozenset(
        row["brings"] for row in rows("provider_dependencies") if row["distribution"] == distribution
    )


def in_image(image: str, series: Series) -> frozenset[str]:
    """The providers that a base image or a managed service has by itself."""
    return frozenset(
        row["distribution"]
        for row in rows("base_images")
        if row["image"] == image and row["airflow"] == series
    )


@cache
def _extras() -> dict[tuple[str, str], frozenset[Need]]:
    found: defaultdict[tuple[str, str], set[Need]] = defaultdict(set)
    for row in rows("provider_extras"):
        found[row["extra"], row["airflow"]].add(Need.parse(row["requirement"]))
    return {key: frozenset(needs) for key, needs in found.items()}
