from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

COMMON = [write_log]
EVERYBODY = COMMON + [tell_slack]

with DAG("callbacks_list_sum", on_failure_callback=EVERYBODY):
    pass
with DAG("callbacks_list_star", on_failure_callback=[*COMMON, tell_slack]):
    pass
with DAG("callbacks_list_slice", on_failure_callback=EVERYBODY[:1]):
    pass
with DAG("callbacks_list_of_tuple", on_failure_callback=list((write_log, tell_slack))):
    pass
with DAG(
    "callbacks_list_filtered", on_failure_callback=[each for each in EVERYBODY if each is not tell_slack]
):
    pass
