from functools import partial

from airflow.providers.slack.notifications.slack import SlackNotifier
from airflow.sdk import DAG

from shared.notify import NOTIFIER

to_data = partial(SlackNotifier, channel="#data")


def made_and_called(make, context):
    make(text="failed")(context)


with DAG("callbacks_partial_class", on_failure_callback=to_data):
    pass
with DAG("callbacks_partial_class_called", on_failure_callback=to_data(text="failed")):
    pass
with DAG("callbacks_partial_instance", on_failure_callback=partial(NOTIFIER)):
    pass
with DAG("callbacks_partial_made", on_failure_callback=partial(made_and_called, to_data)):
    pass
