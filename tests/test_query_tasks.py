"""Tasks that push all rows of a query, and the fix that keeps them from it."""

from __future__ import annotations

import ast
import csv
from pathlib import Path

import pytest
from airwarden.config import Config
from airwarden.engine import check
from airwarden.findings import Finding
from airwarden.registry import Registry
from airwarden.repo import Repo
from airwarden.source import Source

from tests.conftest import MakeRepository

TABLES = Path(__file__).resolve().parent.parent / "linter" / "airwarden" / "tables"
RULE = "operator-pushes-query-rows"
PATH = "dags/orders.py"
HEAD = (
    "from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator\n"
    "from airflow.sdk import DAG\n\n"
)


def findings(root: Path) -> list[Finding]:
    registry = Registry()
    rules, _ = registry.load([RULE])
    report = check(Repo(root), None, Config(), rules, families=registry.families)
    assert not report.crashes
    return [each for each in report.findings if each.rule == RULE]


def mend(root: Path) -> list[Finding]:
    """Applies the fixes of what is found to the DAG file, and gives what was found."""
    found = findings(root)
    source = Source(PATH, (root / PATH).read_bytes().decode())
    text = source.text
    edits = [edit for each in found if each.fix for edit in each.fix.edits]
    for edit in sorted(edits, key=lambda each: each.region, reverse=True):
        start = source.offset(edit.region.line, edit.region.column)
        end = source.offset(edit.region.end_line, edit.region.end_column)
        text = text[:start] + edit.text + text[end:]
    ast.parse(text)
    (root / PATH).write_bytes(text.encode())
    return found


@pytest.mark.parametrize(
    ("made", "mended"),
    [
        ("(task_id='b', sql='select * from c')", "(task_id='b', sql='select * from c', do_xcom_push=False)"),
        (
            "(\n        sql='select * from c'  # a\n    )",
            "(\n        sql='select * from c',  # a\n        do_xcom_push=False,\n    )",
        ),
        (
            "(sql='''\n    select * from c\n    ''', task_id='b', **OPTIONS)",
            "(sql='''\n    select * from c\n    ''', task_id='b', **OPTIONS, do_xcom_push=False)",
        ),
        (
            ".partial(task_id='b', sql='select * from c').expand(parameters=[{}])",
            ".partial(task_id='b', sql='select * from c', do_xcom_push=False).expand(parameters=[{}])",
        ),
    ],
)
def test_the_fix_switches_the_push_off(make_repository: MakeRepository, made: str, mended: str) -> None:
    text = f"{HEAD}OPTIONS = {{'conn_id': 'w'}}\nwith DAG('a'):\n    SQLExecuteQueryOperator"
    root = make_repository({PATH: f"{text}{made}\n"})
    (found,) = mend(root)
    assert found.fix is not None
    assert not found.fix.safe
    assert not findings(root)
    assert (root / PATH).read_text() == f"{text}{mended}\n"


FACTORY = (
    f"{HEAD}def run(name, sql):\n"
    "    return SQLExecuteQueryOperator(task_id=name, sql=sql, conn_id='w')\n\n"
    "with DAG('a'):\n    run('show', 'select * from b')\n    run('count', 'select count(*) from b')\n"
)
SUBCLASS = (
    f"{HEAD}class Query(SQLExecuteQueryOperator):\n    pass\n\n"
    "with DAG('a'):\n    Query(task_id='b', sql='select * from c')\n"
)


@pytest.mark.parametrize("text", [FACTORY, SUBCLASS])
def test_there_is_no_fix_where_it_may_switch_off_more(make_repository: MakeRepository, text: str) -> None:
    (found,) = findings(make_repository({PATH: text}))
    assert found.fix is None


def test_the_query_is_shown_where_it_stands(make_repository: MakeRepository) -> None:
    text = f"{HEAD}with DAG('a'):\n    SQLExecuteQueryOperator(task_id='b', conn_id='w', sql='sql/c.sql')\n"
    (found,) = findings(make_repository({PATH: text, "dags/sql/c.sql": "select * from c"}))
    assert [each.region.path for each in found.related] == ["dags/sql/c.sql"]


def test_the_table_of_operators_is_sorted_and_complete() -> None:
    with (TABLES / "query_operators.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    names = [row["operator"] for row in rows]
    assert names == sorted(set(names))
    assert all(name.startswith("airflow.providers.") and name.endswith("Operator") for name in names)
    assert all(row["argument"] or row["asked_by"] for row in rows)
