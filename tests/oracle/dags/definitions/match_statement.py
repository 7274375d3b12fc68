from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

from shared.notify import tell_slack, write_log


def callback_of(severity):
    match severity:
        case "high" | "critical":
            return tell_slack
        case "low":
            return write_log
        case None:
            return None
        case {"callback": given}:
            return given
        case [first, *_]:
            return callback_of(first)
    return [write_log, tell_slack]


for name, severity in [
    ("critical", "critical"),
    ("low", "low"),
    ("none", None),
    ("mapping", {"callback": write_log}),
    ("sequence", ["high", "low"]),
    ("other", "unheard of"),
]:
    with DAG(f"definitions_match_{name}", on_failure_callback=callback_of(severity)):
        EmptyOperator(task_id="only")
