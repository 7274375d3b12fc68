from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import dag

from shared.notify import tell_slack, write_log


@dag
def definitions_decorated_bare():
    EmptyOperator(task_id="only")


@dag()
def definitions_decorated_called():
    EmptyOperator(task_id="only")


@dag(on_failure_callback=tell_slack)
def definitions_decorated_loud():
    EmptyOperator(task_id="only")


@dag(dag_id="definitions_decorated_logged", on_failure_callback=write_log)
def something_else():
    EmptyOperator(task_id="only")


@dag(on_failure_callback=tell_slack)
def definitions_decorated_never_called():
    EmptyOperator(task_id="only")


definitions_decorated_bare()
kept = definitions_decorated_called()
definitions_decorated_loud()
something_else()
