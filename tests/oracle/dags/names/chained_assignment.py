from airflow.sdk import DAG

from shared.notify import tell_slack

first = second = tell_slack
a = b = None

with DAG("names_chained", on_failure_callback=second):
    pass
with DAG("names_chained_none", on_failure_callback=b):
    pass
