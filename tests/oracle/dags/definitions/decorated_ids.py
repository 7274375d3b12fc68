from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import dag as workflow

from shared.notify import tell_slack, write_log


@workflow("definitions_ids_positional", on_failure_callback=[tell_slack, write_log])
def positional():
    pass


@workflow("", on_failure_callback=write_log)
def definitions_ids_from_the_name():
    pass


@workflow(default_args={"on_failure_callback": tell_slack})
def definitions_ids_of_defaults():
    EmptyOperator(task_id="only")


@workflow(dag_display_name="definitions_ids_displayed", on_failure_callback=tell_slack)
def definitions_ids_undisplayed():
    pass


for definition in (positional, definitions_ids_from_the_name, definitions_ids_of_defaults):
    definition()
displayed = definitions_ids_undisplayed()
