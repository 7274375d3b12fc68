from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

# Two DAGs that differ in nothing but callbacks are equal to Airflow, which keeps the first.
loud = DAG("traps_same_id_loud", on_failure_callback=tell_slack)
loud_again = DAG("traps_same_id_loud", on_failure_callback=write_log)
quiet = DAG("traps_same_id_quiet", on_failure_callback=write_log)
quiet_again = DAG("traps_same_id_quiet", on_failure_callback=tell_slack)
