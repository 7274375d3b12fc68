"""More queries: texts that bound themselves, and what is done with rows."""

from __future__ import annotations

import textwrap
from contextlib import closing

import pandas as pd
from airflow.providers.common.sql.hooks.sql import DbApiHook
from airflow.providers.postgres.hooks.postgres import PostgresHook
from airflow.providers.sqlite.hooks.sqlite import SqliteHook
from airflow.sdk import BaseHook, task

TABLES = ("orders",)
LIMIT = 25
HEAD = f"select * from orders limit {LIMIT}"
PER_CITY = """
    select city, sum(amount) as total
    from orders
    group by city
    order by total desc
"""


def hook_of(conn_id: str = "warehouse") -> DbApiHook:
    return PostgresHook(postgres_conn_id=conn_id)


@task
def by_constant_with_limit():
    return hook_of().get_records(HEAD)


@task
def per_city():
    return dict(hook_of().get_records(PER_CITY))


@task
def limit_in_lower_lines():
    return hook_of().get_records(
        """
        SELECT id, name
        FROM orders
        ORDER BY amount DESC
        LIMIT 10;
        """
    )


@task
def limit_with_comment():
    return hook_of().get_records("select * from orders limit 10 -- the first ones")


@task
def limit_in_a_subquery():
    return hook_of().get_records("select * from (select * from orders limit 10) as few")


@task
def limit_in_one_subquery_only():
    return hook_of().get_records("select * from orders where id not in (select id from orders limit 10)")


@task
def with_clause():
    return hook_of().get_records(
        "with large as (select * from orders where amount > 10) select count(*) from large"
    )


@task
def with_clause_of_all():
    return hook_of().get_records("with large as (select * from orders where amount > 10) select * from large")


@task
def aliased_aggregates():
    return hook_of().get_records("select count(*) as rows, coalesce(sum(amount), 0) as total from orders")


@task
def rounded_aggregate():
    return hook_of().get_records("select round(avg(amount), 2) from orders")


@task
def arithmetic_of_aggregates():
    return hook_of().get_records("select max(id) - min(id) + 1 from orders")


@task
def share_of_aggregates():
    return hook_of().get_records("select 100.0 * sum(amount > 10) / count(*) from orders")


@task
def case_in_aggregate():
    return hook_of().get_records("select sum(case when amount > 10 then 1 else 0 end) from orders")


@task
def count_with_label():
    return hook_of().get_records("select 'orders' as name, count(*) from orders")


@task
def union_of_counts():
    return hook_of().get_records(
        "select 'all', count(*) from orders union all select 'large', count(*) from orders where amount > 10"
    )


@task
def window():
    return hook_of().get_records("select id, sum(amount) over (order by id) from orders")


@task
def distinct_days():
    return [row[0] for row in hook_of().get_records("select distinct day from orders order by day")]


@task
def exists():
    return hook_of().get_records("select exists (select 1 from orders where amount > 10)")


@task
def one():
    return hook_of().get_records("select 1")


@task
def now():
    return hook_of().get_records("select current_timestamp")[0][0]


@task
def by_primary_key():
    return hook_of().get_records("select * from orders where id = 12")


@task
def by_primary_key_given():
    return hook_of().get_records("select * from orders where id = ?", parameters=(12,))


@task
def by_several_keys():
    return hook_of().get_records("select * from orders where id in (1, 2, 3)")


@task
def above_a_key():
    return hook_of().get_records("select * from orders where id > 12")


@task
def schema_of_table():
    return hook_of().get_records("pragma table_info(orders)")


@task
def explained():
    return len(hook_of().get_records("explain query plan select * from orders"))


@task
def dedented():
    query = textwrap.dedent(
        """
        select id
        from orders
        """
    )
    return hook_of().get_records(query)


@task
def limit_by_variable():
    count = 20
    return hook_of().get_records("select * from orders limit ?", parameters=(count,))


@task
def limit_by_format():
    return hook_of().get_records("select * from orders limit %d" % 20)


@task
def limit_appended_by_method():
    parts = ["select * from orders", "where amount > 10", "limit 10"]
    return hook_of().get_records(" ".join(parts))


@task
def where_appended_by_method():
    parts = ["select * from orders", "where amount > 10"]
    return hook_of().get_records(" ".join(parts))


@task
def query_in_a_dict():
    queries = {"count": "select count(*) from orders", "all": "select * from orders"}
    return {name: len(hook_of().get_records(query)) for name, query in queries.items()}


@task
def counts_in_a_dict():
    queries = {"count": "select count(*) from orders", "largest": "select max(amount) from orders"}
    return {name: hook_of().get_first(query)[0] for name, query in queries.items()}


