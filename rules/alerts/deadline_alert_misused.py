"""A deadline alert that is made like a failure callback breaks the DAG, or tells nobody that the run is late.

`on_failure_callback` takes a notifier; `deadline` takes none. Airflow keeps of a `DeadlineAlert` the dotted
path of what to call, and its arguments. It imports the path in the triggerer (`AsyncCallback`) or on a worker
(`SyncCallback`, since 3.2). So it needs the class of a notifier and the arguments apart from each other:

- `DeadlineAlert(callback=send_slack_notification(...))`, or any function, raises ValueError.
- `AsyncCallback(send_slack_notification(...))`, or a partial, raises AttributeError: an instance has no path.
- `AsyncCallback` of a function that is not `async` raises AttributeError. A notifier without `async_notify`
  (Opsgenie's, Chime's) fails in the triggerer.
- A lambda or a function inside another one or inside a class is accepted, and then can't be imported.
- `kwargs` with the key `context` raises ValueError: Airflow passes the context itself.

Give the class, and its arguments in `kwargs`:

    from airflow.sdk.definitions.deadline import AsyncCallback, DeadlineAlert, DeadlineReference

    DeadlineAlert(
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=timedelta(hours=2),
        callback=AsyncCallback(SlackNotifier, kwargs={"channel": "#alerts", "text": "sales is late"}),
    )
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.alerts.callbacks import Alerts
from airwarden.alerts.deadlines import misused
from airwarden.dag import DagFile
from airwarden.findings import Finding, Related
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="write callback=AsyncCallback(SlackNotifier, kwargs={...})",
    see="https://airflow.apache.org/docs/apache-airflow/stable/howto/deadline-alerts.html",
    applies_to="Airflow 3.1 and later",
    profile="recommended",
)


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags deadline alerts that can't be made, or can't be called when the deadline is missed."""
    seen = set[tuple[object, ...]]()
    for each in misused(repo.analysis(Alerts), dag_file):
        file, node = each.written
        region, related = file.region(node), list[Related]()
        if file is not dag_file:
            if each.dag is None or each.dag.file is not dag_file:
                continue
            related = [Related(region, "it is written here")]
            region = dag_file.region(each.dag.node)
        if (region, each.why) not in seen:
            seen.add((region, each.why))
            yield rule.finding(
                region, each.why.value, related=related, subject=f"deadline {each.why.name.lower()}"
            )
