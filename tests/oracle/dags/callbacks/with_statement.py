import contextlib

from airflow.sdk import DAG

from shared.notify import tell_slack


@contextlib.contextmanager
def telling(context):
    yield
    tell_slack(context)


def suppressed(context):
    with contextlib.suppress(Exception):
        tell_slack(context)


def suppressed_before(context):
    with contextlib.suppress(KeyError):
        print(context["exception"])
        tell_slack(context)


def at_the_end(context):
    with telling(context):
        print("failed")


def after_the_block(context):
    with contextlib.suppress(KeyError):
        print(context["exception"])
    tell_slack(context)


with DAG("callbacks_suppress", on_failure_callback=suppressed):
    pass
with DAG("callbacks_suppress_skipped", on_failure_callback=suppressed_before):
    pass
with DAG("callbacks_context_manager", on_failure_callback=at_the_end):
    pass
with DAG("callbacks_suppress_after", on_failure_callback=after_the_block):
    pass
