from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

with DAG("traps_set", on_failure_callback={tell_slack}):
    pass
with DAG("traps_frozenset", on_failure_callback=frozenset([tell_slack, write_log])):
    pass
with DAG("traps_dict", on_failure_callback={"slack": tell_slack}):
    pass
with DAG("traps_dict_values", on_failure_callback={"slack": tell_slack}.values()):
    pass
with DAG(
    "traps_sorted_set", on_failure_callback=sorted({tell_slack, write_log}, key=lambda each: each.__name__)
):
    pass
