"""A failure callback that does not reach Slack leaves the team that watches Slack in the dark.

The DAG has a callback, and every call that it makes is known: none of them reaches a notifier that this
repository accepts. It writes a log line, a database row or a mail that nobody reads at night. The callback is
followed through names, lists, `functools.partial`, lambdas, functions and modules of the repository; where it
can't be followed, nothing is reported.

Add Slack's notifier to the list of callbacks. Where another channel is the right one, accept it:

    [tool.airwarden]
    accepted-notifiers = ["slack", "pagerduty", "company.alerts.notify"]
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
    remedy="add send_slack_notification(...) to the DAG's on_failure_callback, or accept this notifier",
    see="https://airflow.apache.org/docs/apache-airflow-providers-slack/stable/notifications/slack_notifier_howto_guide.html",
)


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags DAGs whose own callback is known to end elsewhere."""
    for alert in repo.analysis(Alerts).of(dag_file):
        if alert.dag_level is Reach.OTHER:
            yield rule.finding(
                alert.region,
                f"{alert.title} has an on_failure_callback that does not reach an accepted notifier",
                related=alert.written,
                fix=repo.analysis(Proposals).beside(alert, dag_file),
                subject=alert.subject,
            )
