from airflow.providers.slack.hooks.slack import SlackHook
from airflow.sdk import DAG


def call(context):
    hook = SlackHook(slack_conn_id="slack_default")
    hook.call("chat.postMessage", json={"channel": "#data", "text": "failed"})


def through_client(context):
    client = SlackHook(slack_conn_id="slack_default").get_conn()
    client.chat_postMessage(channel="#data", text=f"failed: {context['ti'].task_id}")


def only_made(context):
    hook = SlackHook(slack_conn_id="slack_default")
    print(hook.slack_conn_id, context["run_id"])


with DAG("callbacks_hook", on_failure_callback=call):
    pass
with DAG("callbacks_hook_client", on_failure_callback=through_client):
    pass
with DAG("callbacks_hook_unused", on_failure_callback=only_made):
    pass
