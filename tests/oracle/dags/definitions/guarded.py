import typing
from typing import TYPE_CHECKING

from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

if __name__ == "__main__":
    with DAG("definitions_guarded_main", on_failure_callback=tell_slack):
        pass
if __name__ != "__main__":
    with DAG("definitions_guarded_not_main", on_failure_callback=write_log):
        pass
if TYPE_CHECKING:
    with DAG("definitions_guarded_type_checking", on_failure_callback=tell_slack):
        pass
if not typing.TYPE_CHECKING:
    with DAG("definitions_guarded_not_type_checking"):
        pass
if False:
    with DAG("definitions_guarded_false", on_failure_callback=tell_slack):
        pass
elif 0:
    with DAG("definitions_guarded_zero", on_failure_callback=tell_slack):
        pass
else:
    with DAG("definitions_guarded_else", on_failure_callback=tell_slack):
        pass
