from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

DEFAULT = write_log


# A default is what the name meant when the function was defined.
def make(name, callback=DEFAULT, fallback=None):
    with DAG(f"factories_default_{name}", on_failure_callback=callback):
        pass
    with DAG(f"factories_default_{name}_later", on_failure_callback=fallback or DEFAULT):
        pass


DEFAULT = tell_slack

make("plain")
make("given", tell_slack, fallback=write_log)
make("silent", None)
