"""Every upgrade logs all users out and fails the tasks that run: the chart makes new keys each time.

Where the values give the official chart neither `jwtSecretName` nor `jwtSecret`, it draws the key that
signs the tokens of tasks anew each time it renders, and so it does for `apiSecretKeySecretName` and the
key of sessions. After `helm upgrade`, and after each sync of Argo CD, tasks that run hold tokens which the
API server no longer takes, and they fail.

Flagged are the values of a whole deployment of Airflow 3 in which nothing gives these keys: no value, no
variable, no other values file of the repository. Where the version is known from dependency files alone,
or the database still has its published password, it is a warning.

Create both Secrets once, outside of the repository, and name them:

    jwtSecretName: airflow-jwt                    # key: jwt-secret
    apiSecretKeySecretName: airflow-api           # key: api-secret-key
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.deployment.chart_values import ChartRelease, ChartReleases
from airwarden.findings import Finding, Level
from airwarden.repo import Repo
from airwarden.rule import Rule
from airwarden.values import Entry, ValuesFile

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="name Secrets of your own in jwtSecretName and apiSecretKeySecretName",
    see="https://airflow.apache.org/docs/helm-chart/stable/production-guide.html",
    applies_to="Airflow 3, official chart",
    profile="recommended",
    severity=3.0,
)

KEYS = {
    "jwtSecretName": ("jwtSecret", "AIRFLOW__API_AUTH__JWT_SECRET"),
    "apiSecretKeySecretName": ("apiSecretKey", "AIRFLOW__API__SECRET_KEY"),
}
"""The name of each Secret, with the key that takes the secret itself and the variable that sets it."""

PASSWORD = "data.metadataConnection.pass"
AS_COPIED = "postgres"
"""What a copy of the chart's own values has, which serves to try things until somebody edits it."""

PLACES = ("airflowVersion", "defaultAirflowTag", "images.airflow.tag", "executor", "images", "apiServer")
"""Where a deployment is reported, the first that its values have."""


@rule.values
def check(values: ValuesFile, repo: Repo) -> Iterator[Finding]:
    """Reports each whole deployment once."""
    for release in repo.analysis(ChartReleases).of(values):
        entry = _place(release)
        if entry is None or entry.source is not values.source or not _is_airflow_3(release):
            continue
        missing = [name for name, ways in KEYS.items() if _is_made(release, name, *ways)]
        if missing:
            message = f"no {' and no '.join(missing)}: the chart makes a new key each time it renders"
            is_sure = release.told_airflow and release.text(PASSWORD) != AS_COPIED
            level: Level | None = None if is_sure else "warning"
            region = entry.key_region or entry.region
            yield rule.finding(region, message, level=level, subject=entry.dotted)


def _is_airflow_3(release: ChartRelease) -> bool:
    is_whole = release.chart == "official" and release.is_whole and release.airflow == "3"
    return is_whole and release.is_on("apiServer.enabled", True) is True


def _place(release: ChartRelease) -> Entry | None:
    return next((entry for path in PLACES if (entry := release.entry(path))), None)


def _is_made(release: ChartRelease, name: str, value: str, variable: str) -> bool:
    """Whether it is known that the chart makes a key itself."""
    if not release.lacks(name, value):
        return False
    return not release.may_set(variable, f"{variable}_CMD", f"{variable}_SECRET")
