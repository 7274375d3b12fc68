from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

for team in ["sales", "closed", "finance"]:
    if team == "closed":
        continue
    with DAG(f"loops_skipped_{team}", on_failure_callback=tell_slack):
        pass

callback = write_log
for number in range(10):
    if number == 2:
        break
    with DAG(f"loops_skipped_{number}", on_failure_callback=callback):
        pass
    callback = None

for name in (each for each in ("kept", "_hidden") if not each.startswith("_")):
    with DAG(f"loops_skipped_{name}"):
        pass
