import copy

from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

original = DAG("definitions_copied_original", on_failure_callback=tell_slack)
renamed = copy.copy(original)
renamed.dag_id = "definitions_copied_renamed"
alias = original
last = alias if alias is original else DAG("definitions_copied_never", on_failure_callback=write_log)
