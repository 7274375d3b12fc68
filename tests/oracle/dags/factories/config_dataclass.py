from collections.abc import Callable
from dataclasses import dataclass, field, replace

from airflow.sdk import DAG

from shared.notify import tell_slack, write_log


@dataclass
class Config:
    name: str
    alert: Callable | None = None
    extra: dict = field(default_factory=dict)
    loud: bool = False

    def __post_init__(self):
        if self.loud and self.alert is None:
            self.alert = tell_slack

    @property
    def dag_id(self):
        return f"factories_dataclass_{self.name}"

    def options(self):
        return {"dag_id": self.dag_id, "on_failure_callback": self.alert, **self.extra}


def make(config):
    return DAG(**config.options())


plain = Config("plain", write_log)
logged = make(plain)
silent = make(Config("silent"))
loud = make(Config(name="loud", loud=True))
overridden = make(Config("overridden", write_log, {"on_failure_callback": [tell_slack]}))
replaced = make(replace(plain, name="replaced", alert=None, loud=True))
