from airflow.sdk import dag

from shared.notify import NOTIFIER, tell_slack, write_log


def build(name, callback=write_log):
    @dag(dag_id=f"definitions_in_function_{name}", on_failure_callback=callback)
    def pipeline():
        pass

    return pipeline()


def definition_of(callback):
    @dag(on_failure_callback=callback)
    def definitions_in_function_returned():
        pass

    return definitions_in_function_returned


build("loud", tell_slack)
build("logged")
silent = build("silent", callback=None)
for number, each in enumerate([NOTIFIER, write_log]):
    build(number, each)
definition_of([tell_slack])()
