from airflow.sdk import DAG

from shared.notify import tell_slack, write_log


def with_alert(dag):
    dag.on_failure_callback = tell_slack
    return dag


def without_slack(dag):
    dag.on_failure_callback = write_log
    return dag


by_function = with_alert(DAG("traps_assigned_by_function"))
by_name = DAG("traps_assigned_by_setattr")
setattr(by_name, "on_failure_callback", tell_slack)
muted = without_slack(DAG("traps_assigned_log", on_failure_callback=tell_slack))

looped = [DAG("traps_assigned_in_loop"), DAG("traps_assigned_in_loop_over", on_failure_callback=write_log)]
for each in looped:
    each.on_failure_callback = tell_slack
    globals()[each.dag_id] = each
