from airflow.providers.slack.notifications.slack import SlackNotifier
from airflow.sdk import DAG, BaseNotifier

from shared.notify import tell_slack


class TeamNotifier(SlackNotifier):
    def __init__(self, team):
        super().__init__(channel=f"#{team}", text="failed")


class MutedNotifier(SlackNotifier):
    def notify(self, context):
        print("muted", context["run_id"])


class LoudNotifier(MutedNotifier):
    def notify(self, context):
        super().notify(context)
        tell_slack(context)


class EmptyNotifier(BaseNotifier):
    """It has no notify, so calling it raises."""


with DAG("callbacks_subclass", on_failure_callback=TeamNotifier("sales")):
    pass
with DAG("callbacks_subclass_muted", on_failure_callback=MutedNotifier(text="failed")):
    pass
with DAG("callbacks_subclass_loud", on_failure_callback=LoudNotifier(text="failed")):
    pass
with DAG("callbacks_subclass_empty", on_failure_callback=EmptyNotifier()):
    pass
