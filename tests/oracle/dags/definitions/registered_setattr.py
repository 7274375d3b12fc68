import sys

from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

this = sys.modules[__name__]


def register(name, callback=None):
    dag = DAG(f"definitions_setattr_{name}", on_failure_callback=callback)
    setattr(this, dag.dag_id, dag)


register("loud", tell_slack)
register("silent")
setattr(sys.modules[__name__], "logged", DAG("definitions_setattr_logged", on_failure_callback=[write_log]))
vars()["through_vars"] = DAG("definitions_setattr_vars", on_failure_callback=tell_slack)
