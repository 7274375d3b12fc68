from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

from shared.notify import tell_slack

default_args = {"on_failure_callback": tell_slack, "catchup": False}
dag_args = {"default_args": default_args}

with DAG("traps_spread", **default_args):
    EmptyOperator(task_id="only")
with DAG("traps_spread_nested", **dag_args):
    EmptyOperator(task_id="only")
with DAG("traps_spread_both", **default_args, **dag_args):
    EmptyOperator(task_id="only")
with DAG("traps_taken_out", on_failure_callback=default_args.pop("on_failure_callback"), **dag_args):
    EmptyOperator(task_id="only")
