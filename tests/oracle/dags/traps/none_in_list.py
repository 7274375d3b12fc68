from airflow.sdk import DAG

from shared.notify import NOTIFIER, SILENT, tell_slack

with DAG("traps_none_in_list", on_failure_callback=[None]):
    pass
with DAG("traps_none_first", on_failure_callback=[None, tell_slack]):
    pass
with DAG("traps_none_constant", on_failure_callback=[NOTIFIER, SILENT]):
    pass
with DAG("traps_list_in_list", on_failure_callback=[[tell_slack]]):
    pass
with DAG("traps_tuple_in_list", on_failure_callback=[(tell_slack,), None]):
    pass
