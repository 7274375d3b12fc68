from airflow.sdk import dag

from shared.notify import tell_slack, write_log


class Pipelines:
    alert = staticmethod(write_log)

    def __init__(self, team, callback=None):
        self.team = team
        self.callback = callback

    def daily(self):
        @dag(f"definitions_in_method_{self.team}_daily", on_failure_callback=self.callback)
        def pipeline():
            pass

        return pipeline()

    def hourly(self):
        @dag(f"definitions_in_method_{self.team}_hourly", on_failure_callback=self.alert)
        def pipeline():
            pass

        pipeline()

    @staticmethod
    @dag(dag_id="definitions_in_method_static", on_failure_callback=tell_slack)
    def weekly():
        pass


sales = Pipelines("sales", tell_slack)
sales.daily()
sales.hourly()
Pipelines("finance").daily()
Pipelines.weekly()
