from airflow.sdk import DAG

from shared.notify import tell_slack

with DAG("traps_text", on_failure_callback="shared.notify.tell_slack"):
    pass
with DAG("traps_text_in_list", on_failure_callback=["shared.notify.tell_slack", tell_slack]):
    pass
with DAG("traps_true", on_failure_callback=True):
    pass
with DAG("traps_false", on_failure_callback=False):
    pass
