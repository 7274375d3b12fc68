from airflow.providers.slack.notifications.slack import SlackNotifier, send_slack_notification
from airflow.sdk import DAG


def called(context):
    send_slack_notification(text="failed")(context)


def notified(context):
    notifier = SlackNotifier(text="failed")
    notifier.notify(context)


def only_made(context):
    SlackNotifier(text="failed", channel="#data")


def returned(context):
    return send_slack_notification(text="failed")


with DAG("callbacks_made_and_called", on_failure_callback=called):
    pass
with DAG("callbacks_made_and_notified", on_failure_callback=notified):
    pass
with DAG("callbacks_only_made", on_failure_callback=only_made):
    pass
with DAG("callbacks_only_returned", on_failure_callback=[returned]):
    pass
