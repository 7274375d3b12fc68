import functools

from airflow.sdk import DAG

from shared.notify import tell_slack


def make(name, callback, catchup=False):
    return DAG(f"kwargs_partial_{name}", on_failure_callback=callback, catchup=catchup)


loud = functools.partial(make, callback=tell_slack)
quiet = functools.partial(make, "factory_quiet")

a = loud("factory_loud")
b = quiet(None)
