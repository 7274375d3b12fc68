from airflow.sdk import DAG

from shared.notify import NOTIFIER, tell_slack, write_log

for team, callback in {"sales": tell_slack, "finance": write_log, "people": None}.items():
    dag_id = f"definitions_globals_{team}"
    globals()[dag_id] = DAG(dag_id, on_failure_callback=callback)

globals().update({"updated": DAG("definitions_globals_updated", on_failure_callback=NOTIFIER)})
globals().update(named=DAG("definitions_globals_named"))
