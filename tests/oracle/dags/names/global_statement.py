from airflow.sdk import DAG

from shared.notify import tell_slack

alert = None


def configure():
    global alert
    alert = tell_slack


configure()

with DAG("names_global_statement", on_failure_callback=alert):
    pass
