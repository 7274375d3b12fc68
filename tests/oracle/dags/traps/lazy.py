from airflow.sdk import DAG

from shared.notify import NOTIFIER, tell_slack

NOTIFIERS = [NOTIFIER, tell_slack]


def yields(context):
    tell_slack(context)
    yield context["run_id"]


def mapped(context):
    map(lambda notifier: notifier(context), NOTIFIERS)


def mapped_and_listed(context):
    list(map(lambda notifier: notifier(context), NOTIFIERS))


def generated(context):
    return (notifier(context) for notifier in NOTIFIERS)


def generated_and_read(context):
    for _ in (notifier(context) for notifier in NOTIFIERS):
        pass


with DAG("traps_yields", on_failure_callback=yields):
    pass
with DAG("traps_mapped", on_failure_callback=mapped):
    pass
with DAG("traps_mapped_and_listed", on_failure_callback=mapped_and_listed):
    pass
with DAG("traps_generated", on_failure_callback=generated):
    pass
with DAG("traps_generated_and_read", on_failure_callback=generated_and_read):
    pass
