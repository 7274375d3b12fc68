from airflow.providers.slack.operators.slack import SlackAPIPostOperator
from airflow.sdk import DAG


def executed(context):
    SlackAPIPostOperator(task_id="tell", channel="#data", text="failed").execute(context)


def executed_later(context):
    alert = SlackAPIPostOperator(task_id="tell", channel="#data", text=f"failed: {context['run_id']}")
    return alert.execute(context=context)


def never_executed(context):
    SlackAPIPostOperator(task_id="tell", channel="#data", text="failed")


def returned(context):
    return SlackAPIPostOperator(task_id="tell", channel="#data", text="failed")


with DAG("callbacks_post", on_failure_callback=executed):
    pass
with DAG("callbacks_post_later", on_failure_callback=executed_later):
    pass
with DAG("callbacks_post_never", on_failure_callback=never_executed):
    pass
with DAG("callbacks_post_returned", on_failure_callback=returned):
    pass
