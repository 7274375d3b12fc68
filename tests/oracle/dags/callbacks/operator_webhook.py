from airflow.providers.slack.operators.slack_webhook import SlackWebhookOperator
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG


def executed(context):
    message = SlackWebhookOperator(task_id="tell", slack_webhook_conn_id="alerts_webhook", message="failed")
    message.execute(context=context)


def never_executed(context):
    SlackWebhookOperator(task_id="tell", slack_webhook_conn_id="alerts_webhook", message="failed")


def other_executed(context):
    SlackWebhookOperator(task_id="tell", slack_webhook_conn_id="alerts_webhook", message="failed")
    BashOperator(task_id="slack", bash_command="true").execute({})


with DAG("callbacks_webhook_operator", on_failure_callback=executed):
    pass
with DAG("callbacks_webhook_operator_never", on_failure_callback=never_executed):
    pass
with DAG("callbacks_webhook_operator_other", on_failure_callback=other_executed):
    pass
