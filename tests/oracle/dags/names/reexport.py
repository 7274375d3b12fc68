from airflow.sdk import DAG
from shared import package
from shared.package import exported_slack, inner_log, renamed_slack

with DAG("names_reexport", on_failure_callback=exported_slack):
    pass
with DAG("names_reexport_renamed", on_failure_callback=renamed_slack):
    pass
with DAG("names_reexport_log", on_failure_callback=inner_log):
    pass
with DAG("names_reexport_module", on_failure_callback=package.inner.inner_slack):
    pass
