from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

nothing = None
override = {}

with DAG("kwargs_or", on_failure_callback=nothing or tell_slack):
    pass
with DAG("kwargs_or_first", on_failure_callback=tell_slack or write_log):
    pass
with DAG("kwargs_or_get", on_failure_callback=override.get("callback") or write_log):
    pass
with DAG("kwargs_and", on_failure_callback=nothing and tell_slack):
    pass
with DAG("kwargs_and_last", on_failure_callback=tell_slack and write_log):
    pass
with DAG("kwargs_or_nothing", on_failure_callback=nothing or override.get("x") or None):
    pass
