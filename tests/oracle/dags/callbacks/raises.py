import sys

from airflow.sdk import DAG

from shared.notify import tell_slack


def raises(context):
    raise NotImplementedError("tell Slack")
    tell_slack(context)


def raises_before(context):
    print(context["exception"])
    tell_slack(context)


def raises_after(context):
    tell_slack(context)
    raise RuntimeError("told")


def leaves(context):
    sys.exit(1)


with DAG("callbacks_raises", on_failure_callback=raises):
    pass
with DAG("callbacks_raises_on_exception_key", on_failure_callback=raises_before):
    pass
with DAG("callbacks_raises_afterwards", on_failure_callback=raises_after):
    pass
with DAG("callbacks_raises_then_next", on_failure_callback=[raises, tell_slack]):
    pass
with DAG("callbacks_leaves_then_next", on_failure_callback=[leaves, tell_slack]):
    pass
