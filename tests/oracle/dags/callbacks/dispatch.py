from airflow.sdk import DAG

from shared.notify import NOTIFIER, tell_slack, write_log

BY_REASON = {"timed_out": write_log, "task_failure": tell_slack}
ALL_SLACK = {"timed_out": tell_slack, "task_failure": NOTIFIER}


def by_item(context):
    BY_REASON[context["reason"]](context)


def by_get(context):
    BY_REASON.get(context["run_id"], write_log)(context)


def all_slack(context):
    send = ALL_SLACK.get(context["reason"], tell_slack)
    send(context)


def by_match(context):
    match context["reason"]:
        case "timed_out":
            tell_slack(context)
        case _:
            write_log(context)


with DAG("callbacks_dispatch", on_failure_callback=by_item):
    pass
with DAG("callbacks_dispatch_default", on_failure_callback=by_get):
    pass
with DAG("callbacks_dispatch_all_slack", on_failure_callback=all_slack):
    pass
with DAG("callbacks_match", on_failure_callback=by_match):
    pass
