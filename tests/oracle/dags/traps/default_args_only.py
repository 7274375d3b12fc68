from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

default_args = {"retries": 1, "on_failure_callback": tell_slack}

with DAG("traps_default_args", default_args=default_args):
    EmptyOperator(task_id="only")
with DAG("traps_default_args_no_task", default_args=default_args):
    pass
with DAG("traps_default_args_overridden", default_args=default_args):
    EmptyOperator(task_id="only", on_failure_callback=None)
with DAG("traps_default_args_and_log", default_args=default_args, on_failure_callback=write_log):
    EmptyOperator(task_id="only")
with DAG(
    "traps_default_args_log_and_slack",
    default_args={"on_failure_callback": write_log},
    on_failure_callback=tell_slack,
):
    EmptyOperator(task_id="only")
