"""Cursors of the DB-API: sqlite3, and the connections of hooks."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pandas as pd
from airflow.providers.postgres.hooks.postgres import PostgresHook
from airflow.sdk import task


@task
def fetched(db_path):
    with sqlite3.connect(db_path) as connection:
        return connection.execute("select * from orders").fetchall()


@task
def fetched_by_cursor(db_path):
    connection = sqlite3.connect(db_path)
    cursor = connection.cursor()
    cursor.execute("select id, city from orders")
    rows = cursor.fetchall()
    connection.close()
    return rows


@task
def counted(db_path):
    connection = sqlite3.connect(db_path)
    cursor = connection.cursor()
    cursor.execute("select count(*) from orders")
    (count,) = cursor.fetchone()
    return count


@task
def counted_by_fetchall(db_path):
    cursor = sqlite3.connect(db_path).cursor()
    cursor.execute("select count(*) from orders")
    return cursor.fetchall()


@task
def limited(db_path):
    cursor = sqlite3.connect(db_path).cursor()
    cursor.execute("select * from orders order by amount desc limit 10")
    return cursor.fetchall()


@task
def one_row(db_path):
    cursor = sqlite3.connect(db_path).cursor()
    cursor.execute("select * from orders")
    return cursor.fetchone()


@task
def some_rows(db_path):
    cursor = sqlite3.connect(db_path).cursor()
    cursor.execute("select * from orders")
    return cursor.fetchmany(20)


@task
def many_rows(db_path):
    cursor = sqlite3.connect(db_path).cursor()
    cursor.execute("select * from orders")
    return cursor.fetchmany(size=1_000_000)


@task
def batches_together(db_path):
    cursor = sqlite3.connect(db_path).cursor()
    cursor.execute("select id, name from orders")
    rows = []
    while True:
        batch = cursor.fetchmany(500)
        if not batch:
            break
        rows.extend(batch)
    return rows


@task
def batches_by_walrus(db_path):
    cursor = sqlite3.connect(db_path).cursor()
    cursor.execute("select id, name from orders")
    rows = []
    while batch := cursor.fetchmany(500):
        rows += batch
    return rows


@task
def batches_counted(db_path):
    cursor = sqlite3.connect(db_path).cursor()
    cursor.execute("select id, name from orders")
    count = 0
    while batch := cursor.fetchmany(500):
        count += len(batch)
    return count


@task
def iterated(db_path):
    with closing(sqlite3.connect(db_path)) as connection:
        return [list(row) for row in connection.execute("select id, name from orders")]


@task
def listed_cursor(db_path):
    with closing(sqlite3.connect(db_path)) as connection:
        return list(connection.execute("select id, name from orders"))


@task
def iterated_with_dicts(db_path):
    with closing(sqlite3.connect(db_path)) as connection:
        cursor = connection.cursor()
        cursor.execute("select id, name from orders")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row)) for row in cursor.fetchall()]


@task
def appended_in_a_loop(db_path):
    with closing(sqlite3.connect(db_path)) as connection:
        result = []
        for number, name in connection.execute("select id, name from orders"):
            result.append({"id": number, "name": name})
        return result


@task
def totals_in_a_loop(db_path):
    totals = {"Graz": 0, "Lyon": 0}
    with closing(sqlite3.connect(db_path)) as connection:
        for city, amount in connection.execute("select city, amount from orders"):
            if city in totals:
                totals[city] += amount
    return totals


@task
def rowcount(db_path):
    with sqlite3.connect(db_path) as connection:
        cursor = connection.execute("update orders set amount = amount + 0")
        return cursor.rowcount


@task
def changes(db_path):
    connection = sqlite3.connect(db_path)
    connection.execute("update orders set amount = amount + 0 where id = 1")
    connection.commit()
    return connection.total_changes


@task
def description(db_path):
    cursor = sqlite3.connect(db_path).execute("select * from orders")
    return [column[0] for column in cursor.description]


@task
def dumped_statements(db_path):
    return list(sqlite3.connect(db_path).iterdump())  # a matter of taste


@task
def frame_of_connection(db_path):
    with closing(sqlite3.connect(db_path)) as connection:
        return pd.read_sql("select * from orders", connection)


@task
def few_of_connection(db_path):
    with closing(sqlite3.connect(db_path)) as connection:
        return pd.read_sql_query("select * from orders limit 20", connection).to_dict("records")


@task
def sum_of_connection(db_path):
    with closing(sqlite3.connect(db_path)) as connection:
        return pd.read_sql("select sum(amount) as total from orders", con=connection)


@task
def chunks_of_connection(db_path):
    with closing(sqlite3.connect(db_path)) as connection:
        return sum(len(chunk) for chunk in pd.read_sql("select * from orders", connection, chunksize=500))


@task
def parameters(db_path, city):
    with closing(sqlite3.connect(db_path)) as connection:
        return connection.execute("select name from orders where city = ?", (city,)).fetchall()


@task
def by_key(db_path):
    with closing(sqlite3.connect(db_path)) as connection:
        return connection.execute("select * from orders where id = ?", (17,)).fetchall()


@task
def cursor_of_hook():
    connection = PostgresHook(postgres_conn_id="warehouse").get_conn()
    cursor = connection.cursor()
    cursor.execute("select * from orders")
    return [list(row) for row in cursor.fetchall()]


@task
def cursor_of_hook_scalar():
    connection = PostgresHook(postgres_conn_id="warehouse").get_conn()
    cursor = connection.cursor()
    cursor.execute("select max(id) from orders")
    return cursor.fetchone()[0]


@task
def two_queries(db_path):
    cursor = sqlite3.connect(db_path).cursor()
    cursor.execute("select * from orders")
    everything = cursor.fetchall()
    cursor.execute("select count(*) from orders")
    return {"count": cursor.fetchall(), "seen": len(everything)}


@task
def two_queries_the_other_way(db_path):
    cursor = sqlite3.connect(db_path).cursor()
    cursor.execute("select count(*) from orders")
    count = cursor.fetchone()
    cursor.execute("select * from orders")
    return {"count": count, "rows": cursor.fetchall()}


@task
def query_in_a_variable(db_path):
    query = """
        select id, name
        from orders
        where amount > 10
    """
    cursor = sqlite3.connect(db_path).cursor()
    cursor.execute(query)
    return cursor.fetchall()


@task
def joined_query(db_path):
    query = "select count(*) " + "from orders " + "where amount > 10"
    return sqlite3.connect(db_path).execute(query).fetchall()


@task
def exists(db_path):
    cursor = sqlite3.connect(db_path).execute("select exists(select 1 from orders where id = 1)")
    return bool(cursor.fetchall()[0][0])


@task
def row_factory(db_path):
    connection = sqlite3.connect(db_path)
    connection.row_factory = sqlite3.Row
    return [dict(row) for row in connection.execute("select * from orders").fetchall()]
