import os

from airflow.sdk import DAG

from shared.notify import NOTIFIER, tell_slack, write_log

LOUD = True
ENVIRONMENT = os.environ.get("ORACLE_ENVIRONMENT")

known = [write_log]
if LOUD:
    known.append(tell_slack)

unknown = [write_log]
if ENVIRONMENT == "production":
    unknown.append(tell_slack)

either = []
if ENVIRONMENT:
    either.append(tell_slack)
else:
    either.append(NOTIFIER)

with DAG("callbacks_filled_if_known", on_failure_callback=known):
    pass
with DAG("callbacks_filled_if_production", on_failure_callback=unknown):
    pass
with DAG("callbacks_filled_either_way", on_failure_callback=either):
    pass
