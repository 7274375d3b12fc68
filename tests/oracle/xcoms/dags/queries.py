"""Rows that hooks fetch."""

from __future__ import annotations

from contextlib import closing

from airflow.providers.common.sql.hooks.handlers import fetch_all_handler, fetch_one_handler
from airflow.providers.postgres.hooks.postgres import PostgresHook
from airflow.providers.snowflake.hooks.snowflake import SnowflakeHook
from airflow.providers.sqlite.hooks.sqlite import SqliteHook
from airflow.sdk import BaseHook, task

COUNT = "select count(*) from orders"
ALL_ORDERS = "select * from orders"


@task
def all_orders():
    return SqliteHook(sqlite_conn_id="warehouse").get_records("select * from orders")


@task
def all_orders_by_constant():
    hook = SqliteHook("warehouse")
    return hook.get_records(ALL_ORDERS)


@task
def count_by_constant():
    hook = SqliteHook("warehouse")
    return hook.get_records(COUNT)[0][0]


@task
def count_by_first():
    return PostgresHook(postgres_conn_id="warehouse").get_first("select count(*) from orders")[0]


@task
def records_of_aggregate():
    return PostgresHook("warehouse").get_records("select min(day), max(day) from orders")


@task
def latest_orders():
    hook = PostgresHook(postgres_conn_id="warehouse")
    return hook.get_records("select * from orders order by id desc limit 100")


@task
def limited_by_variable(city):
    limit = 50
    hook = PostgresHook(postgres_conn_id="warehouse")
    return hook.get_records(f"select * from orders where city = '{city}' limit {limit}")


@task
def limit_is_too_large():
    return PostgresHook("warehouse").get_records("select * from orders limit 1000000")


@task
def orders_of_city(city):
    hook = PostgresHook(postgres_conn_id="warehouse")
    return hook.get_records("select id, name from orders where city = ?", parameters=(city,))


@task
def one_order():
    hook = PostgresHook(postgres_conn_id="warehouse")
    return hook.get_records("select * from orders where id = 17")


@task
def number_of_records():
    return len(PostgresHook("warehouse").get_records("select * from orders"))


@task
def first_of_records():
    return PostgresHook("warehouse").get_records("select * from orders")[0]


@task
def first_ten_of_records():
    return PostgresHook("warehouse").get_records("select * from orders")[:10]


@task
def ids_of_records():
    rows = PostgresHook("warehouse").get_records("select id from orders")
    return [row[0] for row in rows]


@task
def dicts_of_records():
    rows = SnowflakeHook("warehouse").get_records("select id, name from orders")
    return [{"id": number, "name": name} for number, name in rows]


@task
def mapping_of_records():
    rows = SnowflakeHook("warehouse").get_records("select id, name from orders")
    return {number: name for number, name in rows}


@task
def dict_of_records():
    return dict(SnowflakeHook("warehouse").get_records("select id, name from orders"))


@task
def distinct_cities():
    rows = PostgresHook("warehouse").get_records("select distinct city from orders")
    return [row[0] for row in rows]


@task
def grouped_by_city():
    return PostgresHook("warehouse").get_records(
        "select city, count(*) from orders group by city"
    )


@task
def table_names():
    rows = SqliteHook("warehouse").get_records("select name from sqlite_master where type = 'table'")
    return [row[0] for row in rows]


@task
def any_orders():
    return bool(PostgresHook("warehouse").get_records("select 1 from orders"))


@task
def total_of_records():
    return sum(row[0] for row in PostgresHook("warehouse").get_records("select amount from orders"))


@task
def largest_of_records():
    rows = PostgresHook("warehouse").get_records("select id, amount from orders")
    return max(rows, key=lambda row: row[1])


@task
def cities_of_records():
    rows = PostgresHook("warehouse").get_records("select city from orders")
    return sorted({row[0] for row in rows})


@task
def frame_of_hook():
    return PostgresHook("warehouse").get_df("select * from orders")


@task
def old_frame_of_hook():
    return PostgresHook("warehouse").get_pandas_df(sql="select * from orders where amount > 10")


