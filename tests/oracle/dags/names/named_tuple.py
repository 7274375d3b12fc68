from typing import Any, NamedTuple

from airflow.sdk import DAG

from shared.notify import write_log


class Job(NamedTuple):
    name: str
    alert: Any = None


daily = Job("daily")
hourly = Job("hourly", write_log)

with DAG(f"names_tuple_{daily.name}", on_failure_callback=daily.alert):
    pass
with DAG(f"names_tuple_{hourly.name}", on_failure_callback=hourly.alert):
    pass
