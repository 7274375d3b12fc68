"""The database's password is copied into two more Secrets, though one of your own is named for it.

With `data.metadataSecretName` Airflow takes its connection from your Secret. PgBouncer does not: the
official chart writes its `users.txt` and the address for its statistics from `data.metadataConnection`,
the password with them, unless `pgbouncer.configSecretName` and
`pgbouncer.metricsExporterSidecar.statsSecretName` name Secrets for these too. A password that is left to
the chart is the published `postgres`.

Name both Secrets, and take `pass` out of the values:

    pgbouncer:
      enabled: true
      configSecretName: airflow-pgbouncer        # keys: pgbouncer.ini, users.txt
      metricsExporterSidecar:
        statsSecretName: airflow-pgbouncer-stats # key: connection
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.credentials.sensitive import is_plain_secret
from airwarden.deployment.chart_values import ChartRelease, ChartReleases
from airwarden.findings import Finding
from airwarden.repo import Repo
from airwarden.rule import Rule
from airwarden.values import ValuesFile

rule = Rule(
    __name__,
    help=__doc__,
    level="warning",
    remedy="name Secrets in pgbouncer.configSecretName and pgbouncer.metricsExporterSidecar.statsSecretName",
    see="https://airflow.apache.org/docs/helm-chart/stable/production-guide.html",
    applies_to="official chart",
    profile="recommended",
    severity=5.0,
)

OWN = ("pgbouncer.configSecretName", "pgbouncer.metricsExporterSidecar.statsSecretName")
PASSWORD = "data.metadataConnection.pass"


@rule.values
def check(values: ValuesFile, repo: Repo) -> Iterator[Finding]:
    """Flags the name of the database's Secret where PgBouncer does not heed it."""
    for release in repo.analysis(ChartReleases).of(values):
        entry = release.entry("data.metadataSecretName") if release.chart == "official" else None
        if (
            entry is None
            or entry.source is not values.source
            or not release.is_set("data.metadataSecretName")
        ):
            continue
        missing = [path for path in OWN if release.lacks(path)]
        what = _password(release)
        if missing and what and release.is_on("pgbouncer.enabled", False) is True:
            message = f"PgBouncer does not use this Secret: without {' and '.join(missing)} it gets {what}"
            yield rule.finding(entry.key_region or entry.region, message, subject=entry.dotted)


def _password(release: ChartRelease) -> str:
    """What PgBouncer is given for a password; empty where that is none, or can't be known."""
    if release.entry(PASSWORD) is None:
        is_left = release.deployed is not None and release.lacks(PASSWORD)
        return "the published default password" if is_left else ""
    text = release.text(PASSWORD) or ""
    return f"a copy of {PASSWORD}" if is_plain_secret(text) else ""
