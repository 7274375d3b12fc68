from airflow.sdk import DAG

from shared.notify import tell_slack


def notify(context):
    print("failed")


def build(notify=tell_slack):
    return DAG("names_shadowed_inner", on_failure_callback=notify)


outer = DAG("names_shadowed_outer", on_failure_callback=notify)
inner = build()
