from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

before = [write_log]
before.append(tell_slack)
after = []
copied = [write_log]
replaced = [write_log]

with DAG("callbacks_append_before", on_failure_callback=before):
    pass
# Airflow keeps the very list it is given: what comes into it later counts.
with DAG("callbacks_append_after", on_failure_callback=after):
    pass
with DAG("callbacks_append_to_copied", on_failure_callback=copied[:]):
    pass
with DAG("callbacks_append_to_replaced", on_failure_callback=replaced):
    pass

after.append(tell_slack)
copied.append(tell_slack)
replaced = [*replaced, tell_slack]
