"""What the package index's public list of names says of providers."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from scripts.provider_tables.metadata import normalised


@dataclass(frozen=True)
class Listed:
    """A distribution's newest version, and the month it was released in, as YYYY-MM."""

    version: str
    month: str


def listed(path: Path) -> dict[str, Listed]:
    """Reads a list of tab-separated names, versions and months, with a head. Only Airflow's are kept."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(rows, None)
        return {
            normalised(row[0]): Listed(row[1], row[2])
            for row in rows
            if len(row) >= 3 and normalised(row[0]).startswith("apache-airflow")
        }


def is_given_up(last: Listed, today: str, months: int = 24) -> bool:
    """Whether a distribution's last release is years old. `today` is YYYY-MM-DD."""
    year, month = map(int, last.month.split("-"))
    return (int(today[:4]) - year) * 12 + int(today[5:7]) - month > months
