from airflow.sdk import DAG

from shared.notify import tell_slack, write_log


def make(name, on_failure, on_success=None, /, tags=()):
    return DAG(
        f"factories_positional_{name}",
        on_failure_callback=on_failure,
        on_success_callback=on_success,
        tags=list(tags),
    )


loud = make("loud", tell_slack)
# The third one is for successes.
silent = make("silent", None, tell_slack)
logged = make("logged", write_log, tell_slack, tags=["x"])
