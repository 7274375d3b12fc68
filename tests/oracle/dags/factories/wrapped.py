import functools

from airflow.sdk import DAG

from shared.notify import tell_slack, write_log


def plain(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


def alerting(callback):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(name, **kwargs):
            return function(name, on_failure_callback=callback, **kwargs)

        return wrapper

    return decorate


@plain
def make(name, callback=write_log):
    return DAG(f"factories_wrapped_{name}", on_failure_callback=callback)


@alerting(tell_slack)
def make_alerting(name, **kwargs):
    return DAG(f"factories_wrapped_{name}", **kwargs)


logged = make("logged")
silent = make("silent", callback=None)
alerted = make_alerting("alerting")
unwrapped = make_alerting.__wrapped__("unwrapped")
