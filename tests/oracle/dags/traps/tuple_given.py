from airflow.sdk import DAG

from shared.notify import NOTIFIER, tell_slack, write_log

PAIR = tell_slack, write_log

with DAG("traps_tuple", on_failure_callback=(tell_slack,)):
    pass
with DAG("traps_tuple_constant", on_failure_callback=PAIR):
    pass
with DAG("traps_parentheses", on_failure_callback=(tell_slack)):
    pass
with DAG("traps_tuple_item", on_failure_callback=PAIR[1]):
    pass
with DAG("traps_tuple_as_list", on_failure_callback=[*PAIR, NOTIFIER]):
    pass
