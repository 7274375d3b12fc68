"""A task that keeps its progress in its own XCom starts from nothing on every retry.

Airflow deletes the XComs of a task instance whenever the task starts: on a retry, after it was cleared, and
each time a task in `reschedule` mode is woken. What a try pushes or returns is gone when the next one pulls
it, so that the pull gives None and the work is done again. Only a task that was deferred keeps them.

Flagged is a pull that is known to be of the task's own XCom: of what it returns, or of a key that it pushes
behind the pull and nowhere before. A pull with `include_prior_dates=True`, of another run or of another DAG
is not flagged, nor are callbacks, which run before the next try starts.

Keep what a retry needs where nobody deletes it: in the target table, in object storage under a path made of
`run_id`, or in a Variable. Since Airflow 3.3 there is `context["task_state_store"]` for it. Or make the step
that must not be done twice a task of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.dag import DagFile
from airwarden.findings import Finding, Related
from airwarden.outputs.own_pulls import OwnPull, OwnPulls
from airwarden.outputs.pulls import RETURNED
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="warning",
    remedy="keep what a retry needs outside of XCom, or make it a task of its own",
    see="https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/xcoms.html",
    profile="recommended",
)


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags the pulls of what Airflow has deleted before the task runs."""
    for pull in repo.analysis(OwnPulls).of(dag_file):
        yield _finding(pull, dag_file)


def _finding(pull: OwnPull, dag_file: DagFile) -> Finding:
    related = []
    if pull.source[1] is not pull.node:
        related.append(Related(pull.source[0].region(pull.source[1]), "it is pulled here"))
    if pull.push is not None:
        related.append(Related(pull.push[0].region(pull.push[1]), "it is pushed here, for the next try"))
    what = "what its own task returned" if pull.key == RETURNED else f"the XCom {pull.key!r} of its own task"
    return rule.finding(
        dag_file.region(pull.node),
        f"{pull.deed} {what}, which Airflow deletes whenever the task starts",
        related=related,
        subject=f"{pull.deed} {pull.key}",
    )
