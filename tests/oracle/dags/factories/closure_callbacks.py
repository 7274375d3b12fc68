import logging

from airflow.providers.slack.hooks.slack import SlackHook
from airflow.sdk import DAG


def alert_for(channel, enabled=True):
    def to_slack(context):
        SlackHook().call("chat.postMessage", json={"channel": channel})

    def to_log(context):
        logging.getLogger(__name__).warning("%s: failed", channel)

    return to_slack if enabled else to_log


def make(team, enabled=True):
    return DAG(f"factories_callbacks_{team}", on_failure_callback=alert_for(f"#{team}", enabled))


sales = make("sales")
finance = make("finance", enabled=False)
# The factory of the callback is no callback: Airflow calls it with the context, and nobody is told.
forgotten = DAG("factories_callbacks_forgotten", on_failure_callback=alert_for)
