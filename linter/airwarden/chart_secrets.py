"""What the charts know of secrets: keys that take or name one, variables made of them, what is retired."""

from __future__ import annotations

import csv
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from airwarden.records import dataclass

ChartVersion: TypeAlias = tuple[int, int, int]

_TABLES = Path(__file__).parent / "tables"


@dataclass(frozen=True)
class Pair:
    """A key that takes a secret itself, and the key that names a Secret in its stead.

    `exclusive` tells when the chart refuses both: "celery" and "redis" for what runs with Celery, else the
    key that must be true; empty where the Secret wins.
    """

    inline: str
    reference: str
    exclusive: str


@dataclass(frozen=True)
class BuiltIn:
    """A variable that the official chart takes from a Secret, and the key that names this Secret.

    `removed` is the first version of the chart without it; section and option are empty for a connection.
    """

    name: str
    section: str
    option: str
    removed: ChartVersion | None
    reference: str


@dataclass(frozen=True)
class RetiredKey:
    """A key of the official chart that came out of use: what to write instead, and since when.

    `secret_key` is the key that the Secret must hold now, where that changed. `dead_on` is the major version
    of Airflow on which the chart ignores it, `likely_on` the version from which on a chart without it is the
    one in use in all likelihood.
    """

    key: str
    successor: str
    secret_key: str
    removed: ChartVersion
    dead_on: str
    likely_on: tuple[int, ...]


@lru_cache(maxsize=2)
def pairs(chart: str) -> tuple[Pair, ...]:
    """The keys of a chart that take a secret and have another that names a Secret."""
    rows = _rows("chart_references")
    return tuple(
        Pair(row["inline"], row["reference"], row["exclusive"]) for row in rows if row["chart"] == chart
    )


@lru_cache(maxsize=1)
def built_ins() -> dict[str, BuiltIn]:
    """The names that `enableBuiltInSecretEnvVars` has or had in any version of the official chart."""
    return {
        row["name"]: BuiltIn(
            row["name"], row["section"], row["option"], chart_version(row["removed"]), row["reference"]
        )
        for row in _rows("builtin_env")
    }


@lru_cache(maxsize=1)
def retired_keys() -> tuple[RetiredKey, ...]:
    """The keys about secrets that the official chart no longer has, or no longer heeds."""
    return tuple(
        RetiredKey(
            row["key"],
            row["successor"],
            row["secret_key"],
            chart_version(row["removed"]) or (0, 0, 0),
            row["dead_on"],
            tuple(map(int, filter(None, row["likely_on"].split(".")))),
        )
        for row in _rows("retired_chart_keys")
    )


@lru_cache(maxsize=1)
def official_keys() -> dict[str, frozenset[str]]:
    """By a path, empty for the top: the keys that any version of the official chart has below it."""
    found: dict[str, set[str]] = {}
    for row in _rows("official_chart_keys"):
        found.setdefault(row["parent"], set()).add(row["key"])
    return {parent: frozenset(keys) for parent, keys in found.items()}


@lru_cache(maxsize=1)
def official_secret_keys() -> dict[str, frozenset[str]]:
    """Of `official_keys` those about secrets."""
    found: dict[str, set[str]] = {}
    for row in _rows("official_chart_keys"):
        if row["secret"]:
            found.setdefault(row["parent"], set()).add(row["key"])
    return {parent: frozenset(keys) for parent, keys in found.items()}


@lru_cache(maxsize=1)
def key_aliases() -> dict[str, str]:
    """What people write for a key of the official chart, and what it is called."""
    return {row["written"]: row["meant"] for row in _rows("chart_key_aliases")}


def where_published(text: str) -> str | None:
    """Where a key was published, as half a sentence; None for one that is not known to be."""
    return _published().get(hashlib.sha256(text.strip().encode()).hexdigest())


def chart_version(text: str) -> ChartVersion | None:
    """An exact version of a chart; None for a range, or for none at all."""
    numbers = text.strip().removeprefix("v").split(".")
    if len(numbers) != 3 or not all(
        number.isascii() and number.isdigit() and len(number) < 10 for number in numbers
    ):
        return None
    return int(numbers[0]), int(numbers[1]), int(numbers[2])


@lru_cache(maxsize=1)
def _published() -> dict[str, str]:
    return {row["sha256"]: row["origin"] for row in _rows("published_keys")}


def _rows(name: str) -> tuple[dict[str, str], ...]:
    with (_TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as table:
        return tuple(csv.DictReader(table))
