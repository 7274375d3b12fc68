"""Who may need the output of a task, anywhere in a repository."""

from __future__ import annotations

import pytest
from airwarden.outputs.uses import Uses
from airwarden.repo import Repo

from tests.conftest import MakeRepository

PATH = "dags/orders.py"
HEAD = (
    "from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator as Query\n"
    "from lib import pulls\n"
    "rows = Query(task_id='rows', sql='select * from a')\n"
)
LIB = {"dags/lib/__init__.py": "", "dags/lib/pulls.py": "from lib import others\n"}


def may_need(make: MakeRepository, code: str, more: dict[str, str] | None = None) -> bool:
    """Whether something may need the output of the task `rows`, the first that is made in a file."""
    repo = Repo(make({PATH: HEAD + code, **LIB, **(more or {})}))
    file = repo.dag_file(PATH)
    return repo.analysis(Uses).may_need("rows", file.module.calls[0].call.function, [file])


@pytest.mark.parametrize(
    "code",
    [
        "load(rows.output)",
        "load(rows . output['a'])",
        "tasks = [rows]\nload(tasks[0].output)",
        "for each in [rows]:\n    load(each.output)",
        "rows = make()\nload(rows.output)",
        "load(XComArg(rows))",
        "def f(ti): ti.xcom_pull('rows')",
        "def f(ti): ti.xcom_pull('group.rows')",
        "def f(ti): ti.xcom_pull(name)",
        "def f(ti): ti.xcom_pull(rows.task_id)",
        "XCom.get_many(task_ids='rows')",
        "Mail(rows_from_task='rows')",
        "Mail(xcom_task_ids=['rows', 'others'])",
    ],
)
def test_what_may_take_the_rows(make_repository: MakeRepository, code: str) -> None:
    assert may_need(make_repository, code)


@pytest.mark.parametrize(
    "code",
    [
        "start >> rows >> end",
        "chain(start, [rows, other], end)",
        "rows.set_downstream(end)",
        "tasks = []\ntasks.append(rows)",
        "other = Query(task_id='other', sql='select * from b')\nload(other.output)",
        "other = Query.partial(task_id='other').expand(sql=['select * from b'])\nload(other.output)",
        "result = runner.run()\nprint(result.stdout)",
        "def f(ti): ti.xcom_pull('others')",
        "def f(ti): ti.xcom_pull('rows', key='count')",
        "ExternalTaskSensor(task_id='wait', external_task_id='rows')",
        "print('rows')",
    ],
)
def test_what_leaves_the_rows_where_they_are(make_repository: MakeRepository, code: str) -> None:
    assert not may_need(make_repository, code)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("dags/report.py", "def f(ti): return ti.xcom_pull(dag_id='orders', task_ids='rows')\n"),
        ("dags/lib/others.py", "def f(ti, name): return ti.xcom_pull(task_ids=name)\n"),
        ("dags/sql/load.sql", "insert into b values {{ ti.xcom_pull('rows') }}"),
        ("include/mail.html", "{{ ti.xcom_pull(task_ids=params.source) }}"),
        ("config/jobs.yaml", "load:\n  source: {xcom: 'rows'}\n"),
        ("dags/events.py", "event.source_task_instance.xcom_pull()\n"),
    ],
)
def test_other_files_may_take_them(make_repository: MakeRepository, path: str, text: str) -> None:
    assert may_need(make_repository, "", {path: text})


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("dags/report.py", "def f(ti): return ti.xcom_pull(dag_id='orders', task_ids='columns')\n"),
        ("dags/report.py", "def f(ti, name): return ti.xcom_pull(task_ids=name)\n"),
        ("dags/sql/load.sql", "insert into rows values {{ ti.xcom_pull('others') }}"),
        ("config/jobs.yaml", "load:\n  table: 'rows'\n"),
    ],
)
def test_other_files_may_speak_of_something_else(
    make_repository: MakeRepository, path: str, text: str
) -> None:
    assert not may_need(make_repository, "", {path: text})


def test_modules_may_import_each_other(make_repository: MakeRepository) -> None:
    more = {"dags/lib/others.py": "from lib import pulls\nimport orders\n"}
    assert not may_need(make_repository, "", more)
