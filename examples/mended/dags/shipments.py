"""Tracks parcels on their way out and back."""

from datetime import datetime

from airflow.sdk import DAG, task
from alerts import slack_alert

with DAG(
    dag_id="shipments",
    schedule="@daily",
    start_date=datetime(2025, 1, 1),
    on_failure_callback=[slack_alert()],
):

    @task
    def track():
        return "s3://lake/shipments.parquet"

    track()

with DAG(
    dag_id="returns",
    schedule="@daily",
    start_date=datetime(2025, 1, 1),
    on_failure_callback=[slack_alert()],
):

    @task
    def receive():
        return "s3://lake/returns.parquet"

    receive()
