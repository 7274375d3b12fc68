"""A DAG whose failure is told to nobody is found broken by the people who miss its data.

Airflow calls the DAG's own `on_failure_callback` once for each run that fails: when a task failed, when the
run timed out, or when it is deadlocked. Without one, with `None`, or with an empty list, the run turns red
in the web interface and nothing else happens. A `dag_policy` in the repository's `airflow_local_settings.py`
that gives every DAG an alert is followed.

Give the DAG a notifier:

    from airflow.providers.slack.notifications.slack import send_slack_notification

    with DAG(
        "sales",
        on_failure_callback=[
            send_slack_notification(channel="#alerts", text="Run {{ run_id }} of {{ dag.dag_id }} failed"),
        ],
    ):

DAGs that need none can be left out, with the reason:

    [tool.airwarden]
    exempt-dags = [{ id = "sandbox_*", reason = "nobody waits for them" }]
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
    remedy="give the DAG on_failure_callback=[send_slack_notification(...)]",
    see="https://airflow.apache.org/docs/apache-airflow/stable/administration-and-deployment/logging-monitoring/callbacks.html",
)


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags DAGs that have a callback neither of their own nor on their tasks."""
    for alert in repo.analysis(Alerts).of(dag_file):
        if alert.dag_level is Reach.NOBODY and not alert.lost and not alert.task_level:
            yield rule.finding(
                alert.region,
                f"{alert.title} has no on_failure_callback: a failed run tells nobody",
                related=alert.written,
                fix=repo.analysis(Proposals).fix(alert, dag_file),
                subject=alert.subject,
            )