@task
def polars_of_hook():
    return PostgresHook("warehouse").get_df("select * from orders", df_type="polars").to_dicts()


@task
def frame_of_few():
    return PostgresHook("warehouse").get_df("select * from orders limit 10")


@task
def frame_of_aggregates():
    return PostgresHook("warehouse").get_df("select sum(amount) as total, count(*) as n from orders")


@task
def value_of_frame():
    frame = PostgresHook("warehouse").get_df("select sum(amount) as total from orders")
    return float(frame["total"][0])


@task
def frames_by_chunks():
    total = 0
    for chunk in PostgresHook("warehouse").get_df_by_chunks("select * from orders", chunksize=500):
        total += len(chunk)
    return total


@task
def run_with_handler():
    return PostgresHook("warehouse").run("select * from orders", handler=fetch_all_handler)


@task
def run_with_one_handler():
    return PostgresHook("warehouse").run("select * from orders", handler=fetch_one_handler)


@task
def run_with_lambda():
    return PostgresHook("warehouse").run("select * from orders", handler=lambda cursor: cursor.fetchall())


@task
def run_with_rowcount():
    return PostgresHook("warehouse").run("delete from orders where 1 = 0", handler=lambda cursor: cursor.rowcount)


@task
def run_without_handler():
    return PostgresHook("warehouse").run("update orders set amount = amount + 0")


def names_only(cursor):
    return [row[4] for row in cursor.fetchall()]


@task
def run_with_function():
    return PostgresHook("warehouse").run("select * from orders", handler=names_only)


@task
def inserted():
    hook = PostgresHook("warehouse")
    rows = hook.get_records("select id, city from orders")
    hook.run("create table if not exists copies (id, city)")
    hook.insert_rows("copies", rows, target_fields=["id", "city"])
    return len(rows)


@task
def any_hook():
    hook = BaseHook.get_hook("warehouse")
    return hook.get_records("select * from orders")


@task
def connection_of_hook():
    with closing(PostgresHook("warehouse").get_conn()) as connection, closing(connection.cursor()) as cursor:
        cursor.execute("select * from orders")
        return cursor.fetchall()


@task
def column_names_of_query():
    with closing(PostgresHook("warehouse").get_conn()) as connection:
        cursor = connection.cursor()
        cursor.execute("select * from orders limit 0")
        return [column[0] for column in cursor.description]


@task
def is_there_an_order(city):
    rows = PostgresHook("warehouse").get_records("select * from orders where city = ?", parameters=[city])
    if not rows:
        raise ValueError("no orders")
    return True


@task
def first_or_none():
    rows = PostgresHook("warehouse").get_records("select * from orders")
    return rows[0] if rows else None


@task
def rows_or_nothing():
    return PostgresHook("warehouse").get_records("select * from orders") or []


@task
def conditional_rows(city):
    hook = PostgresHook("warehouse")
    sql = "select * from orders"
    if city:
        sql += " where amount > 1"
    return hook.get_records(sql)


@task
def limit_added(city):
    hook = PostgresHook("warehouse")
    sql = "select * from orders"
    if city:
        sql += " where amount > 1"
    sql += " limit 10"
    return hook.get_records(sql)


@task
def formatted_query(city):
    sql = "select * from orders where city = '{}'".format(city)
    return PostgresHook("warehouse").get_records(sql)


@task
def counts_of_tables():
    hook = PostgresHook("warehouse")
    return {table: hook.get_first(f"select count(*) from {table}")[0] for table in ("orders", "orders")}


@task
def query_of_a_file():
    from pathlib import Path

    sql = (Path(__file__).parent / "queries.sql").read_text()
    return PostgresHook("warehouse").get_records(sql)


@task
def returned_ids():
    return PostgresHook("warehouse").get_records("select id from orders")[0][0]


@task
def keyset(city):
    hook = PostgresHook("warehouse")
    last = hook.get_first("select max(id) from orders")[0]
    return {"city": city, "last": last}
