from airflow.sdk import DAG

from shared.notify import tell_slack


def make_dag(dag_id, **options):
    """It takes what it knows, and drops the rest without a word."""
    return DAG(dag_id, catchup=False, on_failure_callback=options.get("on_failure_callback"))


right = make_dag("traps_typo_right", on_failure_callback=tell_slack)
plural = make_dag("traps_typo_plural", on_failure_callbacks=tell_slack)
short = make_dag("traps_typo_short", **{"on_failure": tell_slack, "catchup": True})
parameter = DAG("traps_in_params", params={"on_failure_callback": "shared.notify.tell_slack"})
