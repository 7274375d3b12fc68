from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

loud, quiet = tell_slack, write_log
(name, nothing) = ["names_unpacked", None]

with DAG(name, on_failure_callback=loud):
    pass
with DAG(f"{name}_quiet", on_failure_callback=quiet):
    pass
with DAG(f"{name}_nothing", on_failure_callback=nothing):
    pass
