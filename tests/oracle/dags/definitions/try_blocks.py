from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

try:
    with DAG("definitions_try_interrupted", on_failure_callback=tell_slack):
        raise LookupError
except LookupError:
    with DAG("definitions_try_except", on_failure_callback=write_log):
        pass
else:
    with DAG("definitions_try_else", on_failure_callback=tell_slack):
        pass
finally:
    finished = DAG("definitions_try_finally")

try:
    number = int("7")
except ValueError:
    with DAG("definitions_try_never", on_failure_callback=tell_slack):
        pass
else:
    with DAG(f"definitions_try_{number}", on_failure_callback=tell_slack):
        pass

try:
    callback = {"sales": write_log}["finance"]
except KeyError:
    callback = tell_slack
missing = DAG("definitions_try_missing_key", on_failure_callback=callback)
