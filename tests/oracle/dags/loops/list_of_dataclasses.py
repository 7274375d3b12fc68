from dataclasses import dataclass
from typing import Any

from airflow.sdk import DAG

from shared.notify import tell_slack, write_log


@dataclass(frozen=True)
class Job:
    name: str
    alert: Any = tell_slack
    active: bool = True

    def callbacks(self):
        return [self.alert] if self.active else []


jobs = [
    Job("loud"),
    Job("logged", write_log),
    Job("inactive", active=False),
    *(Job(f"made_{number}", alert=None if number else write_log) for number in range(2)),
]

for job in jobs:
    with DAG(f"loops_dataclasses_{job.name}", on_failure_callback=job.callbacks()):
        pass