@task
def looped_tables():
    counts = {}
    for table in TABLES:
        counts[table] = hook_of().get_records(f"select count(*) from {table}")[0][0]
    return counts


@task
def looped_tables_whole():
    content = {}
    for table in TABLES:
        content[table] = hook_of().get_records(f"select * from {table}")
    return content


@task
def compared():
    hook = hook_of()
    source = hook.get_records("select id, amount from orders")
    target = hook.get_records("select id, amount from orders")
    return {"same": source == target, "missing": len(set(source) - set(target))}


@task
def difference():
    hook = hook_of()
    source = {row[0] for row in hook.get_records("select id from orders")}
    target = {row[0] for row in hook.get_records("select id from orders where id < 0")}
    return len(source - target)


@task
def first_cell():
    rows = hook_of().get_records("select max(day) from orders")
    return rows[0][0]


@task
def first_cell_or_default():
    rows = hook_of().get_records("select day from orders order by day desc")
    return rows[0][0] if rows else "1970-01-01"


@task
def one_unpacked():
    ((count,),) = hook_of().get_records("select count(*) from orders")
    return count


@task
def first_unpacked():
    (first, *_) = hook_of().get_records("select * from orders")
    return first


@task
def fast_fail():
    rows = hook_of().get_records("select * from orders where amount < 0")
    if rows:
        raise ValueError(f"{len(rows)} bad orders, the first: {rows[0]}")
    return "fine"


@task
def summary_in_text():
    rows = hook_of().get_records("select * from orders")
    return f"{len(rows)} orders, the last is {rows[-1][0]}"


@task
def totals_by_loop():
    totals = {}
    for city, amount in hook_of().get_records("select city, amount from orders"):
        totals[city] = totals.get(city, 0) + amount
    return totals


@task
def maximum_by_loop():
    largest = None
    for row in hook_of().get_records("select id, amount from orders"):
        if largest is None or row[1] > largest[1]:
            largest = row
    return largest


@task
def searched():
    for row in hook_of().get_records("select id, name from orders"):
        if row[1] == "customer 3":
            return row
    return None


@task
def failing_rows():
    failing = []
    for row in hook_of().get_records("select id, amount from orders"):
        if row[1] < 0:
            failing.append(row)
    return failing  # a matter of taste


@task
def rows_to_frame():
    rows = hook_of().get_records("select id, amount from orders")
    return pd.DataFrame(rows, columns=["id", "amount"])


@task
def rows_to_frame_and_sum():
    rows = hook_of().get_records("select id, amount from orders")
    return float(pd.DataFrame(rows, columns=["id", "amount"])["amount"].sum())


@task
def rows_to_frame_and_file(out_path):
    rows = hook_of().get_records("select id, amount from orders")
    pd.DataFrame(rows, columns=["id", "amount"]).to_csv(out_path)
    return {"path": out_path, "rows": len(rows)}


@task
def frame_of_connection():
    with closing(hook_of().get_conn()) as connection:
        return pd.read_sql_query("select * from orders", con=connection)


@task
def frame_of_connection_counted():
    with closing(hook_of().get_conn()) as connection:
        return int(pd.read_sql_query("select count(*) as n from orders", con=connection)["n"].iloc[0])


@task
def frame_of_engine():
    engine = hook_of().get_sqlalchemy_engine()
    return pd.read_sql("select id from orders", engine)["id"].tolist()


@task
def uri():
    return hook_of().get_uri()


@task
def hook_by_id():
    connection = BaseHook.get_connection("warehouse")
    return connection.conn_type


@task
def get_hook():
    return BaseHook.get_connection("warehouse").get_hook().get_records("select * from orders")


@task
def records_of_params():
    sql, parameters = "select id from orders where city = ?", ("Graz",)
    return SqliteHook(sqlite_conn_id="warehouse").get_records(sql, parameters)


@task
def several_statements():
    return hook_of().run(["update orders set amount = amount", "update orders set amount = amount"])


@task
def handler_of_description():
    return hook_of().run("select * from orders", handler=lambda cursor: [c[0] for c in cursor.description])


@task
def handler_of_one():
    return hook_of().run("select * from orders", handler=lambda cursor: cursor.fetchone())


@task
def handler_of_length():
    return hook_of().run("select * from orders", handler=lambda cursor: len(cursor.fetchall()))


@task
def handler_list():
    return hook_of().run("select * from orders", handler=list)


@task
def bulk_written(out_path):
    count = 0
    with closing(hook_of().get_conn()) as connection, open(out_path, "w") as file:
        cursor = connection.cursor()
        cursor.execute("select * from orders")
        while True:
            rows = cursor.fetchmany(100)
            if not rows:
                break
            for row in rows:
                file.write(";".join(map(str, row)) + "\n")
            count += len(rows)
    return {"path": out_path, "rows": count}
