from airflow.providers.slack.operators.slack import SlackAPIPostOperator
from airflow.sdk import DAG, task

from shared.notify import tell_slack


@task
def tell(context):
    tell_slack(context)


@task.python(task_id="renamed")
def tell_too(context):
    tell_slack(context)


with DAG("traps_task_as_callback", on_failure_callback=tell):
    pass
with DAG("traps_task_called", on_failure_callback=lambda context: tell_too(context)):
    pass
with DAG("traps_task_function", on_failure_callback=tell.function):
    pass
with DAG(
    "traps_operator_as_callback",
    on_failure_callback=SlackAPIPostOperator(task_id="a", channel="#a", text="a"),
):
    pass
