from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

from shared.notify import tell_slack

with DAG("traps_default_args_later", default_args={"owner": "data"}) as later:
    later.default_args["on_failure_callback"] = tell_slack
    EmptyOperator(task_id="only")
with DAG("traps_default_args_too_late", default_args={"owner": "data"}) as too_late:
    EmptyOperator(task_id="only")
too_late.default_args["on_failure_callback"] = tell_slack
shared = {"owner": "data"}
with DAG("traps_default_args_copied", default_args=shared):
    # DAG has taken a copy, so this reaches no task.
    shared["on_failure_callback"] = tell_slack
    EmptyOperator(task_id="only")
