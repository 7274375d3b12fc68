"""A link to the log in an alert leads to http://localhost:8080, so nobody can follow it.

`log_url` is made from `[api] base_url`, on Airflow 2 from `[webserver] base_url`, by the process that sends
the alert. Neither Airflow nor its chart knows the address that people use: without the option, Airflow puts
localhost there.

Flagged is the text of a notifier that asks for `log_url`, where the repository keeps the values of an
Airflow chart or an airflow.cfg and nothing in the repository sets the option. Nothing is flagged on a managed
service, or where the option may come from `extraEnvFrom`, a script or a template. A compose file or a
Dockerfile alone says nothing: localhost is where one tries things.

Set the option to the address that people open Airflow at:

    config:
      api:
        base_url: https://airflow.example.com
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.alerts.notifications import Notifications
from airwarden.alerts.templates import asks_for
from airwarden.dag import DagFile
from airwarden.findings import Finding, Region, Related
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="warning",
    remedy="set [api] base_url to the address that people open Airflow at",
    see="https://airflow.apache.org/docs/apache-airflow/stable/configurations-ref.html#base-url",
    profile="recommended",
)

MANAGED = {"astro-runtime", "composer", "mwaa"}
"""Services that set the address themselves."""

SECTIONS = ("api", "webserver")
SENDERS = ("dag-processor", "scheduler", "workers")


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags each text with a link to a log that nobody has given an address."""
    for notifier in repo.analysis(Notifications).made_in(dag_file):
        for template in notifier.templates():
            if asks_for(template.text, "log_url") and repo.analysis(_has_no_address):
                section = "webserver" if repo.dependencies.series == {"2"} else "api"
                yield rule.finding(
                    template.region,
                    f"log_url leads to http://localhost:8080, as nothing here sets [{section}] base_url",
                    related=[_configured(repo)],
                    remedy=f"set [{section}] base_url to the address that people open Airflow at",
                    subject=template.field,
                )


def _has_no_address(repo: Repo) -> bool:
    """Whether Airflow is configured here and is known not to be told its own address."""
    from airwarden.deployment.effective import Deployment

    deployment = repo.analysis(Deployment)
    if not deployment.is_configured or not MANAGED.isdisjoint(repo.dependencies.images):
        return False
    if any(deployment.setting(section, "base_url") for section in SECTIONS):
        return False
    if any(map(deployment.takes_outside_variables, SENDERS)):
        return False
    return not any(deployment.may_be_set_elsewhere(section, "base_url") for section in SECTIONS)


def _configured(repo: Repo) -> Related:
    from airwarden.deployment.effective import Deployment

    deployment = repo.analysis(Deployment)
    charts = [values.path for values in deployment.values_files if values.roots]
    paths = [*charts, *(file.path for file in deployment.config_files)]
    return Related(Region(paths[0], 1, 1, 1, 1), "Airflow is configured here")
