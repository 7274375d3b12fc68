from airflow.providers.slack.notifications.slack import SlackNotifier
from airflow.sdk import DAG

ALERT = SlackNotifier(text="failed")
ALIAS = ALERT
NOTHING = None

with DAG("names_constant", on_failure_callback=ALERT):
    pass
with DAG("names_alias", on_failure_callback=ALIAS):
    pass
with DAG("names_nothing", on_failure_callback=NOTHING):
    pass
