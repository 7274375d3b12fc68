"""What libraries give: which functions and methods hand out a whole table or all rows of a query.

Three tables hold the facts: `bulk_types.csv` (the types, and the forms that their values take),
`bulk_members.csv` (methods and attributes; `*` is any receiver whose type is not known, so only names that
say enough stand there) and `bulk_functions.csv`. They were taken from pandas 3.1, polars 2.1 and pyarrow 26
by introspection, from the hooks of Airflow 3.3's provider wheels, and from the reference pages of the others:
requests, httpx, boto3, pymongo, DuckDB, SQLAlchemy, Spark, Snowpark, Dask and the client of BigQuery. What
pandas, polars, DuckDB and SQLAlchemy do is tried in `tests/oracle/xcoms/`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from airwarden.records import dataclass

_TABLES = Path(__file__).parent.parent / "tables"
_LIKE_PANDAS = ("cudf.", "databricks.koalas.", "modin.pandas.", "pyspark.pandas.")
ANY = "*"


@dataclass(frozen=True)
class BulkType:
    """A type, or a form that values take.

    `kind` is what its values are made of: `frame`, `rows`, `file` (the content of one, or of a response),
    `document` (what an API answered, read as JSON), `lazy` (a query that has not run), `column` (one value of
    each row; `frame column` where the rows were those of a frame), `unknown rows` (of a query whose text is
    not known), or nothing of its own. `bulk` says that the value itself holds all of it; a cursor or a reader
    does not. `element` is the type of what iteration gives, `column` of what a subscript with a name gives.
    `noun` is how a message calls it.
    """

    name: str
    base: str
    kind: str
    bulk: bool
    element: str
    column: str
    noun: str


@dataclass(frozen=True)
class Member:
    """A method or an attribute.

    `result` is the type it gives: `same` is the receiver's own, an empty one unknown. It gives `otherwise`
    where the condition `unless` holds: `bound` (no argument, or one that bounds the size), `destination`
    (something to write to), or an argument of that name.
    """

    result: str
    is_attribute: bool
    unless: str
    otherwise: str


class Apis:
    """The tables, and the questions to them."""

    def __init__(self) -> None:
        self.types = {row["type"]: _type(row) for row in _rows("bulk_types.csv")}
        self.functions = {row["function"]: row["result"] for row in _rows("bulk_functions.csv")}
        self._members = {(row["type"], row["member"]): _member(row) for row in _rows("bulk_members.csv")}
        self._hooks = {name.rpartition(".")[2]: name for name in self.types if ".hooks." in name}

    def member(self, name: str, member: str) -> Member | None:
        """A member of a type or of its bases."""
        while name:
            found = self._members.get((name, member))
            if found is not None:
                return found
            name = self.types[name].base if name in self.types else ""
        return None

    def called(self, function: str) -> str | None:
        """What a call of a function or class gives, by its full name; None for others."""
        function = _as_pandas(function)
        return self.functions.get(function) or self.named(function)

    def named(self, name: str) -> str | None:
        """The type that a class is, by its full name; also by the paths of Airflow's older releases."""
        name = _as_pandas(name)
        if name in self.types and "." in name:
            return name
        if name.startswith("airflow."):
            return self._hooks.get(name.rpartition(".")[2])
        made = self.functions.get(name)
        return made if made in self.types and name.rpartition(".")[2] == made.rpartition(".")[2] else None


@lru_cache(maxsize=1)
def bulk_apis() -> Apis:
    """The tables, read once."""
    return Apis()


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_TABLES / name).open(encoding="utf-8", newline="") as rows:
        yield from csv.DictReader(rows)


def _type(row: dict[str, str]) -> BulkType:
    return BulkType(
        row["type"],
        row["base"],
        row["kind"],
        row["bulk"] == "yes",
        row["element"],
        row["column"],
        row["noun"],
    )


def _member(row: dict[str, str]) -> Member:
    return Member(row["result"], row["form"] == "attribute", row["unless"], row["otherwise"])


def _as_pandas(name: str) -> str:
    for prefix in _LIKE_PANDAS:
        if name.startswith(prefix):
            return f"pandas.{name[len(prefix) :]}"
    return name
