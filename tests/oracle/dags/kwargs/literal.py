from airflow.sdk import DAG

from shared.notify import ALERT_ARGS, tell_slack

common = {"on_failure_callback": tell_slack, "catchup": False}
without = {"catchup": False}

with DAG("kwargs_literal", **common):
    pass
with DAG("kwargs_literal_without", **without):
    pass
with DAG("kwargs_imported", **ALERT_ARGS):
    pass
with DAG("kwargs_inline", **{"on_failure_callback": tell_slack}):
    pass
