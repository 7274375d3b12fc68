import os

from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

PRODUCTION = os.environ.get("ORACLE_ENVIRONMENT", "test") == "production"


def make(name, callback):
    return DAG(f"factories_disagrees_{name}", on_failure_callback=callback if PRODUCTION else None)


loud = make("loud", tell_slack)
logged = make("logged", write_log)
always = DAG("factories_disagrees_always", on_failure_callback=[tell_slack])
