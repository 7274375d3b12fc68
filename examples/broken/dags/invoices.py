"""Sends the invoices of the month."""

from datetime import datetime

import polars as pl
from airflow.sdk import DAG, Connection, task

# Nothing in pyproject.toml installs this provider, so the import fails in the image.
from airflow.providers.slack.notifications.slack import send_slack_notification

tell_slack = send_slack_notification(
    slack_conn_id="slack",
    channel="#data-alerts",
    text="{{ dag.dag_id }} failed in run {{ run_id }}",
)

# default_args reach the tasks, never the DAG: this posts once for each task that fails,
# and nothing when the run itself times out.
with DAG(
    dag_id="invoices",
    schedule="@monthly",
    start_date=datetime(2025, 1, 1),
    default_args={"on_failure_callback": tell_slack},
):

    @task
    def total():
        # A query that has not run can't be stored: the task fails as it returns, on every retry.
        return pl.scan_parquet("s3://lake/orders.parquet").group_by("customer").agg(pl.sum("total"))

    @task
    def send():
        server = Connection(
            conn_id="mail",
            conn_type="smtp",
            host="mail.example.org",
            login="invoices",
            # Whoever reads this repository can sign in to the mail server.
            password="not-a-real-password-1",
        )
        return server.host

    total() >> send()
