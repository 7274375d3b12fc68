"""The second message of a shared notifier repeats the first: it names the wrong DAG, run and task.

A notifier renders its templates in place and for good: once it has been called, its text is that of the
first message. Airflow's DAG processor loads a file once and then makes all the calls that are due for it,
so the DAGs and tasks of a file that share one notifier send the same message again and again, each about
the first failure.

Make a notifier for each use, with a function or in place:

    def slack_failed():
        return send_slack_notification(channel="#alerts", text="{{ dag.dag_id }} failed")

    with DAG("sales", on_failure_callback=[slack_failed()]): ...
    with DAG("stock", on_failure_callback=[slack_failed()]): ...

A notifier without any template says the same each time, and may be shared.
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
    level="warning",
    remedy="make one for each use, with a function that returns it",
    see="https://airflow.apache.org/docs/apache-airflow/stable/howto/notifications.html",
    profile="recommended",
)

MOST_RELATED = 5


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags each notifier of which several callbacks, a DAG's own among them, use one and the same."""
    notifications = repo.analysis(Notifications)
    for notifier in notifications.made_in(dag_file):
        uses = notifications.sharing(notifier)
        if uses:
            yield rule.finding(
                notifier.region,
                f"{len(uses)} callbacks share this notifier: each message after the first repeats the first",
                related=[use.related for use in uses[:MOST_RELATED]],
                subject=uses[0].subject,
            )
