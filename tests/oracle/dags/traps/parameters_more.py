from airflow.sdk import DAG

from shared.notify import tell_slack


def only_keywords(**context):
    tell_slack(context)


def optional(context=None):
    tell_slack(context)


with DAG("traps_only_keywords", on_failure_callback=only_keywords):
    pass
with DAG("traps_optional_parameter", on_failure_callback=optional):
    pass
with DAG("traps_lambda_no_parameter", on_failure_callback=lambda: tell_slack({})):
    pass
with DAG("traps_lambda_any", on_failure_callback=lambda *_: tell_slack({})):
    pass
with DAG("traps_wrong_then_right", on_failure_callback=[only_keywords, optional]):
    pass
