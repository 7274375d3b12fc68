from airflow.sdk import DAG

from shared.notify import tell_slack


def options(alert=True, **more):
    found = {"catchup": False, **more}
    if alert:
        found["on_failure_callback"] = tell_slack
    return found


def fixed():
    return {"on_failure_callback": [tell_slack]}


with DAG("kwargs_function_fixed", **fixed()):
    pass
with DAG("kwargs_function_default", **options()):
    pass
with DAG("kwargs_function_off", **options(alert=False)):
    pass
