"""A query that has not run yet can't go through XCom: the task runs to its end and fails as it returns.

A LazyFrame of polars, a DataFrame of Spark, Snowpark or Dask, a relation of DuckDB, a result or query of
SQLAlchemy and a query job of BigQuery hold a plan and a connection, no data. Airflow knows no way to
serialise them: `TypeError: Cannot serialize object of type ...`, after all the work is done, on every retry.

Run the query inside the task and write what comes of it to object storage or to a table; return the path or
the name. What is small may be returned once it is there: `count()`, one row, a list of names.
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.bulk.verdicts import entering
from airwarden.dag import DagFile
from airwarden.findings import Finding
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="run the query in this task, write its result to storage or a table, and return the path or name",
    see="https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/xcoms.html",
)


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags the returns and pushes through which a query that has not run enters XCom."""
    yield from entering({"lazy": 0}, rule, dag_file, repo)
