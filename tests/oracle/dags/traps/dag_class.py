from airflow.sdk import DAG

from shared.notify import tell_slack, write_log


class AlertingDag(DAG):
    def __init__(self, *args, **kwargs):
        kwargs.setdefault("on_failure_callback", tell_slack)
        super().__init__(*args, **kwargs)


class AttributeDag(DAG):
    on_failure_callback = tell_slack


class LateDag(DAG):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.on_failure_callback = tell_slack


with AlertingDag("traps_class_sets_default"):
    pass
with AlertingDag("traps_class_default_overridden", on_failure_callback=write_log):
    pass
with AttributeDag("traps_class_attribute"):
    pass
with LateDag("traps_class_sets_late"):
    pass
