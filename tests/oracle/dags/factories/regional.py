"""What the regions have in common."""

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

from shared.notify import tell_slack


def regional(region, callback=tell_slack, /, *periods, on_tasks=None):
    for period in periods or ("daily",):
        with DAG(
            f"factories_region_{region}_{period}",
            on_failure_callback=callback,
            default_args={"on_failure_callback": on_tasks},
        ):
            EmptyOperator(task_id="only")
