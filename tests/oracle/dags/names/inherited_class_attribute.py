from airflow.sdk import DAG

from shared.notify import tell_slack


class Base:
    alert = [tell_slack]
    retries = 2


class Team(Base):
    retries = 3


class Muted(Base):
    alert = None


with DAG("names_inherited", on_failure_callback=Team.alert):
    pass
with DAG("names_inherited_muted", on_failure_callback=Muted.alert):
    pass
