from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

from shared.notify import make_notifier, tell_slack, write_log

with DAG("definitions_items_first", on_failure_callback=tell_slack), DAG("definitions_items_second"):
    EmptyOperator(task_id="only")

with (
    DAG("definitions_items_third", on_failure_callback=write_log) as third,
    DAG("definitions_items_fourth", default_args={"on_failure_callback": tell_slack}) as fourth,
    DAG("definitions_items_fifth", on_failure_callback=make_notifier("#night")),
):
    EmptyOperator(task_id="in_the_fifth")
    EmptyOperator(task_id="in_the_fourth", dag=fourth)
