"""Queries that have not run, and what comes of them once they have."""

from __future__ import annotations

import duckdb
import polars as pl
import sqlalchemy as sa
from airflow.providers.sqlite.hooks.sqlite import SqliteHook
from airflow.sdk import task
from sqlalchemy.orm import Session


@task
def scanned(csv_path):
    return pl.scan_csv(csv_path)


@task
def scanned_and_filtered(csv_path):
    orders = pl.scan_csv(csv_path)
    return orders.filter(pl.col("amount") > 10).select("id")


@task
def collected(csv_path):
    return pl.scan_csv(csv_path).filter(pl.col("amount") > 10).collect().to_dicts()


@task
def collected_head(csv_path):
    return pl.scan_csv(csv_path).head(10).collect().to_dicts()


@task
def lazy_limit(csv_path):
    return pl.scan_csv(csv_path).limit(10)


@task
def lazy_made_of_frame(csv_path):
    return pl.read_csv(csv_path).lazy()


@task
def counted(csv_path):
    return pl.scan_csv(csv_path).select(pl.len()).collect().item()


@task
def grouped(parquet_path):
    return (
        pl.scan_parquet(parquet_path)
        .group_by("city")
        .agg(pl.col("amount").mean())
        .collect()
        .to_dicts()
    )


@task
def sunk(csv_path, out_path):
    pl.scan_csv(csv_path).sink_parquet(out_path)
    return out_path


@task
def lazy_schema(csv_path):
    return list(pl.scan_csv(csv_path).collect_schema().names())


@task
def lazy_in_a_dict(csv_path):
    return {"orders": pl.scan_csv(csv_path), "path": csv_path}


@task
def collected_in_two_steps(parquet_path):
    query = pl.scan_parquet(parquet_path)
    query = query.with_columns(pl.col("amount").round(1))
    orders = query.collect()
    return orders["amount"].to_list()


@task
def relation(csv_path):
    return duckdb.read_csv(csv_path)


@task
def relation_by_sql(csv_path):
    return duckdb.sql(f"select * from '{csv_path}'")


@task
def relation_as_frame(csv_path):
    return duckdb.sql(f"select * from '{csv_path}'").df()


@task
def relation_fetched(csv_path):
    return duckdb.sql(f"select id, city from '{csv_path}'").fetchall()


@task
def relation_aggregated(csv_path):
    with duckdb.connect() as connection:
        return connection.execute(f"select count(*) from '{csv_path}'").fetchone()[0]


@task
def relation_grouped(csv_path):
    return duckdb.sql(f"select city, sum(amount) from '{csv_path}' group by city").fetchall()


@task
def relation_limited(csv_path):
    return duckdb.sql(f"select * from '{csv_path}' limit 10").fetchall()


@task
def connection_to_frame(db_path, csv_path):
    with duckdb.connect() as connection:
        return connection.execute(f"select * from '{csv_path}'").fetchdf()


@task
def connection_pl(csv_path):
    connection = duckdb.connect()
    return connection.sql(f"select * from '{csv_path}'").pl().to_dicts()


@task
def copied_by_duckdb(csv_path, out_path):
    duckdb.sql(f"copy (select * from '{csv_path}') to '{out_path}' (format parquet)")
    return out_path


@task
def result_of_engine(db_path):
    engine = sa.create_engine(f"sqlite:///{db_path}")
    with engine.connect() as connection:
        return connection.execute(sa.text("select * from orders"))


@task
def mappings_of_engine(db_path):
    engine = sa.create_engine(f"sqlite:///{db_path}")
    with engine.connect() as connection:
        result = connection.execute(sa.text("select id, city from orders"))
        return [dict(row) for row in result.mappings()]


@task
def scalars_of_engine(db_path):
    engine = sa.create_engine(f"sqlite:///{db_path}")
    with engine.connect() as connection:
        return connection.execute(sa.text("select name from orders")).scalars().all()


@task
def scalar_of_engine(db_path):
    engine = sa.create_engine(f"sqlite:///{db_path}")
    with engine.connect() as connection:
        return connection.execute(sa.text("select count(*) from orders")).scalar()


@task
def first_of_engine(db_path):
    engine = sa.create_engine(f"sqlite:///{db_path}")
    with engine.connect() as connection:
        row = connection.execute(sa.text("select * from orders order by amount desc")).first()
        return dict(row._mapping)


@task
def one_by_one(db_path):
    engine = sa.create_engine(f"sqlite:///{db_path}")
    with engine.begin() as connection:
        rows = connection.execute(sa.text("select id, name from orders")).fetchall()
    return [tuple(row) for row in rows]


@task
def rowcount_of_update(db_path):
    engine = sa.create_engine(f"sqlite:///{db_path}")
    with engine.begin() as connection:
        return connection.execute(sa.text("update orders set amount = amount + 0")).rowcount


@task
def session_result(db_path):
    with Session(sa.create_engine(f"sqlite:///{db_path}")) as session:
        return [dict(row) for row in session.execute(sa.text("select * from orders")).mappings().all()]


@task
def select_of_table(db_path):
    engine = sa.create_engine(f"sqlite:///{db_path}")
    table = sa.Table("orders", sa.MetaData(), autoload_with=engine)
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.select(table.c.id)).all()]


@task
def select_of_table_limited(db_path):
    engine = sa.create_engine(f"sqlite:///{db_path}")
    table = sa.Table("orders", sa.MetaData(), autoload_with=engine)
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.select(table.c.id).limit(5)).all()]


@task
def engine_of_hook():
    engine = SqliteHook(sqlite_conn_id="warehouse").get_sqlalchemy_engine()
    with engine.connect() as connection:
        return [list(row) for row in connection.execute(sa.text("select * from orders"))]
