from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

CONFIGS = [
    {"dag_id": "loops_dicts_loud", "on_failure_callback": tell_slack},
    {"dag_id": "loops_dicts_logged", "on_failure_callback": [write_log], "tags": ["x"]},
    {"dag_id": "loops_dicts_silent", "catchup": False},
    {"dag_id": "loops_dicts_muted", "on_failure_callback": tell_slack, "muted": True},
]

for config in CONFIGS:
    if config.pop("muted", False):
        config["on_failure_callback"] = None
    globals()[config["dag_id"]] = DAG(**config)
