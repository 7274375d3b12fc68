#!/usr/bin/env python3
"""Compares the table of moved imports with the Airflow 3 of the Python that runs this.

usage: check_moved_imports.py

Each old name is imported in a process of its own, forked from one that has imported Airflow, so that it warns
as it does in a DAG file: it has to warn or fail as the table says of this version, and the new name has to
exist. Passed over are rows of later versions, and new names in providers that are not installed. Says each
difference in a line; exits with 1 where there is any, with 2 where no Airflow 3 is found.
"""

from __future__ import annotations

import csv
import importlib
import logging
import multiprocessing
import re
import sys
import warnings
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal, TypeAlias

Row: TypeAlias = dict[str, str]
Outcome: TypeAlias = Literal["works", "warns", "fails"]

TABLE = Path(__file__).resolve().parent.parent / "linter" / "airwarden" / "tables" / "moved_imports.csv"


def airflow_version() -> tuple[int, int]:
    """The version of the installed Airflow."""
    major, minor = version("apache-airflow-core").split(".")[:2]
    return int(major), int(minor)


def is_past(since: str, airflow: tuple[int, int]) -> bool:
    """Whether a version of the table has come; an empty one never does."""
    return bool(since) and tuple(int(number) for number in since.split(".")) <= airflow


def expected(row: Row, airflow: tuple[int, int]) -> Outcome | None:
    """What the table says of an old name; None where it says nothing of this version."""
    if is_past(row["gone"], airflow):
        return "fails"
    return "warns" if is_past(row["deprecated"], airflow) else None


def imported(dotted: str) -> object:
    """What `from module import name` gives."""
    module, _, name = dotted.rpartition(".")
    found = importlib.import_module(module)
    return getattr(found, name) if hasattr(found, name) else importlib.import_module(dotted)


def outcome(dotted: str) -> Outcome:
    """What becomes of the import of an old name."""
    module, _, name = dotted.rpartition(".")
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            imported(dotted)
        except (ImportError, AttributeError):
            return "fails"
    ours = re.compile(rf"\b{name}\b|{re.escape(module)}\b" if module.count(".") > 1 else rf"\b{name}\b")
    return "warns" if any(ours.search(str(each.message)) for each in told) else "works"


def is_installed(dotted: str) -> bool:
    """Whether the provider that holds a name is there, if a provider does."""
    if not dotted.startswith("airflow.providers."):
        return True
    try:
        importlib.import_module(".".join(dotted.split(".")[:3]))
    except ImportError:
        return False
    return True


def differences(row: Row) -> list[str]:
    """What the table says otherwise of one name."""
    wanted = expected(row, airflow_version())
    found = wanted and outcome(row["old"])
    if found != wanted:
        return [f"{row['old']} {found}, the table says that it {wanted}"]
    if not row["new"] or wanted is None or not is_installed(row["new"]):
        return []
    try:
        imported(row["new"])
    except (ImportError, AttributeError) as failure:
        return [f"{row['new']}: {failure}"]
    return []


def rows() -> Iterator[Row]:
    """The rows of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def main() -> int:
    """Compares, says what differs, and returns the exit code."""
    try:
        if airflow_version() < (3, 0):
            raise PackageNotFoundError
    except PackageNotFoundError:
        print("there is no Airflow 3 to compare with", file=sys.stderr)
        return 2
    logging.disable()
    importlib.import_module("airflow")
    with multiprocessing.get_context("fork").Pool(maxtasksperchild=1) as pool:
        lines = [line for found in pool.map(differences, rows(), chunksize=1) for line in found]
    print(*lines, sep="\n" if lines else "", end="\n" if lines else "")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
