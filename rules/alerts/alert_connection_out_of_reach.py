"""An alert is lost where the process that sends it does not have the Slack connection.

The callbacks of a DAG itself run in the DAG processor (on Airflow 2 without a standalone one, in the
scheduler) and in no worker. An `AIRFLOW_CONN_*` below `workers.env` is seen by tasks only: a notifier at a
task works, the same one at the DAG fails, and all that is left of the alert is a line in the DAG processor's
log.

Flagged is the line of the values that sets the connection of a DAG's notifier for other components alone. Any
other place that sets it where DAGs' callbacks run is heeded, but for a docker compose file, which no pod gets
anything from; nothing is flagged where the connection may come from a secrets backend, `extraEnvFrom`,
External Secrets, or a script.

Set it for all components, in `extraEnv` or in the list `secret`, or for the DAG processor too:

    secret:
      - envName: AIRFLOW_CONN_SLACK_API_DEFAULT
        secretName: airflow-slack
        secretKey: connection
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from airwarden.deployment.effective import Deployment
from airwarden.deployment.settings import Setting, joined
from airwarden.findings import Finding
from airwarden.repo import Repo
from airwarden.rule import Rule
from airwarden.values import ValuesFile

if TYPE_CHECKING:
    from airwarden.alerts.notifiers import Use

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="set it for all components, in extraEnv or in the list `secret`",
    see="https://airflow.apache.org/docs/apache-airflow/stable/administration-and-deployment/logging-monitoring/callbacks.html",
)

CONNECTION = "AIRFLOW_CONN_"


@rule.values
def check(values: ValuesFile, repo: Repo) -> Iterator[Finding]:
    """Flags the first line that sets the connection of a DAG's notifier for other components alone."""
    if CONNECTION not in values.source.text:
        return
    seen = set[str]()
    for setting in repo.analysis(Deployment).set_in(values.path):
        if setting.variable not in seen and _is_out_of_reach(setting, repo):
            seen.add(setting.variable)
            use = next(_uses(setting.variable.removeprefix(CONNECTION), repo), None)
            if use is not None:
                yield _finding(setting, use, repo)


def _finding(setting: Setting, use: Use, repo: Repo) -> Finding:
    deployment = repo.analysis(Deployment)
    only = " and ".join(sorted(joined(each.components for each in _places(setting, deployment))))
    callers = " or ".join(sorted(deployment.callbacks_run_in))
    shows_value = setting.text is not None and setting.region.line == setting.name_region.line
    return rule.finding(
        setting.region if shows_value else setting.name_region,
        f"{setting.variable} is set for {only} alone, but a DAG's own alerts are sent by the {callers}",
        related=[use.related],
        subject=setting.variable,
        secret=shows_value,
    )


def _is_out_of_reach(setting: Setting, repo: Repo) -> bool:
    """Whether a connection is known to be missing wherever the callbacks of DAGs may run."""
    if not setting.variable.startswith(CONNECTION) or setting.is_option:
        return False
    deployment = repo.analysis(Deployment)
    callers = deployment.callbacks_run_in
    places = _places(setting, deployment)
    if any(place.reaches(caller) for place in places for caller in callers):
        return False
    if any(map(deployment.may_hold_more, callers)):
        return False
    return not deployment.may_be_connected_elsewhere(setting.variable.removeprefix(CONNECTION))


def _places(setting: Setting, deployment: Deployment) -> list[Setting]:
    """Every place that sets the same variable for pods."""
    return [each for each in deployment.variable(setting.variable) if each.place != "compose"]


def _uses(connection: str, repo: Repo) -> Iterator[Use]:
    """The callbacks of DAGs themselves that tell Slack through a connection."""
    from airwarden.alerts.notifications import Notifications
    from airwarden.alerts.slack_connections import connections_of

    notifications = repo.analysis(Notifications)
    for path in repo.files:
        file = None
        if repo.is_dag_file(path) and not repo.is_airflow_ignored(path):
            file = repo.readable_dag_file(path)
        for use in notifications.uses(file) if file else ():
            names = [name.upper() for name in connections_of(use.instance)] if use.level == "dag" else []
            if connection.upper() in names:
                yield use
