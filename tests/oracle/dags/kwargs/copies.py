import copy
from copy import deepcopy

from airflow.sdk import DAG

from shared.notify import ALERT_ARGS

shallow = ALERT_ARGS.copy()
deep = deepcopy({"on_failure_callback": None})
other = copy.copy(ALERT_ARGS)
other["on_failure_callback"] = None

with DAG("kwargs_copy", **shallow):
    pass
with DAG("kwargs_deepcopy", **deep):
    pass
with DAG("kwargs_copy_changed", **other):
    pass
with DAG("kwargs_copy_original", **ALERT_ARGS):
    pass
