from airflow.sdk import DAG

from shared.notify import tell_slack, write_log


def innermost(*args, **kwargs):
    return DAG(*args, **kwargs)


def middle(name, *args, **kwargs):
    return innermost(f"factories_through_{name}", *args, catchup=False, **kwargs)


def outer(*args, **kwargs):
    kwargs.setdefault("on_failure_callback", write_log)
    return middle(*args, **kwargs)


def filtered(name, **kwargs):
    kwargs.pop("on_failure_callback", None)
    return middle(name, **kwargs)


loud = middle("loud", on_failure_callback=tell_slack)
silent = middle("silent")
logged = outer("logged")
muted = outer("muted", on_failure_callback=None)
popped = filtered("popped", on_failure_callback=tell_slack)
