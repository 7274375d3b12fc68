"""What Airflow 3 moved away from where Airflow 2 had it: old and new names, and since when.

Facts, in `tables/moved_imports.csv`: each imported on Airflow 3.0.6, 3.1.8, 3.2.1 and 3.3.2. `deprecated` is
the version since which the old name warns and the new one works, `gone` that since which it fails. A
row without a new name is about everything below the old one, too.
`scripts/check_moved_imports.py` compares them with an environment that has Airflow.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import TypeAlias

from airwarden.records import dataclass

_TABLE = Path(__file__).parent / "tables" / "moved_imports.csv"

Version: TypeAlias = tuple[int, int]


@dataclass(frozen=True)
class Move:
    """A name that Airflow 3 moved or dropped; `new` is empty where it has none.

    `deprecated` and `gone` are the versions of Airflow since which it warns and fails, where it does.
    """

    old: str
    new: str
    deprecated: Version | None
    gone: Version | None

    def is_retired(self, airflow: Version) -> bool:
        """Whether the old name warns or fails on a version of Airflow."""
        return self.is_gone(airflow) or (self.deprecated is not None and self.deprecated <= airflow)

    def is_gone(self, airflow: Version) -> bool:
        """Whether the old name can't be imported on a version of Airflow."""
        return self.gone is not None and self.gone <= airflow

    @property
    def keeps_its_name(self) -> bool:
        """Whether only the module is another one."""
        return self.new.rpartition(".")[2] == self.old.rpartition(".")[2]


def move_of(dotted: str, airflow: Version) -> Move | None:
    """What became of a module, class or function by a version of Airflow; None where it is in its place."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        found = moves().get(".".join(parts[:length]))
        if found is not None and found.is_retired(airflow) and (length == len(parts) or not found.new):
            return found
    return None


@cache
def moves() -> dict[str, Move]:
    """Every move, by the old name."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return {
            row["old"]: Move(row["old"], row["new"], _version(row["deprecated"]), _version(row["gone"]))
            for row in csv.DictReader(file)
        }


def _version(text: str) -> Version | None:
    major, _, minor = text.partition(".")
    return (int(major), int(minor)) if text else None
