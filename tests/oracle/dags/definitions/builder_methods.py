from airflow.sdk import DAG

from shared.notify import NOTIFIER, tell_slack, write_log


class Maker:
    callback = NOTIFIER

    def __init__(self, team):
        self.team = team

    @classmethod
    def of_class(cls, name):
        return DAG(f"definitions_methods_{name}", on_failure_callback=cls.callback)

    @staticmethod
    def static(name, callback=None):
        return DAG(f"definitions_methods_{name}", on_failure_callback=callback)

    @property
    def weekly(self):
        return self._make("weekly", tell_slack)

    def __call__(self, callback=write_log):
        return self._make("called", callback)

    def _make(self, period, callback):
        return DAG(f"definitions_methods_{self.team}_{period}", on_failure_callback=callback)


class QuietMaker(Maker):
    callback = None


from_class = Maker.of_class("class")
from_quiet_class = QuietMaker.of_class("quiet_class")
from_static = Maker.static("static")
from_property = Maker("sales").weekly
from_call = QuietMaker("finance")()
