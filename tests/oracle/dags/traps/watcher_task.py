from airflow.providers.slack.operators.slack import SlackAPIPostOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

from shared.notify import write_log

with DAG("traps_watcher"):
    EmptyOperator(task_id="work") >> SlackAPIPostOperator(
        task_id="tell", channel="#data", text="failed", trigger_rule="one_failed"
    )
with DAG("traps_watcher_and_log", on_failure_callback=write_log):
    EmptyOperator(task_id="work") >> SlackAPIPostOperator(
        task_id="tell", channel="#data", text="failed", trigger_rule="one_failed"
    )
