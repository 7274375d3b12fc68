from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

callback = tell_slack
first = DAG("names_rebound_first", on_failure_callback=callback)
callback = write_log
second = DAG("names_rebound_second", on_failure_callback=callback)
callback = None
third = DAG("names_rebound_third", on_failure_callback=callback)
