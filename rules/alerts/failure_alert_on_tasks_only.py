"""A callback on tasks only floods the channel when tasks fail and is silent when the run does.

`default_args` are handed to every task; the DAG itself gets none of them, and its own `on_failure_callback`
stays `None`. So each failed task sends a message of its own, while a run that times out or is deadlocked,
with no task that failed, sends none.

Give the callback to the DAG, which calls it exactly once for each failed run, and keep it on the few tasks
that need a page of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.alerts.callbacks import Alerts, Reach
from airwarden.alerts.proposals import Proposals
from airwarden.dag import DagFile
from airwarden.findings import Finding
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="pass on_failure_callback to the DAG itself",
    see="https://airflow.apache.org/docs/apache-airflow/stable/administration-and-deployment/logging-monitoring/callbacks.html",
)


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags DAGs without a callback of their own whose tasks have one."""
    for alert in repo.analysis(Alerts).of(dag_file):
        if alert.dag_level is Reach.NOBODY and not alert.lost and alert.task_level:
            yield rule.finding(
                alert.region,
                f"{alert.title} has its on_failure_callback on tasks only: the run itself can fail unheard",
                related=(*alert.task_level, *alert.call_sites),
                fix=repo.analysis(Proposals).moved(alert, dag_file),
                subject=alert.subject,
            )
