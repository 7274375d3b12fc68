from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

base = {"catchup": False}
alerting = base | {"on_failure_callback": tell_slack}
muted = alerting | {"on_failure_callback": None}

with DAG("kwargs_union", **alerting):
    pass
with DAG("kwargs_union_muted", **muted):
    pass
with DAG("kwargs_union_inline", **(base | {"on_failure_callback": write_log})):
    pass
base |= {"on_failure_callback": write_log}
with DAG("kwargs_union_in_place", **base):
    pass
