from airflow.sdk import DAG

from shared.notify import make_notifier, tell_slack, write_log


class Alerts:
    channel = "#data"

    @classmethod
    def loud(cls, context):
        make_notifier(cls.channel)(context)

    @classmethod
    def quiet(cls, context):
        write_log(context)

    @staticmethod
    def plain(context):
        tell_slack(context)

    @property
    def chosen(self):
        return self.plain


with DAG("callbacks_classmethod", on_failure_callback=Alerts.loud):
    pass
with DAG("callbacks_classmethod_quiet", on_failure_callback=Alerts().quiet):
    pass
with DAG("callbacks_staticmethod", on_failure_callback=[Alerts.plain]):
    pass
with DAG("callbacks_property", on_failure_callback=Alerts().chosen):
    pass
