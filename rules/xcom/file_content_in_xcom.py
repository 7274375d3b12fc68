"""The whole content of a file or of a response that goes through XCom is copied into the metadata database.

A file is as large as whoever writes it makes it, and the answer of an API grows with what it tells of. What
`read()`, `read_text()`, `json.load(file)`, `S3Hook.read_key` and `requests.get(...).json()` give is followed
through variables, containers and functions of the repository. Files that people write by hand are no concern
here: SQL, YAML, templates, settings, what stands beside the DAG. The answer of an API as one document, which
may be short, is a note.

Write the content to object storage inside the task and return the path, or pick what the next task needs out
of it: `response.json()["id"]`, a count, one line.
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
    level="warning",
    remedy="write it to object storage in this task and return the path, or return only what is needed of it",
    see="https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/xcoms.html",
    profile="recommended",
)


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags the returns and pushes through which the content of a file or response enters XCom."""
    yield from entering({"file": 0, "document": 1}, rule, dag_file, repo)
