from airflow.sdk import DAG

from shared.notify import tell_slack

args = {"on_failure_callback": tell_slack}
with DAG("kwargs_clear_before", **args):
    pass
args.clear()
with DAG("kwargs_clear_after", **args):
    pass
