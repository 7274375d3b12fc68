from airflow.providers.slack.hooks.slack_webhook import SlackWebhookHook


def inner_slack(context):
    SlackWebhookHook(slack_webhook_conn_id="slack_webhook").send(text="failed")


def inner_log(context):
    print("failed", context["run_id"])
