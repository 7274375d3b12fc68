from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import dag

from shared.notify import tell_slack, write_log


def definitions_by_hand_bare():
    EmptyOperator(task_id="only")


def definitions_by_hand_shared():
    EmptyOperator(task_id="only")


def definitions_by_hand_shared_too():
    EmptyOperator(task_id="only")


def tasks():
    EmptyOperator(task_id="only")


alerting = dag(on_failure_callback=tell_slack)

dag(definitions_by_hand_bare)()
dag("definitions_by_hand", on_failure_callback=write_log)(tasks)()
first = alerting(definitions_by_hand_shared)()
second = alerting(definitions_by_hand_shared_too)()
unused = dag("definitions_by_hand_unused", on_failure_callback=tell_slack)(tasks)
