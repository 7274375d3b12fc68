from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, dag

from shared.notify import tell_slack, write_log


# What a decorated function is given is a DagParam by then, which is always true.
@dag(on_failure_callback=write_log)
def definitions_arguments_shadowed(on_failure_callback="nobody", loud=False):
    BashOperator(task_id="only", bash_command="true", on_failure_callback=tell_slack if loud else None)


@dag(dag_id="definitions_arguments_called_twice", on_failure_callback=tell_slack)
def called_twice(team="sales", *, day="monday"):
    BashOperator(task_id="only", bash_command=f"echo {team} {day}")


@dag("definitions_arguments_outer")
def outer():
    with DAG("definitions_arguments_inner", on_failure_callback=tell_slack):
        pass


definitions_arguments_shadowed(loud=False)
monday = called_twice("finance")
friday = called_twice(team="sales", day="friday")
outer()
