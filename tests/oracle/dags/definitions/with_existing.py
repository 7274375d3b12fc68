from contextlib import ExitStack

from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

early = DAG("definitions_existing", on_failure_callback=tell_slack)
with early:
    pass


def enter():
    hidden = DAG("definitions_existing_entered", on_failure_callback=write_log)
    with hidden:
        pass
    DAG("definitions_existing_never_entered", on_failure_callback=tell_slack)


enter()

with ExitStack() as stack:
    stack.enter_context(DAG("definitions_existing_stacked"))
