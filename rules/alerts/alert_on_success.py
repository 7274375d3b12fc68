"""Alerts on success bury the alerts on failure in a channel that nobody reads any more.

Most runs succeed. A message for each of them teaches people to mute the channel, and the one that matters
is muted with it. What has run, and when, stands in Airflow's own pages.

Nothing is flagged at a task that runs where another one has failed (`trigger_rule="one_failed"`).

Take the notifier off `on_success_callback`. Where somebody does wait for the data, tell them in a channel
of their own, and say so, here or with the option `dags`:

    on_success_callback=[tell_finance],  # airwarden: ignore[alert-on-success] finance waits for the report
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from airwarden.alerts.callbacks import Reach
from airwarden.alerts.notifications import Notifications
from airwarden.alerts.notifiers import SUCCESS, Callback
from airwarden.dag import DagFile
from airwarden.findings import Finding
from airwarden.interpreter.values import Symbol, text_of
from airwarden.repo import Repo
from airwarden.rule import Rule, patterns

rule = Rule(
    __name__,
    help=__doc__,
    level="note",
    remedy="take the notifier off on_success_callback",
    see="https://airflow.apache.org/docs/apache-airflow/stable/administration-and-deployment/logging-monitoring/callbacks.html",
    profile="strict",
    options={
        "dags": patterns("Ids of DAGs whose success somebody waits for.", "monthly_close", "report_*"),
    },
)

ON_FAILURE = {"all_failed", "one_failed"}
WHO = {"dag": "each successful run of {}", "default_args": "every task of {}", "task": "a task of {}"}


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags the callbacks on success that are known to reach an accepted notifier."""
    notifications = repo.analysis(Notifications)
    found: dict[int, list[Callback]] = {}
    for callback in notifications.written_in(dag_file):
        if callback.event != SUCCESS or _tells_of_failures(callback):
            continue
        if rule.lists("dags", callback.dag.id, repo, dag_file.path):
            continue
        if notifications.reach(callback) is Reach.ACCEPTED:
            found.setdefault(id(callback.written[1]), []).append(callback)
    yield from map(_finding, found.values())


def _tells_of_failures(callback: Callback) -> bool:
    """Whether a task may run only where another one has failed: its success is no good news."""
    given = None if callback.task is None else callback.task.arguments.keywords.get("trigger_rule")
    if given is None:
        return False
    if isinstance(given, Symbol):
        owner, _, name = given.name.rpartition(".")
        return not owner.endswith("TriggerRule") or name.lower() in ON_FAILURE
    return text_of(given) is None or text_of(given) in ON_FAILURE


def _finding(callbacks: Sequence[Callback]) -> Finding:
    first = callbacks[0]
    others = len({each.subject for each in callbacks}) - 1
    title = f"{first.title} (and {others} more)" if others else first.title
    return rule.finding(
        first.region,
        f"{WHO[first.level].format(title)} sends an alert that all is well",
        subject=first.subject,
    )
