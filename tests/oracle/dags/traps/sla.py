from datetime import timedelta

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

with DAG("traps_sla", sla_miss_callback=tell_slack):
    pass
with DAG("traps_sla_and_log", sla_miss_callback=tell_slack, on_failure_callback=write_log):
    pass
with DAG("traps_sla_default_args", default_args={"sla": timedelta(hours=1), "sla_miss_callback": tell_slack}):
    EmptyOperator(task_id="only")
