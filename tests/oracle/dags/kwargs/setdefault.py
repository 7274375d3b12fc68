from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

args = {"catchup": False}
args.setdefault("on_failure_callback", tell_slack)
with DAG("kwargs_setdefault", **args):
    pass
args.setdefault("on_failure_callback", write_log)
with DAG("kwargs_setdefault_kept", **args):
    pass
muted = {"on_failure_callback": None}
muted.setdefault("on_failure_callback", tell_slack)
with DAG("kwargs_setdefault_none", **muted):
    pass
