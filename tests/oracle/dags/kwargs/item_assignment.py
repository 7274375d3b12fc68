from airflow.sdk import DAG

from shared.notify import tell_slack

KEY = "on_failure_callback"
args = {}
args["catchup"] = False
with DAG("kwargs_item_before", **args):
    pass
args[KEY] = tell_slack
with DAG("kwargs_item_after", **args):
    pass
args["on_failure_callback"] = None
with DAG("kwargs_item_muted", **args):
    pass
