from airflow.sdk import DAG

from shared.notify import make_notifier, tell_slack, write_log


def maker_for(callback):
    def make(name):
        with DAG(f"factories_closures_{name}", on_failure_callback=callback):
            pass

    return make


def maker_with_state():
    alert = None

    def use(callback):
        nonlocal alert
        alert = callback

    def make(name):
        return DAG(f"factories_closures_{name}", on_failure_callback=alert)

    return use, make


maker_for(tell_slack)("loud")
logged = maker_for(write_log)
logged("logged")
maker_for(make_notifier(channel="#closures"))("notifier")

use, make = maker_with_state()
before = make("before")
use(tell_slack)
after = make("after")
