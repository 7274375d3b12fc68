"""Statements of SQL: where each ends, and whether it gives rows without an end."""

from __future__ import annotations

import pytest
from airwarden.outputs.statements import gives_all_rows, statements


def test_statements_are_told_apart() -> None:
    text = "a -- b; c\n; select ';' ; /* d; */ {# e; #} f '{{ x; }}' ;;{{ g('h;') }}"
    assert statements(text) == ["a", "select '_'", "f '_'", "{}"]


@pytest.mark.parametrize(
    "statement",
    [
        "select * from a",
        "SELECT DISTINCT b FROM a WHERE c = 'd'",
        "(select * from a) union all (select * from b)",
        "with x as (select 1) select * from x join a using (b)",
        "select * from {{ params.schema }}.a",
        "select * from {{ params.table }}",
        "select * from a_{{ ds_nodash }}",
        "select * from a where day >= {{ ds }}",
        "select b, count(*) from a group by b",
        "select * from a limit 100000",
        "select replace(b, 'into', 'x') from a",
        "select * from (select * from a limit 10) x cross join b",
    ],
)
def test_a_query_that_nothing_bounds(statement: str) -> None:
    assert gives_all_rows(*statements(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "select 1",
        "select count(*) from a",
        "select * from a limit 10",
        "select * from a {{ limit }}",
        "select * from a {% if b %} limit 10 {% endif %}",
        "select * into b from a",
        "with x as (select * from a) insert into b select * from x",
        "with x as (select * from a), y as (select 1) delete from b using x",
        "insert into b select * from a",
        "select * from load_all('a')",
        "select pid from pg_stat_activity",
        "show tables",
        "call load_all()",
        "exec load_all",
        "a.sql",
    ],
)
def test_a_statement_that_gives_few_rows_or_none(statement: str) -> None:
    assert not gives_all_rows(*statements(statement))
