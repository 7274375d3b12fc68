from datetime import timedelta

from airflow.providers.slack.notifications.slack import SlackNotifier
from airflow.sdk import DAG, AsyncCallback, DeadlineAlert, DeadlineReference

from shared.notify import tell_slack, write_log

LATE = DeadlineAlert(
    reference=DeadlineReference.DAGRUN_QUEUED_AT,
    interval=timedelta(hours=1),
    callback=AsyncCallback(SlackNotifier, kwargs={"text": "late", "channel": "#data"}),
)

with DAG("traps_deadline", deadline=LATE):
    pass
with DAG("traps_deadline_and_log", deadline=[LATE], on_failure_callback=write_log):
    pass
with DAG("traps_deadline_and_slack", deadline=LATE, on_failure_callback=tell_slack):
    pass
with DAG("traps_async_callback", on_failure_callback=AsyncCallback(SlackNotifier, kwargs={"text": "failed"})):
    pass
