"""A Variable or connection that is read at parse time is asked for again and again, though no task runs.

Airflow parses each DAG file every half minute, and once more for each task that runs. A `Variable.get` or
`get_connection` at the top of the file, in the body of a DAG or in an operator's argument is a request each
time: to the database on Airflow 2, to the API server on Airflow 3, and to a secrets backend that bills them.
Where it fails, the whole file does, with all its DAGs. What it gives is frozen into the task, stands readable
in the serialized DAG, and a new value does not reach a run that has begun.

Flagged is a lookup in code that runs when the file is parsed, also behind a function of the repository that
is called there. In tasks, callbacks and under `if __name__ == "__main__"` it is left alone.

Read it where it is used. A template is rendered when the task runs, and so is code in a task:

    bash_command="load --bucket {{ var.value.bucket }} --host {{ conn.warehouse.host }}"

What shapes the DAG itself (its schedule, its number of tasks) belongs in the repository or in an environment
variable: `os.environ["BUCKET"]` costs nothing. The rule's option `allow` lists what may be read all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from airwarden.findings import Related
from airwarden.parse_time import Lookup, ParseTime
from airwarden.patterns import regex
from airwarden.rule import Rule, patterns

if TYPE_CHECKING:
    from airwarden.dag import DagFile
    from airwarden.findings import Finding
    from airwarden.repo import Repo

rule = Rule(
    __name__,
    help=__doc__,
    level="warning",
    remedy="read it in a template or in the task's code, which run only when the task does",
    see="https://airflow.apache.org/docs/apache-airflow/stable/best-practices.html#airflow-variables",
    profile="strict",
    severity=3.0,
    options={
        "allow": patterns(
            "Variables and connections that may be read while a file is parsed.", "environment", "schedule_*"
        ),
    },
)

_NAME = regex(r"[A-Za-z_]\w*")


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags each call that looks something up while the file is parsed."""
    for lookup in repo.analysis(ParseTime).lookups(dag_file):
        if rule.lists("allow", lookup.key, repo, dag_file.path):
            continue
        asked = f"{lookup.name}({lookup.key!r})" if lookup.key else lookup.name
        is_near = lookup.file is dag_file
        behind = [] if is_near else [Related(lookup.file.region(lookup.inner), f"{asked} is called here")]
        yield rule.finding(
            dag_file.region(lookup.node),
            f"{asked} runs every time this file is parsed, not when a task does",
            remedy=_remedy(lookup),
            related=behind,
            subject=lookup.key or lookup.name,
        )


def _remedy(lookup: Lookup) -> str | None:
    """The template to write, where the key is known and a template can name it."""
    key = lookup.key
    if not key or not _NAME.fullmatch(key) or lookup.name.endswith(("set", "setdefault")):
        return None
    if lookup.is_variable:
        kind = "json" if lookup.is_json else "value"
        return f"write {{{{ var.{kind}.{key} }}}} in a template, or read it in the task"
    return f"write {{{{ conn.{key}.host }}}} and the like in a template, or ask for it in the task"
