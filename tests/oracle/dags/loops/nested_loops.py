from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

for team in ("sales", "finance"):
    for period in ("daily", "weekly"):
        if period == "weekly" and team == "finance":
            break
        with DAG(
            f"loops_inside_{team}_{period}", on_failure_callback=tell_slack if team == "sales" else None
        ):
            pass
    # The inner variable outlives its loop.
    with DAG(f"loops_inside_{team}_last_{period}", on_failure_callback=write_log):
        pass
