import copy

from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

loud = DAG("traps_copied_loud", on_failure_callback=tell_slack)
loud_copy = copy.copy(loud)
loud_copy.dag_id = "traps_copy_of_loud"
muted_copy = copy.copy(loud)
muted_copy.dag_id = "traps_copy_muted"
muted_copy.on_failure_callback = write_log

bare = DAG("traps_copied_bare")
bare_copy = copy.copy(bare)
bare_copy.dag_id = "traps_copy_assigned"
bare_copy.on_failure_callback = tell_slack
