from dataclasses import dataclass

from airflow.providers.slack.notifications.slack import SlackNotifier
from airflow.sdk import DAG

from shared.notify import write_log


@dataclass
class Alert:
    channel: str
    enabled: bool = True

    def __call__(self, context):
        if self.enabled:
            SlackNotifier(channel=self.channel, text="failed")(context)
        else:
            write_log(context)


class Counted:
    calls = 0

    def __call__(self, context):
        self.calls += 1


class NotCallable:
    def notify(self, context):
        SlackNotifier(text="failed")(context)


with DAG("callbacks_object", on_failure_callback=Alert("#data")):
    pass
with DAG("callbacks_object_disabled", on_failure_callback=Alert("#data", enabled=False)):
    pass
with DAG("callbacks_object_counted", on_failure_callback=[Counted()]):
    pass
with DAG("callbacks_object_not_callable", on_failure_callback=NotCallable()):
    pass
