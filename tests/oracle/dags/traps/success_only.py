from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

from shared.notify import NOTIFIER, tell_slack, write_log

with DAG("traps_success", on_success_callback=tell_slack):
    pass
with DAG("traps_success_and_log", on_success_callback=[NOTIFIER], on_failure_callback=write_log):
    pass
with DAG("traps_success_and_failure", on_success_callback=write_log, on_failure_callback=[NOTIFIER]):
    pass
with DAG("traps_retry", default_args={"on_retry_callback": tell_slack}):
    EmptyOperator(task_id="only")
