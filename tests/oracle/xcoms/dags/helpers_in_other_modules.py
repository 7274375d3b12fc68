"""Functions and classes of other modules of the repository."""

from __future__ import annotations

from functools import partial

import pandas as pd
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, task
from include import readers
from include.readers import (
    JsonReader,
    Reader,
    clean,
    count_orders,
    fetch,
    fetch_dicts,
    fetch_one,
    orders_or_none,
    pages,
    read_and_clean,
    read_cached,
    read_json,
    read_logged,
    read_orders,
    same,
    save,
    summary,
    walk,
)


@task
def through_module(csv_path):
    return readers.read_orders(csv_path)


@task
def through_import(csv_path):
    return read_orders(csv_path)


@task
def counted(csv_path):
    return count_orders(csv_path)


@task
def cleaned(csv_path):
    return read_and_clean(csv_path)


@task
def cleaned_here(csv_path):
    return clean(pd.read_csv(csv_path))


@task
def summed_up(csv_path):
    return summary(read_orders(csv_path))


@task
def saved(csv_path, out_path):
    return save(read_and_clean(csv_path), out_path)


@task
def identity_of_frame(csv_path):
    return same(read_orders(csv_path))


@task
def identity_of_path(csv_path):
    return same(csv_path)


@task
def decorated(csv_path):
    return read_logged(csv_path)


@task
def cached(csv_path):
    return read_cached(csv_path).to_dict("list")


@task
def fetched():
    return fetch("select * from orders")


@task
def fetched_count():
    return fetch("select count(*) from orders")


@task
def fetched_limit():
    return fetch("select * from orders limit 10")


@task
def fetched_one():
    return fetch_one("select * from orders")


@task
def fetched_dicts():
    return fetch_dicts("select * from orders")


@task
def fetched_dicts_length():
    return len(fetch_dicts("select * from orders"))


@task
def parsed(json_path):
    return read_json(json_path)


@task
def parsed_field(json_path):
    return read_json(json_path)[0]["name"]


@task
def pages_counted(csv_path):
    return sum(len(page) for page in pages(csv_path))


@task
def pages_together(csv_path):
    return pd.concat(pages(csv_path))


@task
def optional(csv_path):
    return orders_or_none(csv_path)


@task
def optional_none(csv_path):
    return orders_or_none(csv_path, wanted=False)


@task
def recursive(csv_path):
    return walk(csv_path, 3)


@task
def reader(csv_path):
    reader = Reader(csv_path)
    reader.load()
    return reader.frame


@task
def reader_chained(csv_path):
    return Reader(csv_path).load().rows()


@task
def reader_counted(csv_path):
    return Reader(csv_path).load().count()


@task
def reader_path(csv_path):
    return Reader(csv_path).path


@task
def reader_property(csv_path):
    return Reader(csv_path).orders


@task
def reader_property_length(csv_path):
    return len(Reader(csv_path).orders)


@task
def reader_by_classmethod(csv_path):
    return Reader.of(csv_path).orders.to_dict("records")


@task
def reader_static(csv_path):
    return Reader.head(csv_path)


@task
def reader_len(csv_path):
    return len(Reader(csv_path).load())


@task
def json_reader(json_path):
    return JsonReader(json_path).load().rows()


@task
def json_reader_described(json_path):
    return JsonReader(json_path).load().describe()


@task
def bound_method(csv_path):
    load = Reader(csv_path).load
    return load().count()


@task
def pushed_by_helper(csv_path, ti=None):
    readers.push_all(ti, pd.read_csv(csv_path))


@task
def pushed_small_by_helper(csv_path, ti=None):
    readers.push_all(ti, len(pd.read_csv(csv_path)))


@task
def partial_of_reader(csv_path):
    read = partial(pd.read_csv, sep=",")
    return read(csv_path)


@task
def mapped_readers(folder):
    from pathlib import Path

    return [count_orders(path) for path in Path(folder).glob("*.csv")]


with DAG("helpers"):
    PythonOperator(
        task_id="callable_elsewhere", python_callable=read_orders, op_kwargs={"path": "/data/orders.csv"}
    )
    PythonOperator(
        task_id="callable_elsewhere_counts", python_callable=count_orders, op_kwargs={"path": "/data/orders.csv"}
    )
    PythonOperator(
        task_id="callable_of_module", python_callable=readers.read_text, op_kwargs={"path": "/data/orders.txt"}
    )
    PythonOperator(
        task_id="callable_elsewhere_not_pushed",
        python_callable=read_orders,
        op_kwargs={"path": "/data/orders.csv"},
        do_xcom_push=False,
    )
    PythonOperator(task_id="callable_lambda", python_callable=lambda path: read_orders(path), op_kwargs={"path": "x"})
    PythonOperator(
        task_id="callable_lambda_counts", python_callable=lambda path: len(read_orders(path)), op_kwargs={"path": "x"}
    )
    PythonOperator(
        task_id="callable_partial", python_callable=partial(read_orders), op_kwargs={"path": "/data/orders.csv"}
    )
    PythonOperator(
        task_id="callable_static", python_callable=Reader.head, op_kwargs={"path": "/data/orders.csv"}
    )
