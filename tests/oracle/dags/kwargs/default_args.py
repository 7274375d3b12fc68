from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

from shared.notify import tell_slack

default_args = {"owner": "data", "on_failure_callback": tell_slack}

with DAG("kwargs_default_args", default_args=default_args):
    EmptyOperator(task_id="only")
with DAG("kwargs_default_args_both", default_args=default_args, on_failure_callback=tell_slack):
    EmptyOperator(task_id="only")
with DAG("kwargs_default_args_muted", default_args={**default_args, "on_failure_callback": None}):
    EmptyOperator(task_id="only")
