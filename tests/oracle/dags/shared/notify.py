"""What the DAGs of this folder share: ways to tell somebody."""

import logging

from airflow.providers.slack.hooks.slack import SlackHook
from airflow.providers.slack.notifications.slack import SlackNotifier

CHANNEL = "#data-alerts"
NOTIFIER = SlackNotifier(channel=CHANNEL, text="a run failed")
SILENT = None
ALERT_ARGS = {"on_failure_callback": NOTIFIER, "catchup": False}


def tell_slack(context):
    SlackHook(slack_conn_id="slack_default").call("chat.postMessage", json={"channel": CHANNEL})


def write_log(context):
    logging.getLogger(__name__).error("failed: %s", context["run_id"])


def make_notifier(channel=CHANNEL, text="a run failed"):
    return SlackNotifier(channel=channel, text=text)


def nothing_at_all(channel):
    return None
