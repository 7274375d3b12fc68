from airflow.sdk import DAG

from callbacks.steps import first
from callbacks.steps.first import hand_over, store

with DAG("callbacks_hops", on_failure_callback=first.handle):
    pass
with DAG("callbacks_hops_to_log", on_failure_callback=[store]):
    pass
with DAG("callbacks_hops_default", on_failure_callback=hand_over):
    pass
with DAG("callbacks_hops_own_lambda", on_failure_callback=lambda context: first.keep(context["run_id"])):
    pass
