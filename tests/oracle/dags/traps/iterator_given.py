from airflow.sdk import DAG

from shared.notify import make_notifier

CHANNELS = ("#data", "#ops")

with DAG("traps_generator", on_failure_callback=(make_notifier(channel) for channel in CHANNELS)):
    pass
with DAG("traps_map", on_failure_callback=map(make_notifier, CHANNELS)):
    pass
with DAG("traps_list_of_map", on_failure_callback=list(map(make_notifier, CHANNELS))):
    pass
with DAG("traps_comprehension", on_failure_callback=[make_notifier(channel) for channel in CHANNELS]):
    pass
with DAG(
    "traps_comprehension_empty", on_failure_callback=[make_notifier(each) for each in CHANNELS if not each]
):
    pass
