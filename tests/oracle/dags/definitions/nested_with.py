from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, TaskGroup

from shared.notify import tell_slack, write_log

with DAG("definitions_nested_outer", on_failure_callback=tell_slack):
    EmptyOperator(task_id="before")
    with DAG("definitions_nested_inner", on_failure_callback=write_log):
        EmptyOperator(task_id="inside")
        with DAG("definitions_nested_innermost"):
            pass
    with TaskGroup("group", default_args={"on_failure_callback": tell_slack}):
        EmptyOperator(task_id="grouped")
