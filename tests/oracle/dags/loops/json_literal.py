import json

from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

CONFIG = json.loads("""
{
  "teams": [{"name": "sales", "alert": "slack"}, {"name": "finance", "alert": "log"}, {"name": "people"}],
  "paused": false
}
""")
CALLBACKS = {"slack": tell_slack, "log": write_log}

for team in CONFIG["teams"]:
    with DAG(f"loops_json_{team['name']}", on_failure_callback=CALLBACKS.get(team.get("alert"))):
        pass
if not CONFIG["paused"]:
    with DAG("loops_json_running", on_failure_callback=tell_slack):
        pass
