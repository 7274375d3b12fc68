from airflow.providers.slack.notifications.slack import SlackNotifier
from airflow.sdk import DAG
from company_alerts import CompanyNotifier, QuietNotifier

from shared.notify import tell_slack


class TellsWhenMade:
    def __init__(self, context):
        tell_slack(context)


with DAG("traps_class", on_failure_callback=SlackNotifier):
    pass
with DAG("traps_class_with_parameter", on_failure_callback=CompanyNotifier):
    pass
with DAG("traps_class_of_repository", on_failure_callback=[QuietNotifier, CompanyNotifier("failed")]):
    pass
with DAG("traps_class_tells_when_made", on_failure_callback=TellsWhenMade):
    pass
