from airflow.sdk import DAG

from shared.notify import ALERT_ARGS, write_log

merged = {**ALERT_ARGS, "tags": ["x"]}
replaced = {**ALERT_ARGS, "on_failure_callback": write_log}
kept = {"on_failure_callback": write_log, **ALERT_ARGS}

with DAG("kwargs_spread", **merged):
    pass
with DAG("kwargs_spread_replaced", **replaced):
    pass
with DAG("kwargs_spread_kept", **kept):
    pass
