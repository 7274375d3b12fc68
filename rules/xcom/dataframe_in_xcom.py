"""A whole table in an XCom becomes one row of the metadata database, which every scheduler query then drags along.

What a task returns or pushes is serialised and stored until it is cleaned up. Airflow takes frames of pandas,
polars, Spark and pyarrow without a word, and so it takes `to_dict()` and `to_json()` of them: nothing limits the
size. The frame is followed through variables, containers, methods that keep it, and functions of the repository.

Write the frame to object storage or to a table inside the task, and return its path or name. What is small goes
through: a count, a single value, `head(10)`. Where the return value is not needed, set `do_xcom_push=False`.
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.dag import DagFile
from airwarden.findings import Finding
from airwarden.repo import Repo
from airwarden.rule import Rule
from airwarden.xcoms import XComs

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="write it to object storage or a table in this task, and return the path or name",
    see="https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/xcoms.html",
)


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags the returns and pushes through which a frame enters XCom."""
    for entry in repo.analysis(XComs).of(dag_file):
        if entry.kind == "frame":
            yield rule.finding(
                entry.region, entry.message, related=entry.related, subject=entry.subject
            )
