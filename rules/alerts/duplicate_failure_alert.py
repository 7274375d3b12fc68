"""A failure that is told once by each task and again by the DAG is noise that people learn to ignore.

When a task fails, the run fails too. With the same alert at the DAG and in `default_args`, or on most
tasks, one failure sends at least two messages to the same channel, and a broken source that fails ten tasks
sends eleven.

Keep the DAG's own callback, which tells each failed run exactly once, and take the alert out of
`default_args`. A few tasks may well have a callback of their own, best in a channel or words of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from airwarden.alerts.notifications import Notifications
from airwarden.alerts.notifiers import FAILURE, Callback
from airwarden.dag import DagFile
from airwarden.edits import named_item, without_item
from airwarden.findings import Finding, Fix, Related
from airwarden.loading import MadeDag
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="warning",
    remedy="keep the DAG's own callback and take this one out",
    see="https://airflow.apache.org/docs/apache-airflow/stable/administration-and-deployment/logging-monitoring/callbacks.html",
    profile="recommended",
)


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags the alerts of tasks that repeat what the DAG itself tells."""
    notifications = repo.analysis(Notifications)
    dags = {id(each.dag): each.dag for each in notifications.written_in(dag_file)}
    found: dict[int, list[tuple[Callback, Callback]]] = {}
    for dag in dags.values():
        for again, first in _repeated(dag, notifications):
            if again.written[0] is dag_file:
                found.setdefault(id(again.written[1]), []).append((again, first))
    for pairs in found.values():
        yield _finding(pairs, _fix(pairs, dag_file, notifications))


def _finding(repeated: Sequence[tuple[Callback, Callback]], fix: Fix | None) -> Finding:
    again, first = repeated[0]
    others = len({each.subject for each, _ in repeated}) - 1
    title = f"{again.title} (and {others} more)" if others else again.title
    who = "all tasks" if again.level == "default_args" else "most tasks"
    return rule.finding(
        again.region,
        f"{who} of {title} send the alert that the DAG itself sends when one of them fails",
        related=[Related(first.region, "the DAG's own callback")],
        fix=fix,
        subject=again.subject,
    )


def _fix(
    repeated: Sequence[tuple[Callback, Callback]], dag_file: DagFile, notifications: Notifications
) -> Fix | None:
    """Takes the entry out of `default_args`, where every DAG that has it is of this file and sends the alert
    itself.
    """
    again = repeated[0][0]
    if again.level != "default_args":
        return None
    dags = {id(each.dag) for each, _ in repeated}
    uses = [each for each in notifications.written_in(dag_file) if each.written[1] is again.written[1]]
    if not all(id(each.dag) in dags and each.entry == dag_file.path for each in uses):
        return None
    item = named_item(dag_file.source, FAILURE, again.region)
    return Fix("take it out", (without_item(dag_file.source, item),)) if item else None


def _repeated(dag: MadeDag, notifications: Notifications) -> Iterator[tuple[Callback, Callback]]:
    """Callbacks that repeat one of the DAG's own: that of all its tasks, or the first of most of them."""
    callbacks = [each for each in notifications.of_dag(dag) if each.event == FAILURE]
    own = [each for each in callbacks if each.level == "dag"]
    same = [
        (each, first)
        for each in callbacks
        if each.level != "dag"
        for first in own
        if notifications.is_same_alert(each, first)
    ]
    of_all = [pair for pair in same if pair[0].level == "default_args"]
    on_tasks = [pair for pair in same if pair[0].level == "task"]
    with_own = [task for task in dag.tasks if FAILURE in task.arguments.keywords]
    if of_all and (not dag.tasks or len(with_own) < len(dag.tasks)):
        yield of_all[0]
    elif len(dag.tasks) > 1 and 2 * len({id(each.task) for each, _ in on_tasks}) > len(dag.tasks):
        yield on_tasks[0]
