from airflow.sdk import DAG

from shared.notify import tell_slack

LOUD = True

if LOUD:
    alert = tell_slack
else:
    alert = None

with DAG("names_known_condition", on_failure_callback=alert):
    pass
with DAG("names_known_expression", on_failure_callback=tell_slack if LOUD else None):
    pass
with DAG("names_known_not", on_failure_callback=tell_slack if not LOUD else None):
    pass
