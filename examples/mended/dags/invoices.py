"""Sends the invoices of the month."""

from datetime import datetime

from airflow.sdk import DAG, Connection, task
from alerts import slack_alert

with DAG(
    dag_id="invoices",
    schedule="@monthly",
    start_date=datetime(2025, 1, 1),
    on_failure_callback=[slack_alert()],
):

    @task
    def send():
        server = Connection.get("mail")
        return server.host

    send()
