"""A failure callback that is written but never called looks like an alert and tells nobody.

Airflow calls the DAG's `on_failure_callback` in the DAG processor, and whatever goes wrong there is a line in
its log. Four ways to write one lose it without a word:

- a tuple, set or dict: at DAG level Airflow knows no collection but a list, and calls anything else itself;
- `dag.on_failure_callback = ...` after the DAG was made: the scheduler asks `has_on_failure_callback`, which
  was settled when the DAG was constructed (a callback that replaces another one is called);
- a callback that is called instead of passed, so that the DAG gets the None it returns;
- one that can't be called with the context alone: it has no parameter for it, or needs more.

Pass a list of notifiers or functions that take the context, to the DAG's constructor.
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.alerts.callbacks import Alerts, Lost
from airwarden.dag import DagFile
from airwarden.edits import as_list
from airwarden.findings import Finding, Fix
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="pass a list of callbacks that take the context to the DAG's on_failure_callback",
    see="https://airflow.apache.org/docs/apache-airflow/stable/administration-and-deployment/logging-monitoring/callbacks.html",
)


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags DAGs whose callback is known never to be called."""
    for alert in repo.analysis(Alerts).of(dag_file):
        if alert.lost is not None:
            is_here = alert.lost.written[0] is dag_file
            yield rule.finding(
                alert.lost.region if is_here else alert.region,
                f"the on_failure_callback of {alert.name} {alert.lost.why.value}",
                related=alert.call_sites if is_here else alert.written,
                fix=_fix(dag_file, alert.lost) if is_here else None,
                subject=alert.subject,
            )


def _fix(dag_file: DagFile, lost: Lost) -> Fix | None:
    """A list in the place of a tuple, or of a set of one: the order of several is not known."""
    edits = as_list(dag_file.source, lost.region) if lost.is_display else ()
    return Fix("make it a list", edits, safe=True) if edits else None
