import os

import slack_sdk
from airflow.sdk import DAG
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

ADDRESS = os.environ.get("ALERT_ADDRESS", "https://hooks.slack.com/")


def web_client(context):
    WebClient(token=os.environ.get("ALERT_WORD")).chat_postMessage(channel="#data", text="failed")


def dotted_client(context):
    client = slack_sdk.WebClient()
    client.files_upload_v2(channel="C1", content="failed", filename="failed.txt")


def webhook_client(context):
    WebhookClient(ADDRESS).send(text="failed")


def only_made(context):
    WebhookClient(url=ADDRESS)
    print("failed")


with DAG("callbacks_web_client", on_failure_callback=web_client):
    pass
with DAG("callbacks_dotted_client", on_failure_callback=dotted_client):
    pass
with DAG("callbacks_webhook_client", on_failure_callback=webhook_client):
    pass
with DAG("callbacks_webhook_client_unused", on_failure_callback=only_made):
    pass
