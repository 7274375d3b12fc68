"""A whole table that goes through XCom ends as one row of the metadata database, and slows every query on it.

What a task returns or pushes is serialised and kept until somebody cleans it up. Airflow takes a DataFrame
of pandas without a word, and just so what `to_dict()` and `to_json()` make of any frame; nothing limits the
size. A frame of polars or a table of pyarrow it can't serialise: the task fails as it returns. Frames are
followed through variables, containers, methods that keep them, functions of the repository, and from task to
task. One column of a frame, picked out value by value, grows as well, but slowly: that is a note.

Where the repository sets a backend that moves large values to object storage, all of this is one level lower:
the database is spared, and still each value goes as JSON through the memory of two workers.

Write the frame to object storage or to a table inside the task, and return the path or the name. What is
small may pass: a count, one value, `head(10)`. Where nobody needs the value, set `do_xcom_push=False`.
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
    remedy="write it to object storage or a table in this task, and return the path or name",
    see="https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/xcoms.html",
)


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags the returns and pushes through which a frame enters XCom."""
    yield from entering({"frame": 0, "frame column": 2}, rule, dag_file, repo)
