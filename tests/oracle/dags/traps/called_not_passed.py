from airflow.sdk import DAG

from shared.notify import nothing_at_all, tell_slack, write_log


def choose(loud):
    return tell_slack if loud else write_log


def describe(channel):
    return {"channel": channel, "send": tell_slack}


def several(*steps):
    return steps


with DAG("traps_called_nothing", on_failure_callback=nothing_at_all("#data")):
    pass
with DAG("traps_called_function", on_failure_callback=choose(loud=True)):
    pass
with DAG("traps_called_other_function", on_failure_callback=choose(loud=False)):
    pass
with DAG("traps_called_dict", on_failure_callback=describe("#data")):
    pass
with DAG("traps_called_tuple", on_failure_callback=several(write_log, tell_slack)):
    pass
