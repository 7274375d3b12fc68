import shared.notify
import shared.notify as notify
from airflow.sdk import DAG
from shared import notify as by_name

with DAG("names_absolute", on_failure_callback=shared.notify.tell_slack):
    pass
with DAG("names_absolute_alias", on_failure_callback=notify.NOTIFIER):
    pass
with DAG("names_absolute_from", on_failure_callback=[by_name.write_log]):
    pass
with DAG("names_absolute_silent", on_failure_callback=by_name.SILENT):
    pass
