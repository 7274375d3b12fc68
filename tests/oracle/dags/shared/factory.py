"""Makes DAGs for files that only call it."""

from airflow.sdk import DAG

from shared.notify import write_log


def make_dag(dag_id, callback=None, **options):
    with DAG(dag_id, on_failure_callback=callback, **options) as dag:
        pass
    return dag


def make_logged_dag(name, *, on_failure=write_log):
    return DAG(dag_id=f"factory_logged_{name}", on_failure_callback=on_failure)
