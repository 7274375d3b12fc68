from airflow.sdk import DAG

from company_alerts import CompanyNotifier, QuietNotifier

with DAG("names_plugin", on_failure_callback=CompanyNotifier("failed")):
    pass
with DAG("names_plugin_quiet", on_failure_callback=[QuietNotifier()]):
    pass
with DAG("names_plugin_both", on_failure_callback=[QuietNotifier(), CompanyNotifier(message="failed")]):
    pass
