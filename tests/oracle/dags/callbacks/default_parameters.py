from airflow.sdk import DAG

from shared.notify import NOTIFIER, tell_slack


def given(context, notifier=NOTIFIER):
    notifier(context)


def not_given(context, notifier=None):
    if notifier is not None:
        notifier(context)


def filled_in(context, send=None):
    send = send or tell_slack
    send(context)


def passed_on(context):
    not_given(context, notifier=NOTIFIER)


with DAG("callbacks_default", on_failure_callback=given):
    pass
with DAG("callbacks_default_none", on_failure_callback=not_given):
    pass
with DAG("callbacks_default_filled_in", on_failure_callback=filled_in):
    pass
with DAG("callbacks_default_overridden", on_failure_callback=passed_on):
    pass
