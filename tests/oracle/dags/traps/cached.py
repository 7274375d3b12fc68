import functools

from airflow.sdk import DAG

from shared.notify import make_notifier, tell_slack


@functools.lru_cache(maxsize=None)
def cached(context):
    tell_slack(context)


@functools.cache
def cached_notifier(channel):
    return make_notifier(channel)


@functools.singledispatch
def dispatched(context):
    print("failed")


@dispatched.register(dict)
def _(context):
    tell_slack(context)


with DAG("traps_cached", on_failure_callback=cached):
    pass
with DAG("traps_cached_factory", on_failure_callback=cached_notifier("#data")):
    pass
with DAG("traps_single_dispatch", on_failure_callback=dispatched):
    pass
