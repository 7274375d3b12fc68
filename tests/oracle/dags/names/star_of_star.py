from airflow.sdk import DAG

from shared.stars import *

with DAG("names_star_of_star", on_failure_callback=write_log):
    pass
with DAG("names_star_renamed", on_failure_callback=starred_slack):
    pass
with DAG("names_star_empty", on_failure_callback=STAR_SILENT):
    pass
