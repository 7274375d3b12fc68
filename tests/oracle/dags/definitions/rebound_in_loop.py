from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

# Without `with`, each round forgets the DAG before it.
for name, callback in [("first", tell_slack), ("middle", tell_slack), ("last", write_log)]:
    dag = DAG(f"definitions_rebound_{name}", on_failure_callback=callback)

for name, callback in [("entered", tell_slack), ("entered_too", None)]:
    with DAG(f"definitions_rebound_{name}", on_failure_callback=callback) as entered:
        pass

twice = DAG("definitions_rebound_forgotten", on_failure_callback=tell_slack)
twice = DAG("definitions_rebound_kept")
