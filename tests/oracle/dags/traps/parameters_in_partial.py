from functools import partial

from airflow.sdk import DAG

from shared.notify import tell_slack


def send(context, channel="#data"):
    tell_slack(context)


def bound_by_decorator(function):
    return lambda: function({})


@bound_by_decorator
def decorated(context):
    tell_slack(context)


with DAG("traps_partial_filled", on_failure_callback=partial(tell_slack, {})):
    pass
with DAG("traps_partial_named", on_failure_callback=partial(send, context=None)):
    pass
with DAG("traps_partial_other", on_failure_callback=partial(send, channel="#ops")):
    pass
with DAG("traps_partial_shifted", on_failure_callback=partial(send, "#ops")):
    pass
with DAG("traps_decorated_without_parameter", on_failure_callback=decorated):
    pass
