from airflow.sdk import DAG

from shared.notify import tell_slack, write_log


class AttributeDag(DAG):
    # Has no effect: the constructor of DAG sets the attribute of the instance.
    on_failure_callback = tell_slack


class AfterwardsDag(DAG):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Too late: the constructor has already noted that there is none.
        self.on_failure_callback = tell_slack


class ReplacingDag(DAG):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, on_failure_callback=tell_slack, **kwargs)
        self.on_failure_callback = write_log


with AttributeDag("definitions_too_late_attribute"):
    pass
with AfterwardsDag("definitions_too_late_afterwards"):
    pass
with ReplacingDag("definitions_too_late_replaced"):
    pass
