from airflow.providers.slack.hooks.slack import SlackHook
from airflow.sdk import DAG

from shared.notify import NOTIFIER, write_log


class Alerts:
    def __init__(self, channel, after=write_log):
        self.channel = channel
        self.after = after

    def tell(self, context):
        self.send(context["run_id"])

    def send(self, text):
        SlackHook().call("chat.postMessage", json={"channel": self.channel, "text": text})

    def follow(self, context):
        self.after(context)

    def keep(self, context):
        print(self.channel, context["run_id"])


alerts = Alerts("#data")

with DAG("callbacks_method", on_failure_callback=alerts.tell):
    pass
with DAG("callbacks_method_inline", on_failure_callback=[Alerts("#sales").keep]):
    pass
with DAG("callbacks_method_attribute", on_failure_callback=alerts.follow):
    pass
with DAG("callbacks_method_attribute_given", on_failure_callback=Alerts("#data", NOTIFIER).follow):
    pass
