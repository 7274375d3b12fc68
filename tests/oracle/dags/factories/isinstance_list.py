from airflow.sdk import DAG

from shared.notify import NOTIFIER, tell_slack, write_log


def make(name, callback):
    callbacks = callback if isinstance(callback, list) else [callback]
    return DAG(f"factories_isinstance_{name}", on_failure_callback=[*callbacks, write_log])


def make_checked(name, callback):
    if not callable(callback):
        callback = None
    elif isinstance(callback, type(NOTIFIER)):
        callback = [callback]
    return DAG(f"factories_isinstance_{name}", on_failure_callback=callback)


one = make("one", tell_slack)
several = make("several", [print, NOTIFIER])
empty = make("empty", [])
uncallable = make_checked("uncallable", "#data-alerts")
notifier = make_checked("notifier", NOTIFIER)
function = make_checked("function", write_log)
