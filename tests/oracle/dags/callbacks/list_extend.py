from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

extended = [write_log]
extended.extend([tell_slack])
added = []
cleared = [tell_slack]
popped = [write_log, tell_slack]

with DAG("callbacks_extend", on_failure_callback=extended):
    pass
with DAG("callbacks_added_after", on_failure_callback=added):
    pass
with DAG("callbacks_cleared_after", on_failure_callback=cleared):
    pass
with DAG("callbacks_popped_after", on_failure_callback=popped):
    pass

added += [write_log, tell_slack]
cleared.clear()
popped.pop()
