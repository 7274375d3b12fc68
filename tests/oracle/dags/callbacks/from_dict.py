from airflow.sdk import DAG

from shared.notify import NOTIFIER, tell_slack, write_log

CALLBACKS = {"loud": tell_slack, "quiet": write_log, "both": [write_log, NOTIFIER]}
TEAM = "quiet"

with DAG("callbacks_dict_loud", on_failure_callback=CALLBACKS["loud"]):
    pass
with DAG("callbacks_dict_constant", on_failure_callback=CALLBACKS[TEAM]):
    pass
with DAG("callbacks_dict_get", on_failure_callback=CALLBACKS.get("both")):
    pass
with DAG("callbacks_dict_get_nothing", on_failure_callback=CALLBACKS.get("none")):
    pass
with DAG("callbacks_dict_get_default", on_failure_callback=CALLBACKS.get("none", tell_slack)):
    pass
