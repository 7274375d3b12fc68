"""Sends the invoices of the month."""

from datetime import datetime

import polars as pl
from airflow.sdk import DAG, Connection, task
from alerts import slack_alert

with DAG(
    dag_id="invoices",
    schedule="@monthly",
    start_date=datetime(2025, 1, 1),
    on_failure_callback=[slack_alert()],
):

    @task
    def total():
        orders = pl.scan_parquet("s3://lake/orders.parquet").group_by("customer").agg(pl.sum("total"))
        orders.sink_parquet("s3://lake/totals.parquet")
        return "s3://lake/totals.parquet"

    @task
    def send():
        server = Connection.get("mail")
        return server.host

    total() >> send()
