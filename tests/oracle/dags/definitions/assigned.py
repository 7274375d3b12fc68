from airflow.sdk import DAG

from shared.notify import NOTIFIER, tell_slack, write_log

plain = DAG("definitions_assigned", on_failure_callback=tell_slack)
annotated: DAG = DAG("definitions_assigned_annotated", on_failure_callback=NOTIFIER)
one, two = DAG("definitions_assigned_one"), DAG("definitions_assigned_two", on_failure_callback=[write_log])
_private = DAG("definitions_assigned_private", on_failure_callback=[])

# Airflow sees what the module holds at its end: these two are nowhere then.
DAG("definitions_assigned_dropped", on_failure_callback=tell_slack)
gone = DAG("definitions_assigned_deleted", on_failure_callback=tell_slack)
del gone
