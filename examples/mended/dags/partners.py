"""Reads the partners' price lists."""

from datetime import datetime

from airflow.sdk import DAG, task
from alerts import slack_alert

with DAG(
    dag_id="partners",
    schedule="@daily",
    start_date=datetime(2025, 1, 1),
    on_failure_callback=[slack_alert()],
):

    @task
    def fetch():
        return "s3://lake/partners.csv"

    fetch()
