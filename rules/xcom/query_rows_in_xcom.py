"""All rows of a query that go through XCom grow with the table; the metadata database ends with a copy of it.

`get_records`, `fetchall` and their like fetch whatever the query finds: ten rows on the day on which the DAG
is written, ten million a year later. What a task returns or pushes of it is one value in one row of the
metadata database. Rows are followed through variables, containers, loops and functions of the repository;
records that are read from a file line by line count too.

Let the database do the work (`INSERT ... SELECT`), or write the rows to object storage and return the path.
What bounds itself may pass: `LIMIT 100`, `SELECT count(*)`, `fetchone()`. One column picked out of the rows
grows with the table too, but slowly, and is what tasks are mapped over: that is a note. So is one row of each
group. A query whose text stands elsewhere, in a file or in an argument, may bound itself: that is a warning.
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
    remedy="keep the rows in the database or write them to object storage, "
    "and return the table's name or the path",
    see="https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/xcoms.html",
)


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags the returns and pushes through which all rows of a query enter XCom."""
    yield from entering({"rows": 0, "unknown rows": 1, "column": 2}, rule, dag_file, repo)
