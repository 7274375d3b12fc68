from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

TEAMS = ("sales", "finance", "people")
callbacks = {team: tell_slack if index else write_log for index, team in enumerate(TEAMS)}
configs = [
    {"dag_id": f"loops_comprehended_{team}_{kind}", "on_failure_callback": callback}
    for team, callback in callbacks.items()
    if team != "people"
    for kind in ("raw", "clean")
]
by_callback = {
    callback: {team for team in TEAMS if callbacks[team] is callback} for callback in (write_log, None)
}

for config in configs:
    with DAG(**config):
        pass
for callback, teams in by_callback.items():
    with DAG(f"loops_comprehended_{len(teams)}", on_failure_callback=callback):
        pass
