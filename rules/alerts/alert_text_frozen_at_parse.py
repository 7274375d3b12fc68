"""An alert whose text was made when the file was loaded tells of that moment, and not of the run that failed.

Python evaluates an f-string, `format()` and `%` where they stand, which is when Airflow loads the file. A
time in it is the time of loading; of the run that will fail nothing is known yet. And both f-strings and
`format()` make single braces of Jinja's double ones, so that the message shows the template instead of its
value.

Let Airflow fill the text in when it sends it:

    text="{{ dag.dag_id }} failed in {{ run_id }}"

Constants and the environment may stand in an f-string; what belongs to Jinja then needs four braces.
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.alerts.notifications import Notifications
from airwarden.dag import DagFile
from airwarden.findings import Finding
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="note",
    remedy="write a plain string and let Jinja fill it in: {{ run_id }}",
    see="https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/operators.html#jinja-templating",
    profile="recommended",
)


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags what the texts of notifiers take from the moment of loading."""
    for notifier in repo.analysis(Notifications).made_in(dag_file):
        for field, frozen in notifier.frozen():
            what = "is sent as it stands" if frozen.is_template else "is put in when the file is loaded"
            yield rule.finding(
                frozen.region,
                f"{frozen.source} in the {field} {what}, not when the run fails",
                subject=notifier.uses[0].subject,
            )
