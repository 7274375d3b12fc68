from typing import Any, NamedTuple, TypedDict

from airflow.sdk import DAG

from shared.notify import tell_slack, write_log


class Options(TypedDict, total=False):
    name: str
    alert: Any


class Job(NamedTuple):
    name: str
    alert: Any = write_log
    enabled: bool = True


def from_options(options: Options) -> DAG:
    return DAG(f"factories_typed_{options['name']}", on_failure_callback=options.get("alert"))


def from_job(job: Job) -> DAG:
    name, alert, enabled = job
    return DAG(f"factories_typed_{name}", on_failure_callback=alert if enabled else None)


loud = from_options(Options(name="loud", alert=tell_slack))
silent = from_options({"name": "silent"})
logged = from_job(Job("logged"))
disabled = from_job(Job("disabled", tell_slack, enabled=False))
replaced = from_job(Job("replaced")._replace(alert=[tell_slack]))
