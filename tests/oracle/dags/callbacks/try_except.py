from airflow.sdk import DAG

from shared.notify import tell_slack, write_log


def tried(context):
    try:
        tell_slack(context)
    except Exception:
        write_log(context)


def as_a_fallback(context):
    try:
        write_log(context)
    except Exception:
        tell_slack(context)


def after_an_error(context):
    try:
        int("not a number")
    except ValueError:
        tell_slack(context)


def whatever_happens(context):
    try:
        raise RuntimeError("no reason")
    finally:
        tell_slack(context)


def skipped_by_an_error(context):
    try:
        print(context["exception"])
        tell_slack(context)
    except KeyError:
        write_log(context)


with DAG("callbacks_try", on_failure_callback=tried):
    pass
with DAG("callbacks_except", on_failure_callback=as_a_fallback):
    pass
with DAG("callbacks_except_surely", on_failure_callback=after_an_error):
    pass
with DAG("callbacks_finally", on_failure_callback=whatever_happens):
    pass
with DAG("callbacks_try_skipped", on_failure_callback=skipped_by_an_error):
    pass
