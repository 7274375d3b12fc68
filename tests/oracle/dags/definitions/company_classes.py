"""DAG classes for the files that import them."""

from airflow.sdk import DAG

from shared.notify import tell_slack, write_log


class AlertingDag(DAG):
    def __init__(self, dag_id, **kwargs):
        kwargs["on_failure_callback"] = kwargs.get("on_failure_callback") or tell_slack
        super().__init__(dag_id, **kwargs)


class LoggingDag(AlertingDag):
    def __init__(self, dag_id, **kwargs):
        super().__init__(dag_id, on_failure_callback=write_log, **kwargs)


class SilentDag(AlertingDag):
    def __init__(self, dag_id, **kwargs):
        DAG.__init__(self, dag_id, **kwargs)
