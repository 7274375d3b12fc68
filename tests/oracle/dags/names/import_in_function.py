from airflow.sdk import DAG


def build():
    from shared.notify import tell_slack as callback

    return DAG("names_import_in_function", on_failure_callback=callback)


dag = build()
