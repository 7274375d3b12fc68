from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

with DAG("traps_assigned_inside") as inside:
    inside.on_failure_callback = tell_slack

with DAG("traps_assigned_after") as after:
    pass
after.on_failure_callback = [tell_slack]

# These have a callback from the start, so the scheduler asks for whatever stands there when the run fails.
replaced = DAG("traps_assigned_over_log", on_failure_callback=write_log)
replaced.on_failure_callback = tell_slack
replaced_list = DAG("traps_assigned_over_empty", on_failure_callback=[])
replaced_list.on_failure_callback = [tell_slack]
removed = DAG("traps_assigned_none", on_failure_callback=tell_slack)
removed.on_failure_callback = None
