from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

quiet = DAG(dag_id="definitions_operator_quiet", default_args={"on_failure_callback": tell_slack})
loud = DAG(dag_id="definitions_operator_loud", on_failure_callback=tell_slack)
logged = DAG(dag_id="definitions_operator_logged", on_failure_callback=write_log)
muted = DAG(dag_id="definitions_operator_muted", default_args={"on_failure_callback": tell_slack})

extract = EmptyOperator(task_id="extract", dag=quiet)
load = EmptyOperator(task_id="load", dag=loud)
extract_again = EmptyOperator(task_id="extract", dag=logged, on_failure_callback=tell_slack)
EmptyOperator(task_id="extract", dag=muted, on_failure_callback=None)
