"""Loads yesterday's orders into the lake."""

from datetime import datetime

import pandas as pd
from airflow.sdk import DAG, task

# Nothing in pyproject.toml installs this provider, so the import fails in the image.
from airflow.providers.postgres.hooks.postgres import PostgresHook

# When a run fails, nobody hears of it.
with DAG(dag_id="orders", schedule="@daily", start_date=datetime(2025, 1, 1)):

    @task
    def extract():
        hook = PostgresHook(postgres_conn_id="shop")
        # Every row of the table becomes one XCom, which is one row of the metadata database.
        return hook.get_records("SELECT id, customer, total FROM orders")

    @task
    def clean(rows):
        orders = pd.DataFrame(rows, columns=["id", "customer", "total"])
        # A whole table in one XCom.
        return orders.drop_duplicates("id")

    @task
    def load(orders):
        orders.to_parquet("s3://lake/orders.parquet")

    load(clean(extract()))
