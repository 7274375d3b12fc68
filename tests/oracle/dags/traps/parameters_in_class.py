from airflow.sdk import DAG

from shared.notify import tell_slack


class Alerts:
    def tell(self, context):
        tell_slack(context)

    def forgets_self(context):
        tell_slack(context)

    def __call__(self, context, channel):
        tell_slack(context)


with DAG("traps_unbound", on_failure_callback=Alerts.tell):
    pass
with DAG("traps_bound", on_failure_callback=Alerts().tell):
    pass
with DAG("traps_forgotten_self", on_failure_callback=Alerts().forgets_self):
    pass
with DAG("traps_forgotten_self_on_class", on_failure_callback=Alerts.forgets_self):
    pass
with DAG("traps_call_with_two", on_failure_callback=Alerts()):
    pass
