from airflow.sdk import DAG

from shared.notify import NOTIFIER, tell_slack, write_log


class DefaultingDag(DAG):
    def __init__(self, *args, **kwargs):
        kwargs.setdefault("on_failure_callback", tell_slack)
        super().__init__(*args, **kwargs)


class FixedDag(DAG):
    def __init__(self, name, **kwargs):
        super().__init__(f"definitions_local_{name}", on_failure_callback=NOTIFIER, **kwargs)


class RenamingDag(DAG):
    def __init__(self, dag_id, alert=None, **kwargs):
        super(RenamingDag, self).__init__(dag_id=dag_id, on_failure_callback=alert, **kwargs)


class PlainDag(DAG):
    """Adds nothing."""


with DefaultingDag("definitions_local_default"):
    pass
with DefaultingDag("definitions_local_muted", on_failure_callback=None):
    pass
with FixedDag("fixed", default_args={"owner": "data"}):
    pass
renamed = RenamingDag("definitions_local_renamed", write_log)
with PlainDag("definitions_local_plain"):
    pass
