"""An SLA that Airflow 3 ignores tells nobody that a run is late.

Airflow 3 has no SLAs. `sla` of a task and `sla_miss_callback` of a DAG are still accepted, and all they do is
warn when the file is loaded: nothing is measured, no row is written, and the callback is never called. What
looks like an alert is none.

Flagged where the repository's dependency files declare Airflow 3 alone, or where the file can't be loaded
without `airflow.sdk`: an `sla` of an operator, of a task decorator or in `default_args`, and an
`sla_miss_callback` of a DAG.

Delete it. Since Airflow 3.1 a deadline of the whole run does the work:

    from airflow.sdk.definitions.deadline import AsyncCallback, DeadlineAlert, DeadlineReference

    with DAG(
        "sales",
        deadline=DeadlineAlert(
            reference=DeadlineReference.DAGRUN_QUEUED_AT,
            interval=timedelta(hours=2),
            callback=AsyncCallback(SlackNotifier, kwargs={"channel": "#alerts", "text": "sales is late"}),
        ),
    ):
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.alerts.callbacks import Alerts
from airwarden.alerts.slas import Sla, slas
from airwarden.dag import DagFile
from airwarden.edits import named_item, without_item
from airwarden.findings import Finding, Fix, Region, Related
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="give the DAG deadline=DeadlineAlert(...), which Airflow has since 3.1",
    see="https://airflow.apache.org/docs/apache-airflow/stable/howto/sla-to-deadlines.html",
    applies_to="Airflow 3",
    profile="recommended",
)

_HARM = {
    "sla": "sla is ignored by Airflow 3: nobody is told that a task is late",
    "sla_miss_callback": "sla_miss_callback is never called by Airflow 3: nobody is told that a task is late",
}


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags SLAs of DAGs and tasks that run on Airflow 3."""
    is_declared = repo.dependencies.series == {"3"}
    if not is_declared and not dag_file.needs("airflow.sdk"):
        return
    seen = set[tuple[Region, str]]()
    for sla in slas(repo.analysis(Alerts), dag_file):
        finding = _finding(sla, dag_file, is_declared)
        if finding is not None and (finding.region, sla.name) not in seen:
            seen.add((finding.region, sla.name))
            yield finding


def _finding(sla: Sla, dag_file: DagFile, is_declared: bool) -> Finding | None:
    """Where it is written, or at the DAG of this file that gets it from another one."""
    file, node = sla.written
    region = file.region(node)
    fix: Fix | None = None
    related: tuple[Related, ...] = ()
    if file is dag_file:
        item = named_item(file.source, sla.name, region)
        if item is not None:
            region, fix = item, Fix(f"delete {sla.name}", (without_item(file.source, item),), is_declared)
    elif sla.dag is not None and sla.dag.file is dag_file:
        region, related = dag_file.region(sla.dag.node), (Related(region, "it is written here"),)
    else:
        return None
    subject = f"dag {sla.dag.id} {sla.name}" if sla.dag and sla.dag.id else sla.name
    return rule.finding(region, _HARM[sla.name], related=related, fix=fix, subject=subject)
