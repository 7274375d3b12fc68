from airflow.sdk import DAG

from shared.notify import SILENT, tell_slack, write_log

UNSET = object()


def make(name, callback=None):
    if callback is None:
        callback = tell_slack
    return DAG(f"factories_none_{name}", on_failure_callback=callback)


def make_unset(name, callback=UNSET):
    if callback is UNSET:
        callback = write_log
    return DAG(f"factories_none_{name}", on_failure_callback=callback)


default = make("default")
silent = make("silent", SILENT)
logged = make("logged", write_log)
empty = make("empty", [])
unset = make_unset("unset")
unset_none = make_unset("unset_none", None)
