from dataclasses import dataclass
from typing import Any

from airflow.sdk import DAG

from shared.notify import tell_slack, write_log


@dataclass
class Settings:
    dag_id: str
    callback: Any = tell_slack
    other: Any = None


plain = Settings("names_dataclass")
given = Settings("names_dataclass_given", write_log)
named = Settings(dag_id="names_dataclass_named", callback=None)

with DAG(plain.dag_id, on_failure_callback=plain.callback):
    pass
with DAG(given.dag_id, on_failure_callback=given.callback):
    pass
with DAG(named.dag_id, on_failure_callback=named.callback):
    pass
with DAG("names_dataclass_other", on_failure_callback=plain.other):
    pass
