import os

from airflow.sdk import DAG

from shared.notify import NOTIFIER, tell_slack, write_log


def make(name):
    options = {"on_failure_callback": tell_slack}
    if os.environ.get("ORACLE_ENVIRONMENT") == "production":
        options["on_failure_callback"] = [NOTIFIER, write_log]
        options["max_active_runs"] = 1
    return DAG(f"factories_agrees_{name}", **options)


def make_silent(name):
    if "ORACLE_ENVIRONMENT" in os.environ:
        return DAG(f"factories_agrees_{name}", on_failure_callback=None, tags=["x"])
    return DAG(f"factories_agrees_{name}")


loud = make("loud")
silent = make_silent("silent")
