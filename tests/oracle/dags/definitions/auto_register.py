from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

with DAG("definitions_register_off", auto_register=False, on_failure_callback=tell_slack):
    pass
with DAG("definitions_register_off_kept", auto_register=False, on_failure_callback=write_log) as kept:
    pass


def build():
    with DAG("definitions_register_off_local", auto_register=False, on_failure_callback=tell_slack) as dag:
        pass
    with DAG("definitions_register_on_local") as dag:
        pass
    return dag


build()
