from airflow.providers.slack.notifications.slack import SlackNotifier
from airflow.sdk import DAG

from shared.notify import write_log

NOTIFIERS = [SlackNotifier(channel="#data", text="failed"), SlackNotifier(channel="#ops", text="failed")]
MUTED = []
CHANNELS = ("#data", "#ops")


def tell_each(context):
    for notifier in NOTIFIERS:
        notifier(context)


def tell_nobody(context):
    for notifier in MUTED:
        notifier(context)
    write_log(context)


def tell_each_channel(context):
    for number, channel in enumerate(CHANNELS):
        SlackNotifier(channel=channel, text=f"{number}").notify(context)


def tell_in_comprehension(context):
    return [notifier.notify(context) for notifier in NOTIFIERS]


def tell_when_empty(context):
    for notifier in MUTED:
        notifier(context)
    else:
        NOTIFIERS[0](context)


with DAG("callbacks_loop", on_failure_callback=tell_each):
    pass
with DAG("callbacks_loop_empty", on_failure_callback=tell_nobody):
    pass
with DAG("callbacks_loop_channels", on_failure_callback=tell_each_channel):
    pass
with DAG("callbacks_loop_comprehension", on_failure_callback=tell_in_comprehension):
    pass
with DAG("callbacks_loop_else", on_failure_callback=tell_when_empty):
    pass
