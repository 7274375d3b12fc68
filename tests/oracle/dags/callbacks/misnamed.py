import logging
import smtplib

from airflow.sdk import DAG

from shared.notify import tell_slack


def slack_alert(context):
    logging.error("Slack: %s failed", context["run_id"])


def send_slack_message(context):
    with smtplib.SMTP("localhost") as server:
        server.sendmail("airflow@example.com", ["slack@example.com"], "failed")


def on_failure_callback(context):
    print("failed")


def write_mail(context):
    tell_slack(context)


with DAG("callbacks_misnamed_log", on_failure_callback=slack_alert):
    pass
with DAG("callbacks_misnamed_mail", on_failure_callback=send_slack_message):
    pass
with DAG("callbacks_misnamed_argument", on_failure_callback=on_failure_callback):
    pass
with DAG("callbacks_misnamed_slack", on_failure_callback=write_mail):
    pass
