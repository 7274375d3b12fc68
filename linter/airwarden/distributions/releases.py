"""The releases of Airflow and its providers, and the providers that were given up."""

from __future__ import annotations

import re
from functools import cache

from airwarden.distributions.tables import rows, rows_of
from airwarden.records import dataclass


@dataclass(frozen=True)
class Release:
    """A release that installers take by themselves: final, and not yanked.

    `airflow` and `python` are the versions of these that it allows, as specifiers; "" for any.
    """

    version: str
    airflow: str
    python: str


@dataclass(frozen=True)
class Removal:
    """That a provider was given up: its last release, and the distribution that took over; "" if none did."""

    last: str
    successor: str


@cache
def releases(distribution: str) -> tuple[Release, ...]:
    """The known releases of Airflow or a provider, oldest first; none of a distribution that is not known."""
    found = [
        Release(version, airflow, python)
        for _, airflow, python, versions in rows_of("provider_releases", distribution)
        for version in versions.split()
    ]
    return tuple(sorted(found, key=lambda release: age(release.version)))


def removal(distribution: str) -> Removal | None:
    """What became of a provider that Airflow dropped; None of any other distribution."""
    return _removals().get(distribution)


def age(version: str) -> tuple[int, ...]:
    """What orders the versions of final releases."""
    return tuple(int(number) for number in re.findall(r"\d+", version))


@cache
def _removals() -> dict[str, Removal]:
    return {row["distribution"]: Removal(row["last"], row["successor"]) for row in rows("removed_providers")}
