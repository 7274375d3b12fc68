from airflow.sdk import DAG

from shared.notify import nothing_at_all, tell_slack, write_log


def make(name, callback=None, enabled=True):
    return DAG(f"factories_or_{name}", on_failure_callback=enabled and (callback or tell_slack) or None)


default = make("default")
given = make("given", write_log)
empty = make("empty", [])
disabled = make("disabled", write_log, enabled=False)
nothing = make("nothing", nothing_at_all("#x"))
