#!/usr/bin/env python3
"""Compares the tables of providers with the metadata of an installed Airflow.

usage: check_provider_tables.py [FOLDER...]

A FOLDER is one with installed distributions (site-packages, or what `pip install --no-deps --target` made);
without any, the Python that runs this is asked. Airflow itself shows its extras and the providers it always
has, and each provider its module and the providers that it needs. Whatever is not installed is not compared.
Says each difference in a line; exits with 1 where there is any, with 2 where no Airflow is found.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

TABLES = Path(__file__).resolve().parent.parent / "linter" / "airwarden" / "tables"
PROVIDER = "apache-airflow-providers-"
CORE = ("apache-airflow", "apache-airflow-core")
REQUIREMENT = re.compile(r"\s*([\w.-]+)\s*(?:\[([^\]]*)\])?")
EXTRA = re.compile(r"extra\s*==\s*[\"']([^\"']+)")
UMBRELLAS = {"all", "all-core", "all-task-sdk", "all-dbs", "devel", "devel-all", "devel-ci"}


def normalised(name: str) -> str:
    """A name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def rows(table: str) -> Iterator[dict[str, str]]:
    """The rows of one table."""
    with (TABLES / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def requirements(installed: Distribution) -> Iterator[tuple[str, str]]:
    """What a distribution requires: `name` or `name[extra]`, and its own extra that asks for it."""
    for line in installed.requires or ():
        match = REQUIREMENT.match(line)
        if match:
            name, asked = normalised(match[1]), EXTRA.search(line)
            full = f"{name}[{normalised(match[2])}]" if match[2] else name
            yield full, normalised(asked[1]) if asked else ""


def providers_by_extra(cores: list[Distribution]) -> dict[str, set[str]]:
    """The providers that each extra of Airflow asks for, itself or by another extra; "" for none at all."""
    asked = defaultdict[str, set[str]](set)
    for core in cores:
        for name, extra in requirements(core):
            asked[extra].add(name)
    for extra in asked.keys() - UMBRELLAS:
        names = asked[extra]
        for other in [
            name[len("apache-airflow[") : -1] for name in names if name.startswith("apache-airflow[")
        ]:
            names |= asked.get(other, set())
    return {
        extra: {name for name in names if name.startswith(PROVIDER)}
        for extra, names in asked.items()
        if extra not in UMBRELLAS
    }


def difference(what: str, in_table: Iterable[str], installed: Iterable[str]) -> Iterator[str]:
    """A line for each name that stands on one side alone."""
    table, real = set(in_table), set(installed)
    yield from (f"{what}: the table lacks {name}" for name in sorted(real - table))
    yield from (f"{what}: the table has {name} too many" for name in sorted(table - real))


def airflow_differences(cores: list[Distribution]) -> Iterator[str]:
    """What the tables say otherwise of Airflow itself."""
    series = cores[0].version.partition(".")[0]
    real = providers_by_extra(cores)
    listed = [row["distribution"] for row in rows("preinstalled_providers") if row["airflow"] == series]
    yield from difference(f"preinstalled in Airflow {series}", listed, real.pop("", ()))
    table = defaultdict[str, set[str]](set)
    for row in rows("provider_extras"):
        if row["airflow"] == series and row["requirement"].startswith(PROVIDER):
            table[row["extra"]].add(row["requirement"])
    for extra in sorted(table.keys() | real.keys()):
        yield from difference(f"extra {extra} of Airflow {series}", table[extra], real.get(extra, ()))


def provider_differences(provider: Distribution) -> Iterator[str]:
    """What the tables say otherwise of one provider. What every Airflow has is brought by all of them."""
    name = normalised(provider.name)
    modules = {row["distribution"]: row["module"] for row in rows("providers")}
    points = [point for point in provider.entry_points if point.group == "apache_airflow_provider"]
    real = [point.value.partition(".get_provider_info")[0] for point in points]
    yield from difference(f"module of {name}", [modules[name]] if name in modules else [], real)
    always = {row["distribution"] for row in rows("preinstalled_providers") if row["airflow"] == "3"}
    brought = {row["brings"] for row in rows("provider_dependencies") if row["distribution"] == name}
    needs = {each for each, extra in requirements(provider) if not extra and each.startswith(PROVIDER)}
    yield from difference(f"what {name} brings", brought, needs - always)


def main(folders: list[str]) -> int:
    """Compares, says what differs, and returns the exit code."""
    found = list(distributions(path=folders) if folders else distributions())
    cores = sorted((each for each in found if normalised(each.name) in CORE), key=lambda each: each.name)
    if not cores:
        print("there is no Airflow to compare with", file=sys.stderr)
        return 2
    providers = [each for each in found if normalised(each.name).startswith(PROVIDER)]
    lines = list(airflow_differences(cores))
    lines += [line for each in providers for line in provider_differences(each)]
    print(*lines, sep="\n" if lines else "", end="\n" if lines else "")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
