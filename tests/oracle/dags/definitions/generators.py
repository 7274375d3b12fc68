from airflow.sdk import DAG

from shared.notify import tell_slack, write_log


def registered():
    for name, callback in (("loud", tell_slack), ("logged", write_log)):
        yield DAG(f"definitions_generator_{name}", on_failure_callback=callback)
    yield DAG("definitions_generator_silent")


def looped():
    yield DAG("definitions_generator_forgotten", on_failure_callback=write_log)
    yield DAG("definitions_generator_last", on_failure_callback=tell_slack)


def delegated():
    yield from (DAG(f"definitions_generator_{number}", on_failure_callback=tell_slack) for number in (1, 2))


for dag in registered():
    globals()[dag.dag_id] = dag
# Only the last one stays in the variable of the loop.
for dag in looped():
    pass
one, two = delegated()
never_started = (
    DAG(f"definitions_generator_never_{number}", on_failure_callback=print) for number in range(3)
)
