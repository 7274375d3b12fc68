from airflow.sdk import DAG

from shared.notify import tell_slack


def no_parameter():
    tell_slack({})


def two_parameters(context, channel):
    tell_slack(context)


def keyword_only(*, context):
    tell_slack(context)


def two_with_default(context, channel="#data"):
    tell_slack(context)


def anything(*args, **kwargs):
    tell_slack(args[0])


with DAG("traps_no_parameter", on_failure_callback=no_parameter):
    pass
with DAG("traps_two_parameters", on_failure_callback=two_parameters):
    pass
with DAG("traps_keyword_only", on_failure_callback=[keyword_only]):
    pass
with DAG("traps_two_with_default", on_failure_callback=two_with_default):
    pass
with DAG("traps_any_parameters", on_failure_callback=anything):
    pass
