from functools import partial

from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

AlertingDag = partial(DAG, on_failure_callback=tell_slack, catchup=False)
NamedDag = partial(DAG, "kwargs_partial_positional")

with AlertingDag("kwargs_partial"):
    pass
with AlertingDag(dag_id="kwargs_partial_replaced", on_failure_callback=None):
    pass
with NamedDag(on_failure_callback=write_log):
    pass
