from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

appended = DAG("traps_appended_on_dag", on_failure_callback=[])
appended.on_failure_callback.append(tell_slack)

emptied = DAG("traps_emptied_on_dag", on_failure_callback=[tell_slack])
emptied.on_failure_callback.clear()

set_item = DAG("traps_item_set_on_dag", on_failure_callback=[tell_slack])
set_item.on_failure_callback[0] = write_log

forced = DAG("traps_forced_on_dag")
forced.on_failure_callback = tell_slack
forced.has_on_failure_callback = True
