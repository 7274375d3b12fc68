from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

step = tell_slack


def late(context):
    step(context)


def early(context, step=step):
    step(context)


def redefined(context):
    tell_slack(context)


first = DAG("callbacks_late_global", on_failure_callback=late)
second = DAG("callbacks_early_default", on_failure_callback=early)
third = DAG("callbacks_before_redefinition", on_failure_callback=redefined)
step = write_log


def redefined(context):
    print("failed")


fourth = DAG("callbacks_after_redefinition", on_failure_callback=redefined)
