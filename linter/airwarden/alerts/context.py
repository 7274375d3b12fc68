"""What a template may find undefined in a DAG's own callback."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from enum import Enum
from functools import cache
from pathlib import Path

NEVER = "task callback"
"""What a name needs that a DAG's own callback never gets."""

_TABLE = Path(__file__).parent.parent / "tables" / "alert_context.csv"


class Context(Enum):
    """What a DAG's own failure callback gets to know of a task instance."""

    ALWAYS = "one of the run, always: Airflow 2"
    SOMETIMES = "the last failed one, where there is one: Airflow 3.0.4 and later"
    NEVER = "none: Airflow 3.0.0 to 3.0.3"
    UNKNOWN = "unknown"


@cache
def context_names() -> Mapping[str, str]:
    """The names that a template may not find in a DAG's own callback, with what each needs to be there."""
    with _TABLE.open(encoding="utf-8", newline="") as table:
        return {row["name"]: row["needs"] for row in csv.DictReader(table)}


@cache
def implied_names() -> Mapping[str, frozenset[str]]:
    """The names that are there wherever another one is."""
    names = context_names()
    known = frozenset(name for name, need in names.items() if need == "task instance")
    dated = frozenset(name for name, need in names.items() if need == "logical date")
    return {**dict.fromkeys(known, known), **dict.fromkeys(dated, known | dated)}
