from airflow.sdk import DAG, dag

from shared.notify import tell_slack, write_log


class Registry:
    held = DAG("definitions_stored_class_level", on_failure_callback=tell_slack)
    with DAG("definitions_stored_class_with", on_failure_callback=write_log) as entered:
        pass


@dag(on_failure_callback=tell_slack)
def definitions_stored_decorated():
    pass


def put(key, value):
    stored[key] = value


stored = {"unseen": DAG("definitions_stored_unseen", on_failure_callback=tell_slack)}
put("decorated", definitions_stored_decorated())
with DAG("definitions_stored_with") as stored["with"]:
    pass
stored["late"] = DAG("definitions_stored_late", on_failure_callback=write_log)
late = stored["late"]
