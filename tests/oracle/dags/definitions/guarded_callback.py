from typing import TYPE_CHECKING

from airflow.sdk import DAG

from shared.notify import tell_slack, write_log

alert = write_log
if TYPE_CHECKING:
    alert = tell_slack


def main():
    with DAG("definitions_guarded_callback_main", on_failure_callback=tell_slack):
        pass


with DAG("definitions_guarded_callback", on_failure_callback=alert):
    pass
with DAG("definitions_guarded_callback_asserted", on_failure_callback=tell_slack if __debug__ else None):
    pass
with DAG(
    "definitions_guarded_callback_name", on_failure_callback=tell_slack if __name__ == "__main__" else None
):
    pass

if __name__ == "__main__":
    main()
