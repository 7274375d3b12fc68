from airflow.sdk import *

from shared.notify import *

with DAG("names_star", on_failure_callback=tell_slack):
    pass
with DAG("names_star_silent", on_failure_callback=SILENT):
    pass
