from airflow.sdk import dag

from shared.notify import tell_slack, write_log

# The decorator forgets a dag_id given by keyword once it was used: the second function's name is taken.
by_keyword = dag(dag_id="definitions_only_once", on_failure_callback=tell_slack)
by_position = dag("definitions_each_time", on_failure_callback=write_log)


@by_keyword
def definitions_only_once_first():
    pass


@by_keyword
def definitions_only_once_second():
    pass


@by_position
def definitions_each_time_first():
    pass


definitions_only_once_first()
definitions_only_once_second()
definitions_each_time_first()
