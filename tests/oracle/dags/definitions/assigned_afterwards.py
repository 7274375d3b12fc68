from airflow.sdk import DAG, dag

from shared.notify import tell_slack, write_log

late = DAG("definitions_afterwards_late")
late.on_failure_callback = tell_slack

replaced = DAG("definitions_afterwards_replaced", on_failure_callback=write_log)
replaced.on_failure_callback = [tell_slack]

with DAG("definitions_afterwards_removed", on_failure_callback=tell_slack) as removed:
    removed.on_failure_callback = None

extended = DAG("definitions_afterwards_extended", on_failure_callback=[])
extended.on_failure_callback.append(tell_slack)


@dag
def definitions_afterwards_decorated():
    pass


setattr(definitions_afterwards_decorated(), "on_failure_callback", tell_slack)
