from abc import ABC, abstractmethod

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

from shared.notify import tell_slack, write_log


class Template(ABC):
    @abstractmethod
    def callback(self): ...

    def name(self):
        return type(self).__name__.lower()

    def create(self):
        with DAG(f"definitions_template_{self.name()}", on_failure_callback=self.callback()):
            EmptyOperator(task_id="only")


class Loud(Template):
    def callback(self):
        return [tell_slack]


class Logged(Template):
    def callback(self):
        return write_log


class Silent(Loud):
    def callback(self):
        return None

    def name(self):
        return super().name() + "_overridden"


for template in (Loud(), Logged(), Silent()):
    template.create()
