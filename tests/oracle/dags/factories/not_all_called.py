from airflow.sdk import DAG

from shared.notify import tell_slack, write_log


def never():
    with DAG("factories_called_never", on_failure_callback=tell_slack):
        pass


def only_defined(callback=tell_slack):
    return DAG("factories_called_defined", on_failure_callback=callback)


def result_dropped():
    return DAG("factories_called_dropped", on_failure_callback=tell_slack)


def chosen(name, make):
    return make(name)


def logged(name):
    return DAG(f"factories_called_{name}", on_failure_callback=write_log)


result_dropped()
passed_on = chosen("passed_on", logged)
passed_lambda = chosen("lambda", lambda name: DAG(f"factories_called_{name}"))
