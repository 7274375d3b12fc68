from airflow.sdk import DAG

from shared.notify import tell_slack

args = {"catchup": False}
with DAG("kwargs_update_before", **args):
    pass
args.update({"on_failure_callback": tell_slack})
with DAG("kwargs_update_after", **args):
    pass
args.update(on_failure_callback=None, tags=["x"])
with DAG("kwargs_update_muted", **args):
    pass
args.update([("on_failure_callback", [tell_slack])])
with DAG("kwargs_update_pairs", **args):
    pass
