from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, TaskGroup, task

from shared.notify import NOTIFIER, tell_slack

with DAG("traps_task_only"):
    EmptyOperator(task_id="only", on_failure_callback=[tell_slack])

with DAG("traps_decorated_task"):

    @task(on_failure_callback=NOTIFIER)
    def work():
        return 1

    work()

with DAG("traps_task_group"):
    with TaskGroup("group", default_args={"on_failure_callback": tell_slack}):
        EmptyOperator(task_id="only")

with DAG("traps_last_task") as last_task:
    EmptyOperator(task_id="only")
for each in last_task.tasks:
    each.on_failure_callback = tell_slack
