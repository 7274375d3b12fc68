"""The chart refuses to render: Redis gets its password from a Secret, and nobody knows the broker's URL.

With `redis.passwordSecretName` the official chart can't write the URL with the password in it any more. So
it demands `data.brokerUrlSecretName`, a Secret whose key `connection` holds the whole URL, or
`AIRFLOW__CELERY__BROKER_URL_CMD` in the list `env`; it does not look into `extraEnv`. It does so where
tasks run with Celery and the chart's own Redis is on, and both are the default.

Name the second Secret:

    redis:
      passwordSecretName: airflow-redis          # key: password
    data:
      brokerUrlSecretName: airflow-broker        # key: connection, redis://:<password>@<release>-redis:6379/0
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.deployment.chart_values import ChartRelease, ChartReleases
from airwarden.findings import Finding
from airwarden.repo import Repo
from airwarden.rule import Rule
from airwarden.values import ValuesFile
from airwarden.yaml_tree import Scalar

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="name a Secret with the whole URL of the broker in data.brokerUrlSecretName",
    see="https://airflow.apache.org/docs/helm-chart/stable/production-guide.html",
    applies_to="official chart",
    profile="recommended",
    severity=4.0,
)

PASSWORD = "redis.passwordSecretName"
COMMAND = "AIRFLOW__CELERY__BROKER_URL_CMD"


@rule.values
def check(values: ValuesFile, repo: Repo) -> Iterator[Finding]:
    """Flags the Secret of Redis where the broker's is missing."""
    for release in repo.analysis(ChartReleases).of(values):
        entry = release.entry(PASSWORD) if release.chart == "official" else None
        if entry is None or entry.source is not values.source or not release.is_set(PASSWORD):
            continue
        if release.deployed is not None and _is_refused(release):
            message = f"the chart fails: {PASSWORD} needs data.brokerUrlSecretName beside it"
            yield rule.finding(entry.key_region or entry.region, message, subject=entry.dotted)


def _is_refused(release: ChartRelease) -> bool:
    if release.uses_celery is not True or release.is_on("redis.enabled", True) is not True:
        return False
    return release.lacks("data.brokerUrlSecretName") and not _has_command(release)


def _has_command(release: ChartRelease) -> bool:
    """Whether the list `env` has the command, or a text in its place may have it."""
    listed = release.entry("env")
    if listed is not None and isinstance(listed.node, Scalar) and listed.node.kind != "null":
        return True
    return release.may_hold(COMMAND)
