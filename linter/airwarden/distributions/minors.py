"""Minor versions of Airflow, and the ranges of them that facts hold for."""

from __future__ import annotations

from typing import TypeAlias

Minor: TypeAlias = tuple[int, int]
"""A minor version of Airflow: (2, 10)."""

LAST_OF_SERIES: tuple[Minor, Minor] = ((2, 11), (3, 3))
"""The last minor versions of Airflow 2 and 3 that the tables know."""


def minor_version(text: str) -> Minor | None:
    """A minor version as tables write it; None where nothing stands."""
    major, dot, minor = text.partition(".")
    return (int(major), int(minor)) if dot else None


def holds(airflow: Minor, since: Minor | None, until: Minor | None) -> bool:
    """Whether a fact holds for a minor version: from `since` on, and before `until`."""
    return (since is None or since <= airflow) and (until is None or airflow < until)
