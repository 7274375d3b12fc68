"""A variable is taken from all pods and nothing takes its place: Airflow runs with a default, or not at all.

`enableBuiltInSecretEnvVars.<VARIABLE>: false` keeps the official chart from giving the variable to its
pods, also where a key of the chart names the Secret for it. Without `AIRFLOW__DATABASE__SQL_ALCHEMY_CONN`
every pod has a database of its own; without `AIRFLOW__CORE__FERNET_KEY` each makes a key of its own, and
no pod can read the connections that another one wrote.

Flagged is a variable that is switched off where nothing in the repository sets it again: no `env`,
`extraEnv` or `secret`, no `_CMD` or `_SECRET`, no option in `config`, no Dockerfile, no script. Where
variables come from a whole Secret or ConfigMap, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.chart_secrets import built_ins
from airwarden.deployment.chart_values import ChartRelease, ChartReleases
from airwarden.findings import Finding
from airwarden.repo import Repo
from airwarden.rule import Rule
from airwarden.values import ValuesFile

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="set the variable from a Secret in extraEnv or in the list `secret`, or leave the chart's own on",
    see="https://airflow.apache.org/docs/helm-chart/stable/production-guide.html",
    applies_to="official chart",
    profile="recommended",
    severity=4.0,
)

SWITCHES = "enableBuiltInSecretEnvVars"
ALSO_SET_BY = {
    "AIRFLOW__API__SECRET_KEY": ("AIRFLOW__WEBSERVER__SECRET_KEY",),
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": ("AIRFLOW__CORE__SQL_ALCHEMY_CONN",),
}
"""What Airflow takes in the place of a variable that is not there: its former name."""


@rule.values
def check(values: ValuesFile, repo: Repo) -> Iterator[Finding]:
    """Looks at each variable that is switched off in these values."""
    for release in repo.analysis(ChartReleases).of(values):
        for name in built_ins() if release.chart == "official" else ():
            entry = release.entry(f"{SWITCHES}.{name}")
            if entry is None or entry.source is not values.source or not _is_missed(release, name):
                continue
            if release.is_on(f"{SWITCHES}.{name}", True) is False and not release.may_set(*_ways(name)):
                message = f"{name} is switched off, and nothing else sets it"
                yield rule.finding(entry.key_region or entry.region, message, subject=name)


def _ways(name: str) -> list[str]:
    names = (name, *ALSO_SET_BY.get(name, ()))
    return [f"{each}{ending}" for each in names for ending in ("", "_CMD", "_SECRET")]


def _is_missed(release: ChartRelease, name: str) -> bool:
    """Whether Airflow can't do without a variable in this release."""
    if name == "AIRFLOW__CORE__FERNET_KEY":
        return True
    if name == "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN":
        former = f"{SWITCHES}.AIRFLOW__CORE__SQL_ALCHEMY_CONN"
        is_gone = release.version is not None and release.version >= (1, 20, 0)
        return is_gone or release.is_on(former, True) is False
    if name == "AIRFLOW__CELERY__BROKER_URL":
        return release.uses_celery is True
    if name in ("AIRFLOW__API__SECRET_KEY", "AIRFLOW__API_AUTH__JWT_SECRET"):
        return release.airflow == "3"
    return name == "AIRFLOW__WEBSERVER__SECRET_KEY" and release.airflow == "2"
