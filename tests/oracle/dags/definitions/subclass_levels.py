from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

from shared.notify import tell_slack, write_log


class AlertMixin:
    alert = staticmethod(tell_slack)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"on_failure_callback": self.alert, **kwargs})


class TeamDag(DAG):
    def __init__(self, *args, default_args=None, **kwargs):
        super().__init__(
            *args, default_args={"on_failure_callback": tell_slack, **(default_args or {})}, **kwargs
        )


class LoudTeamDag(AlertMixin, TeamDag):
    pass


class LoggedTeamDag(LoudTeamDag):
    alert = staticmethod(write_log)


with TeamDag("definitions_levels_team"):
    EmptyOperator(task_id="only")
with LoudTeamDag("definitions_levels_loud"):
    pass
with LoggedTeamDag("definitions_levels_logged"):
    pass
with LoggedTeamDag("definitions_levels_muted", on_failure_callback=None):
    pass
