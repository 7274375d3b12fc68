from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

TEAMS = {
    "sales": {"alert": tell_slack, "periods": {"daily": {}, "weekly": {"alert": None}}},
    "finance": {
        "alert": write_log,
        "periods": {"daily": {"default_args": {"on_failure_callback": tell_slack}}},
    },
    "people": {"periods": {"daily": {}}},
}

for team, settings in TEAMS.items():
    for period, overrides in settings["periods"].items():
        with DAG(
            f"loops_nested_{team}_{period}",
            on_failure_callback=overrides.get("alert", settings.get("alert")),
            default_args=overrides.get("default_args", {}),
        ):
            EmptyOperator(task_id="only")
