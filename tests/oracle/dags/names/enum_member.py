from enum import Enum

from airflow.providers.slack.notifications.slack import SlackNotifier
from airflow.sdk import DAG


class Team(Enum):
    SALES = "sales"
    FINANCE = "finance"


class Channel(str, Enum):
    ALERTS = "#alerts"


with DAG(f"names_enum_{Team.SALES.value}", on_failure_callback=SlackNotifier(channel=Channel.ALERTS)):
    pass
with DAG("names_enum_" + Team.FINANCE.value):
    pass
