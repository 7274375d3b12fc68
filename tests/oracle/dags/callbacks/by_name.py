import importlib
import operator

from airflow.sdk import DAG

from shared import notify

module = importlib.import_module("shared.notify")


def looked_up(context):
    globals()["send"](context)


def send(context):
    notify.tell_slack(context)


with DAG("callbacks_getattr", on_failure_callback=getattr(notify, "tell_slack")):
    pass
with DAG("callbacks_getattr_missing", on_failure_callback=getattr(notify, "tell_teams", None)):
    pass
with DAG("callbacks_import_module_log", on_failure_callback=[module.write_log]):
    pass
with DAG(
    "callbacks_import_module_slack", on_failure_callback=importlib.import_module("shared.notify").tell_slack
):
    pass
with DAG("callbacks_globals", on_failure_callback=looked_up):
    pass
with DAG("callbacks_methodcaller", on_failure_callback=operator.methodcaller("get", "slack")):
    pass
