from airflow.providers.slack.notifications.slack import SlackNotifier
from airflow.sdk import BaseNotifier


class CompanyNotifier(BaseNotifier):
    template_fields = ("message",)

    def __init__(self, message):
        super().__init__()
        self.message = message

    def notify(self, context):
        SlackNotifier(text=self.message).notify(context)


class QuietNotifier(BaseNotifier):
    def notify(self, context):
        print("nobody reads this")
