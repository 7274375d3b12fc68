"""Loads yesterday's orders into the lake."""

from datetime import datetime

import pandas as pd
from airflow.providers.postgres.hooks.postgres import PostgresHook
from airflow.sdk import DAG, task
from alerts import slack_alert

RAW = "s3://lake/raw/orders.parquet"
CLEAN = "s3://lake/orders.parquet"

with DAG(
    dag_id="orders",
    schedule="@daily",
    start_date=datetime(2025, 1, 1),
    on_failure_callback=[slack_alert()],
):

    @task
    def extract():
        hook = PostgresHook(postgres_conn_id="shop")
        rows = hook.get_records("SELECT id, customer, total FROM orders")
        pd.DataFrame(rows, columns=["id", "customer", "total"]).to_parquet(RAW)
        return RAW

    @task
    def clean(raw):
        pd.read_parquet(raw).drop_duplicates("id").to_parquet(CLEAN)
        return CLEAN

    clean(extract())
