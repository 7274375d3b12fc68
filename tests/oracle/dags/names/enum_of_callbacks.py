import enum

from airflow.providers.slack.notifications.slack import SlackNotifier
from airflow.sdk import DAG


class Alert(enum.Enum):
    LOUD = SlackNotifier(text="failed")
    QUIET = None


with DAG("names_enum_loud", on_failure_callback=Alert.LOUD.value):
    pass
with DAG("names_enum_quiet", on_failure_callback=Alert.QUIET.value):
    pass
with DAG("names_enum_by_name", on_failure_callback=Alert["LOUD"].value):
    pass
