"""The key is known to everyone: it was published, and it opens every connection or session here.

The User-Community's chart has a Fernet key and a web secret as defaults, Airflow 1 wrote `temporary_key` into
its airflow.cfg, and public compose files and tutorials of Airflow have been copied together with their keys.
Whoever knows the Fernet key reads all
connections from a copy of the database; whoever knows the secret of sessions or tokens makes a login of
their own.

Make a new key, keep it in a Secret, and take it from there. With a new Fernet key, rotate what was
encrypted with the old one: `airflow rotate-fernet-key`. In compose files and files of variables it is a
warning, as long as nothing in their names says production, and so is a key that a variable only falls back
to, or one in a file whose name says that it is an example or for development.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airwarden.chart_secrets import where_published
from airwarden.deployment.chart_values import is_model
from airwarden.deployment.effective import Deployment
from airwarden.deployment.settings import Setting
from airwarden.findings import Finding, Level
from airwarden.patterns import regex
from airwarden.repo import Repo
from airwarden.rule import Rule
from airwarden.values import ValuesFile

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="make a new key, keep it in a Secret, and rotate what the old one encrypted",
    see="https://airflow.apache.org/docs/apache-airflow/stable/security/secrets/fernet.html",
    profile="core",
    severity=9.0,
)

DEFAULT = regex(r"\$\{\w+:?[-=](?P<value>[^${}]*)\}")
"""A variable of a compose file with what holds where it is not set."""

FOR_TRIAL = regex(
    r"(?:.*[^a-z])?(?:ci|demo|dev|development|examples?|local|samples?|sandbox|templates?|tests?|tutorials?)"
    r"(?:[^a-z].*)?",
    re.IGNORECASE,
)
IN_PRODUCTION = regex(r"(?:.*[^a-z])?(?:prd|prod|production)(?:[^a-z].*)?", re.IGNORECASE)


@rule.values
def check_values(values: ValuesFile, repo: Repo) -> Iterator[Finding]:
    """Looks at every text of the values."""
    level: Level | None = "warning" if is_model(values, repo) else None
    texts = {item.region: (item.name, item.text) for item in values.env_items()}
    texts |= {entry.region: (entry.dotted, entry.text) for entry in values.entries()}
    for region, (name, text) in texts.items():
        origin = where_published(text) if text else None
        if origin:
            yield rule.finding(region, _message(name, origin), level=level, subject=name, secret=True)


@rule.deployment
def check_settings(deployment: Deployment, repo: Repo) -> Iterator[Finding]:
    """Looks at what airflow.cfg, Dockerfiles, compose files and files of variables set."""
    for setting in deployment.settings:
        origin = where_published(_text(setting, repo)) if setting.place != "chart" else None
        if origin:
            option = setting.variable.rpartition("__")[2].lower()
            called = setting.called(setting.section, option)
            message = _message(called, origin, "is" if setting.text else "falls back to")
            level = _level(setting)
            yield rule.finding(setting.region, message, level=level, subject=setting.variable, secret=True)


def _level(setting: Setting) -> Level:
    """An error where the key is surely in use, as the kind of the file and its name tell."""
    path = setting.region.path
    if setting.text is None or FOR_TRIAL.fullmatch(path):
        return "warning"
    return "error" if setting.place not in ("compose", "env") or IN_PRODUCTION.fullmatch(path) else "warning"


def _message(name: str, origin: str, how: str = "is") -> str:
    return f"{name} {how} a published key: {origin}"


def _text(setting: Setting, repo: Repo) -> str:
    """The text of a setting; of a variable with a default, this."""
    if setting.text is not None:
        return setting.text
    source, region = repo.source(setting.region.path), setting.region
    start, end = (
        source.offset(region.line, region.column),
        source.offset(region.end_line, region.end_column),
    )
    found = DEFAULT.search(source.text[start:end])
    return found["value"] if found else ""
