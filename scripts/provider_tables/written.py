"""Tables as files: sorted, and nothing said twice."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

TABLES = Path(__file__).resolve().parent.parent.parent / "linter" / "airwarden" / "tables"


def read(table: str, folder: Path = TABLES) -> list[dict[str, str]]:
    """The rows of a table."""
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(folder: Path, table: str, columns: str, rows: Iterable[Sequence[str]]) -> None:
    """Writes a table. `columns` are its heads, separated by blanks."""
    body = sorted({tuple(row) for row in rows})
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns.split())
        writer.writerows(body)
    print(f"{table}: {len(body)} rows")
