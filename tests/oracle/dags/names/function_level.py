from airflow.sdk import DAG

from shared.notify import tell_slack


def build():
    alert = tell_slack
    silence = None
    with DAG("names_function_level", on_failure_callback=[alert]):
        pass
    with DAG("names_function_level_none", on_failure_callback=silence):
        pass


build()
