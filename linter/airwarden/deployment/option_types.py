"""As what Airflow reads its options: a truth value, an integer, a float; of a text nothing is known here."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeAlias, cast

from airwarden.credentials.sensitive import env_name

OptionType: TypeAlias = Literal["boolean", "float", "integer"]

_TABLE = Path(__file__).parent.parent / "tables" / "option_types.csv"


def type_of(variable: str) -> OptionType | None:
    """What the option is that a variable sets; None for a text, and for one that is not known.

    Source: config.yml of Airflow 2.11 to 3.3 and what providers tell of their options.
    """
    return _types().get(variable)


def is_known_section(variable: str) -> bool:
    """Whether a variable sets an option in a section of Airflow or of a provider that the table knows."""
    return variable.rpartition("__")[0] in _sections()


@lru_cache(maxsize=1)
def _sections() -> frozenset[str]:
    return frozenset(known.rpartition("__")[0] for known in _types())


@lru_cache(maxsize=1)
def _types() -> dict[str, OptionType]:
    with _TABLE.open(encoding="utf-8", newline="") as table:
        rows = tuple(csv.DictReader(table))
    return {env_name(row["section"], row["key"]): cast(OptionType, row["type"]) for row in rows}
