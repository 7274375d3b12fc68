from airflow.sdk import DAG

from shared.notify import tell_slack


def count_down(context, left=3):
    if left:
        return count_down(context, left - 1)
    return tell_slack(context)


def forever(context):
    again(context)
    tell_slack(context)


def again(context):
    forever(context)


def tell_and_retry(context, attempts=2):
    tell_slack(context)
    if attempts:
        tell_and_retry(context, attempts - 1)


with DAG("callbacks_recursion", on_failure_callback=count_down):
    pass
with DAG("callbacks_recursion_endless", on_failure_callback=forever):
    pass
with DAG("callbacks_recursion_told", on_failure_callback=tell_and_retry):
    pass
