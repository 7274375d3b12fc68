from airflow.sdk import DAG

from shared.notify import NOTIFIER, tell_slack, write_log

DEBUG = False


def on_any_reason(context):
    if context["reason"]:
        tell_slack(context)


def on_timeout(context):
    if context["reason"] == "timed_out":
        tell_slack(context)


def either_way(context):
    if context["reason"] == "timed_out":
        tell_slack(context)
    else:
        NOTIFIER(context)


def in_debug(context):
    if DEBUG:
        tell_slack(context)
    write_log(context)


def unless_debug(context):
    DEBUG or tell_slack(context)


with DAG("callbacks_if_reason", on_failure_callback=on_any_reason):
    pass
with DAG("callbacks_if_timeout", on_failure_callback=on_timeout):
    pass
with DAG("callbacks_if_else", on_failure_callback=either_way):
    pass
with DAG("callbacks_if_known", on_failure_callback=in_debug):
    pass
with DAG("callbacks_or", on_failure_callback=unless_debug):
    pass
