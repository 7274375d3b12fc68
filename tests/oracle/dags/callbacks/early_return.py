import os

from airflow.sdk import DAG

from shared.notify import tell_slack


def in_production(context):
    if os.environ.get("ORACLE_ENVIRONMENT") != "production":
        return
    tell_slack(context)


def unless_muted(context):
    if os.environ.get("ORACLE_MUTED"):
        return None
    return tell_slack(context)


def unreachable(context):
    print("failed")
    return
    tell_slack(context)


def told_before(context):
    tell_slack(context)
    if not context["reason"]:
        return
    print("told")


with DAG("callbacks_return_unless_production", on_failure_callback=in_production):
    pass
with DAG("callbacks_return_if_muted", on_failure_callback=unless_muted):
    pass
with DAG("callbacks_return_always", on_failure_callback=unreachable):
    pass
with DAG("callbacks_return_afterwards", on_failure_callback=told_before):
    pass
