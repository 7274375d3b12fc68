from airflow.providers.slack.hooks.slack_webhook import SlackWebhookHook
from airflow.sdk import DAG

HOOK = SlackWebhookHook(slack_webhook_conn_id="alerts_webhook")


def send(context):
    HOOK.send(text="failed")


def send_text(context):
    SlackWebhookHook(slack_webhook_conn_id="alerts_webhook").send_text("failed")


def send_dict(context):
    HOOK.send_dict(body={"text": "failed"})


def only_looked_at(context):
    print(HOOK.slack_webhook_conn_id)


with DAG("callbacks_webhook_send", on_failure_callback=send):
    pass
with DAG("callbacks_webhook_send_text", on_failure_callback=send_text):
    pass
with DAG("callbacks_webhook_send_dict", on_failure_callback=send_dict):
    pass
with DAG("callbacks_webhook_unused", on_failure_callback=only_looked_at):
    pass
