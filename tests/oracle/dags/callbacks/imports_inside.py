from airflow.sdk import DAG


def import_from(context):
    from shared.notify import tell_slack as send

    send(context)


def import_module(context):
    import shared.notify

    shared.notify.write_log(context)


def import_provider(context):
    from airflow.providers.slack.hooks.slack_webhook import SlackWebhookHook

    SlackWebhookHook(slack_webhook_conn_id="alerts_webhook").send(text="failed")


def import_only(context):
    from shared.notify import tell_slack  # noqa: F401

    print("failed")


with DAG("callbacks_import_from", on_failure_callback=import_from):
    pass
with DAG("callbacks_import_module", on_failure_callback=import_module):
    pass
with DAG("callbacks_import_provider", on_failure_callback=import_provider):
    pass
with DAG("callbacks_import_only", on_failure_callback=import_only):
    pass
