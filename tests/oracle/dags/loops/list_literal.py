from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

for team in ["sales", "finance", "people"]:
    with DAG(f"loops_list_{team}", on_failure_callback=write_log if team == "finance" else tell_slack):
        pass

callbacks = [tell_slack]
for step in ("one", "two"):
    with DAG(f"loops_list_growing_{step}", on_failure_callback=list(callbacks)):
        pass
    callbacks.clear()
