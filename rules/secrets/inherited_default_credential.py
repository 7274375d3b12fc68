"""Whoever has read the chart can log in: the values leave a published password in use.

The charts have credentials of their own for what is not set: `admin` with the password `admin` for the
first user, `postgres` for the database, in the User-Community's chart also a Fernet key. Nothing of that
stands in the values, so nobody sees it there.

Flagged is what the values themselves show to be in use: a first user with a name and no password,
`postgresql.enabled: true` without a password, a database of your own at `data.metadataConnection.host`
without one, and values of a whole deployment with the User-Community's chart that set neither users nor a
Fernet key.

Name a Secret, or switch off what you don't use: `createUserJob.defaultUser.enabled: false`,
`postgresql.enabled: false`, `airflow.users: []`.
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.deployment.chart_values import ChartRelease, ChartReleases
from airwarden.findings import Finding
from airwarden.repo import Repo
from airwarden.rule import Rule
from airwarden.values import ValuesFile
from airwarden.yaml_tree import Mapping

rule = Rule(
    __name__,
    help=__doc__,
    level="warning",
    remedy="name a Secret for it, or switch off what you don't use",
    see="https://airflow.apache.org/docs/helm-chart/stable/production-guide.html",
    profile="recommended",
    severity=7.0,
)

USER = "createUserJob.defaultUser"
DATABASE_PASSWORDS = (
    "postgresql.auth.postgresPassword",
    "postgresql.auth.password",
    "postgresql.auth.existingSecret",
    "postgresql.existingSecret",
    "postgresql.postgresqlPassword",
    "postgresql.global",
    "global.postgresql",
)


@rule.values
def check(values: ValuesFile, repo: Repo) -> Iterator[Finding]:
    """Looks at each release that the values belong to."""
    for release in repo.analysis(ChartReleases).of(values):
        if release.deployed is None:
            continue
        found = _of_official(release) if release.chart == "official" else _of_community(release)
        for path, message in found:
            entry = release.entry(path)
            if entry is not None and entry.source is values.source:
                yield rule.finding(entry.key_region or entry.region, message, subject=entry.dotted)


def _of_official(release: ChartRelease) -> Iterator[tuple[str, str]]:
    """The paths that show a default to be in use, each with what to say."""
    if _has_default_user(release):
        yield USER, "the first user has the chart's published password, admin"
    if release.is_on("postgresql.enabled", False) is True and release.lacks(*DATABASE_PASSWORDS):
        yield "postgresql.enabled", "the chart's PostgreSQL has its published password, postgres"
    has_host = bool(release.text("data.metadataConnection.host"))
    if has_host and release.lacks("data.metadataConnection.pass", "data.metadataSecretName"):
        message = "without a password, or a Secret for it, the chart takes its published default, postgres"
        yield "data.metadataConnection.host", message


def _has_default_user(release: ChartRelease) -> bool:
    """Whether the values speak of the first user and give no password, and the job that makes it runs."""
    entry = release.entry(USER)
    if entry is None or not isinstance(entry.node, Mapping) or not entry.node.own:
        return False
    switches = (f"{USER}.enabled", "createUserJob.enabled")
    if any(release.is_on(path, True) is not True for path in switches):
        return False
    if release.is_set("createUserJob.args") or release.is_set("createUserJob.command"):
        return False
    manager = release.text("config.core.auth_manager") or "FabAuthManager"
    own = ("webserver.defaultUser", "config.core.auth_manager")
    is_fab = manager.endswith("FabAuthManager") and not any(release.is_set(path) for path in own[:1])
    return is_fab and release.entry(f"{USER}.password") is None and release.lacks(f"{USER}.password")


def _of_community(release: ChartRelease) -> Iterator[tuple[str, str]]:
    if not release.is_whole:
        return
    has_users = release.airflow != "1"
    if has_users and release.entry("airflow.users") is None and release.lacks("airflow.users"):
        yield "airflow", "without airflow.users the chart makes the user admin with the password admin"
    is_left = release.entry("airflow.fernetKey") is None and release.lacks("airflow.fernetKey")
    name = "AIRFLOW__CORE__FERNET_KEY"
    if is_left and not release.may_set(name, f"{name}_CMD", f"{name}_SECRET"):
        yield "airflow", "without airflow.fernetKey the chart takes the one that is published in it"
