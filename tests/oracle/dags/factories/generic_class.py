from airflow.sdk import DAG

from definitions.company_classes import AlertingDag, SilentDag
from shared.notify import tell_slack, write_log


def make(name, dag_class=DAG, **options):
    with dag_class(f"factories_class_{name}", **options) as dag:
        return dag


class_by_name = {"loud": AlertingDag, "silent": SilentDag}

make("plain", on_failure_callback=write_log)
make("alerting", AlertingDag)
make("logged", AlertingDag, on_failure_callback=write_log)
for name, dag_class in class_by_name.items():
    make(f"table_{name}", dag_class=dag_class)
make("silent_alerted", SilentDag, on_failure_callback=tell_slack)
