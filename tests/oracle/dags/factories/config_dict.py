from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

COMMON = {"schedule": None, "alert": {"run": tell_slack, "task": None}}


def make(name, config):
    config = COMMON | config
    alert = config.get("alert", {})
    with DAG(
        f"factories_dict_{name}",
        schedule=config["schedule"],
        on_failure_callback=alert.get("run"),
        default_args={"on_failure_callback": alert.get("task")},
    ):
        EmptyOperator(task_id="only")


make("common", {})
make("logged", {"alert": {"run": write_log, "task": tell_slack}})
make("tasks_only", {"alert": {"task": tell_slack}})
make("silent", {"alert": {}})
