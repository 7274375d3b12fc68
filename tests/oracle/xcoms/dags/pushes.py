"""What tasks push themselves, and how they return more than one value."""

from __future__ import annotations

from typing import Any

import pandas as pd
from airflow.providers.postgres.hooks.postgres import PostgresHook
from airflow.providers.standard.operators.python import (
    PythonOperator,
    ShortCircuitOperator,
)
from airflow.sdk import DAG, PokeReturnValue, get_current_context, task


@task
def pushed(csv_path, ti=None):
    orders = pd.read_csv(csv_path)
    ti.xcom_push(key="orders", value=orders)


@task
def pushed_by_position(csv_path, ti=None):
    ti.xcom_push("orders", pd.read_csv(csv_path).to_dict("records"))


@task
def pushed_count(csv_path, ti=None):
    ti.xcom_push(key="count", value=len(pd.read_csv(csv_path)))


@task
def pushed_through_context(csv_path, **context):
    context["ti"].xcom_push(key="orders", value=pd.read_csv(csv_path).to_json())


@task
def pushed_through_task_instance(csv_path, **kwargs):
    kwargs["task_instance"].xcom_push(key="path", value=csv_path)
    kwargs["task_instance"].xcom_push(key="rows", value=pd.read_csv(csv_path).shape[0])


@task
def pushed_through_current_context(csv_path):
    context = get_current_context()
    context["ti"].xcom_push(key="orders", value=pd.read_csv(csv_path))


@task
def pushed_rows(ti=None):
    rows = PostgresHook("warehouse").get_records("select * from orders")
    ti.xcom_push(key="rows", value=rows)
    return len(rows)


@task
def pushed_in_a_loop(csv_path, ti=None):
    for city, group in pd.read_csv(csv_path).groupby("city"):
        ti.xcom_push(key=city, value=group.to_dict("records"))


@task
def pushed_counts_in_a_loop(csv_path, ti=None):
    for city, group in pd.read_csv(csv_path).groupby("city"):
        ti.xcom_push(key=city, value=len(group))


@task
def pushed_in_a_branch(csv_path, city, ti=None):
    orders = pd.read_csv(csv_path)
    if city:
        ti.xcom_push(key="orders", value=orders)
    return "done"


@task
def pushed_dict(csv_path, ti=None):
    orders = pd.read_csv(csv_path)
    ti.xcom_push(key="facts", value={"rows": len(orders), "columns": list(orders.columns)})


@task(multiple_outputs=True)
def several_outputs(csv_path):
    orders = pd.read_csv(csv_path)
    return {"orders": orders.to_dict("records"), "count": len(orders)}


@task(multiple_outputs=True)
def several_small_outputs(csv_path):
    orders = pd.read_csv(csv_path)
    return {"path": csv_path, "count": len(orders)}


@task
def outputs_by_annotation(csv_path) -> dict[str, Any]:
    orders = pd.read_csv(csv_path)
    return {"orders": orders, "count": len(orders)}


@task(do_xcom_push=False)
def not_pushed(csv_path):
    return pd.read_csv(csv_path)


@task(do_xcom_push=False)
def not_pushed_but_pushes(csv_path, ti=None):
    ti.xcom_push(key="orders", value=pd.read_csv(csv_path))
    return pd.read_csv(csv_path)


@task.sensor(poke_interval=1, timeout=5)
def waited(csv_path) -> PokeReturnValue:
    return PokeReturnValue(is_done=True, xcom_value=pd.read_csv(csv_path).to_dict("records"))


@task.sensor(poke_interval=1, timeout=5)
def waited_for_a_count(csv_path) -> PokeReturnValue:
    count = len(pd.read_csv(csv_path))
    return PokeReturnValue(is_done=count > 0, xcom_value=count)


@task.sensor(poke_interval=1, timeout=5)
def waited_by_position() -> PokeReturnValue:
    rows = PostgresHook("warehouse").get_records("select * from orders")
    return PokeReturnValue(bool(rows), rows)


@task.sensor(poke_interval=1, timeout=5)
def waited_without_value() -> PokeReturnValue:
    rows = PostgresHook("warehouse").get_records("select * from orders")
    return PokeReturnValue(is_done=len(rows) > 0)


@task.sensor(poke_interval=1, timeout=5)
def waited_for_rows():
    return bool(PostgresHook("warehouse").get_records("select * from orders"))


@task.short_circuit
def goes_on(csv_path):
    return not pd.read_csv(csv_path).empty


@task
def pulled(ti=None):
    path = ti.xcom_pull(task_ids="extract")
    return pd.read_csv(path)


@task
def pulled_and_counted(ti=None):
    path = ti.xcom_pull(task_ids="extract")
    return {"path": path, "rows": len(pd.read_csv(path))}


@task
def pulled_and_written(out_path, **context):
    orders = pd.read_csv(context["ti"].xcom_pull(task_ids="extract", key="path"))
    orders.to_csv(out_path)
    context["ti"].xcom_push(key="path", value=out_path)


@task
def mapped_values(csv_path):
    return pd.read_csv(csv_path)["id"].tolist()


@task(retries=2, pool="small")
def with_settings(csv_path):
    return pd.read_csv(csv_path).to_dict("index")


def extract(csv_path):
    return pd.read_csv(csv_path)


def extract_rows(**context):
    rows = PostgresHook("warehouse").get_records("select * from orders")
    context["ti"].xcom_push(key="rows", value=rows)


def extract_path(csv_path, out_path):
    pd.read_csv(csv_path).to_parquet(out_path)
    return out_path


def extract_quietly(csv_path):
    return pd.read_csv(csv_path)


def choose(csv_path):
    return "many" if len(pd.read_csv(csv_path)) > 100 else "few"


def has_orders(csv_path):
    return len(pd.read_csv(csv_path)) > 0


def transform(ti):
    path = ti.xcom_pull(task_ids="extract_path")
    return pd.read_csv(path).dropna().to_dict("records")


def load(ti):
    path = ti.xcom_pull(task_ids="extract_path")
    return pd.read_csv(path).to_sql("copies", "sqlite://")


with DAG("pushes"):
    PythonOperator(task_id="extract_all", python_callable=extract, op_kwargs={"csv_path": "/data/orders.csv"})
    PythonOperator(task_id="extract_pushes", python_callable=extract_rows)
    PythonOperator(
        task_id="extract_to_file",
        python_callable=extract_path,
        op_kwargs={"csv_path": "/data/orders.csv", "out_path": "/data/orders.parquet"},
    )
    PythonOperator(
        task_id="extract_nothing",
        python_callable=extract_quietly,
        op_kwargs={"csv_path": "/data/orders.csv"},
        do_xcom_push=False,
    )
    PythonOperator(task_id="transform_all", python_callable=transform)
    PythonOperator(task_id="load_all", python_callable=load)
    ShortCircuitOperator(
        task_id="any_orders", python_callable=has_orders, op_kwargs={"csv_path": "/data/orders.csv"}
    )
