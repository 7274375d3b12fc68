import json
from pathlib import Path

from airflow.sdk import DAG

from shared.notify import tell_slack

TEAMS = json.loads((Path(__file__).parent / "teams.json").read_text(encoding="utf-8"))["teams"]

for team in TEAMS:
    with DAG(f"loops_file_{team['name']}", on_failure_callback=tell_slack, max_active_runs=team["runs"]):
        pass
with DAG("loops_file_fixed"):
    pass
