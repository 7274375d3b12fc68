from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

with DAG("traps_called_slack", on_failure_callback=tell_slack({})):
    pass
with DAG("traps_called_log", on_failure_callback=write_log({"run_id": "none"})):
    pass
with DAG("traps_called_both", on_failure_callback=[tell_slack({}), tell_slack]):
    pass
