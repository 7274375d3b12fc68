from airflow.providers.slack.notifications.slack import SlackNotifier, send_slack_notification
from airflow.providers.slack.notifications.slack_webhook import (
    SlackWebhookNotifier,
    send_slack_webhook_notification,
)
from airflow.sdk import DAG

with DAG("callbacks_send_slack_notification", on_failure_callback=[send_slack_notification(text="failed")]):
    pass
with DAG("callbacks_slack_notifier", on_failure_callback=[SlackNotifier(text="failed")]):
    pass
with DAG("callbacks_slack_webhook_notifier", on_failure_callback=SlackWebhookNotifier(text="failed")):
    pass
with DAG("callbacks_send_webhook", on_failure_callback=send_slack_webhook_notification(text="failed")):
    pass
with DAG("callbacks_send_without_call", on_failure_callback=send_slack_notification):
    pass
