from airflow.sdk import DAG

from shared.notify import tell_slack

args = {"on_failure_callback": tell_slack, "catchup": False}
with DAG("kwargs_delete_before", **args):
    pass
del args["on_failure_callback"]
with DAG("kwargs_delete_after", **args):
    pass
