import sys

from airflow.sdk import DAG

from shared.notify import tell_slack

if sys.version_info >= (3, 4):
    alert = [tell_slack]
else:
    alert = [tell_slack, tell_slack]

with DAG("names_conditional_binding", on_failure_callback=alert):
    pass
