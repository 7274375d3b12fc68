from dataclasses import dataclass, field

from airflow.sdk import DAG

from shared.notify import tell_slack


@dataclass(frozen=True)
class Options:
    dag_id: str = "names_dataclass_field"
    callbacks: list = field(default_factory=list)
    alert: object = field(default=tell_slack)


options = Options()

with DAG(options.dag_id, on_failure_callback=options.alert):
    pass
with DAG(f"{options.dag_id}_empty", on_failure_callback=options.callbacks):
    pass
