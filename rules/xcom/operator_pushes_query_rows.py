"""A query whose rows nobody asked for is fetched whole and ends as one value in the metadata database.

`SQLExecuteQueryOperator` and its subclasses fetch every row of a SELECT with `fetch_all_handler` and push
them to XCom: both are the defaults. Where no task pulls them, all rows go from the database through a worker
into the metadata database, for nothing.

Flagged is an operator whose query is known to be a SELECT that nothing bounds, where no `.output`, no
template and no `xcom_pull` of the repository can mean it. The query is read from the code or from the `.sql`
file that it names. What bounds itself passes: `LIMIT 100`, `count(*)`, `SELECT 1`, a catalog.

Set `do_xcom_push=False`, which skips the fetch too. Or let the database do the work that the rows were meant
for: `INSERT ... SELECT`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from airwarden.dag import DagFile
from airwarden.edits import with_argument
from airwarden.findings import Finding, Fix, Related
from airwarden.outputs.query_tasks import QueryTask, QueryTasks
from airwarden.outputs.uses import Uses
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="warning",
    remedy="set do_xcom_push=False, which also skips the fetch",
    see="https://airflow.apache.org/docs/apache-airflow-providers-common-sql/stable/operators.html",
    profile="recommended",
)


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags the operators that push rows which nothing pulls, each place once."""
    uses = repo.analysis(Uses)
    places: dict[int, list[QueryTask]] = {}
    for task in repo.analysis(QueryTasks).of(dag_file):
        places.setdefault(id(task.node), []).append(task)
    for tasks in places.values():
        idle = [each for each in tasks if not uses.may_need(each.id, each.node, each.files)]
        if idle:
            yield _finding(idle[0], dag_file, len(idle) == len(tasks))


def _finding(task: QueryTask, dag_file: DagFile, is_always_idle: bool) -> Finding:
    name = f"task {task.id!r}" if task.id else "this task"
    related = [Related(task.query, "the query")] if task.query else []
    fix = _fix(task, dag_file) if is_always_idle and task.is_direct and task.is_alone else ()
    return rule.finding(
        dag_file.region(task.node),
        f"{name} fetches all rows of its query and pushes them to XCom, where nothing pulls them",
        related=related,
        fix=fix[0] if fix else None,
        subject=name,
    )


def _fix(task: QueryTask, dag_file: DagFile) -> Sequence[Fix]:
    calls = [site.call for site in dag_file.module.calls if site.call.function is task.node]
    if not calls or not calls[0].arguments:
        return ()
    call, last = calls[0], calls[0].arguments[-1]
    if call.keyword("do_xcom_push") is not None:
        return ()
    dag_file.locate([call, last])
    edits = with_argument(dag_file.source, dag_file.region(call), dag_file.region(last), "do_xcom_push=False")
    return (Fix("set do_xcom_push=False", edits),)
