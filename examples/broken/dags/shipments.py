"""Tracks parcels on their way out and back."""

from datetime import datetime

from airflow.sdk import DAG, task

# Nothing in pyproject.toml installs this provider, so the import fails in the image.
from airflow.providers.slack.notifications.slack import send_slack_notification

# One notifier for a DAG and its task: rendering changes it, so a second message repeats the first.
tell_slack = send_slack_notification(
    slack_conn_id="slack",
    channel="#data-alerts",
    # A run that times out may have no task to speak of: then the message is lost. And the link
    # leads to localhost, since values.yaml does not tell Airflow its own address.
    text="{{ dag.dag_id }} failed at {{ ti.task_id }}: {{ ti.log_url }}",
)

with DAG(
    dag_id="shipments",
    schedule="@daily",
    start_date=datetime(2025, 1, 1),
    on_failure_callback=[tell_slack],
):

    @task(on_failure_callback=tell_slack)
    def track():
        return "s3://lake/shipments.parquet"

    track()

with DAG(
    dag_id="returns",
    schedule="@daily",
    start_date=datetime(2025, 1, 1),
    # Airflow knows no collection here but a list: it calls the tuple itself, which fails unheard.
    on_failure_callback=(tell_slack,),
):

    @task
    def receive():
        return "s3://lake/returns.parquet"

    receive()
