"""A secret in the environment of a pod is read by everyone who can read the repository or list pods.

`value:` stands in git and then in the specification of each pod, where `kubectl describe` shows it. An
`AIRFLOW_CONN_*` carries a whole connection with its password; an `AIRFLOW__*` or `AIRFLOW_VAR_*` may carry a
key that opens all others. Airflow masks neither in the pod.

A Dockerfile's `ENV` and `ARG` stay in the image for everyone who may pull it; a committed compose file or
.env is read like any code. Passwords of words, `airflow` for the database of the same compose file, are for
trying things and pass there; anything that looks real is an error. What a secrets backend is given is
`secrets-backend-credential`.

Put the value into a Secret and take it from there with `valueFrom.secretKeyRef`. The official chart's own
`env` list takes no `valueFrom`: there it is `extraEnv`, or the list `secret`. For containers, keep it in an
.env that git ignores, and write `${NAME:?}`.
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.credentials.inline import InlineSecret, in_env
from airwarden.credentials.sensitive import setting_of
from airwarden.deployment.chart_values import level_of_secret
from airwarden.deployment.effective import Deployment
from airwarden.deployment.setting_secrets import SettingSecret, SettingSecrets
from airwarden.findings import Finding
from airwarden.repo import Repo
from airwarden.rule import Rule, patterns
from airwarden.values import ValuesFile, lasting

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="take it from a Secret with valueFrom.secretKeyRef, and rotate it: git keeps what was committed",
    see="https://airflow.apache.org/docs/helm-chart/stable/adding-connections-and-variables.html",
    severity=8.0,
    outranked_by="published-default-key",
    options={
        "allow": patterns(
            "Variables whose values are no secrets, though they look like some.", "DEMO_PASSWORD"
        ),
    },
)

WHAT = {
    "connection": "holds a connection with its credentials",
    "variable": "holds a secret variable of Airflow",
    "setting": "sets a sensitive option of Airflow",
    "name": "is a secret",
    "json": "holds JSON with a secret",
    "url": "holds a URL with its password",
}

CONTAINERS = "keep it out of git and of the image, and rotate it: git keeps what was committed"

PLAIN_ONLY = {("env",), ("pgbouncer", "env"), ("statsd", "env")}
"""Lists of the official chart whose schema rejects valueFrom."""


@rule.values
def check(values: ValuesFile, repo: Repo) -> Iterator[Finding]:
    """Reports each environment variable whose value is a secret."""
    for secret in in_env(values):
        if rule.lists("allow", secret.name, repo, values.path):
            continue
        message = f"{secret.name} {WHAT[secret.fault or 'name']} in plain text: {_instead(values, secret)}"
        level = level_of_secret(values, repo, secret.region)
        subject = lasting(secret.path, secret.name)
        yield rule.finding(secret.region, message, level=level, subject=subject, secret=True)


def _instead(values: ValuesFile, secret: InlineSecret) -> str:
    official = (root.path for root in values.roots if root.chart == "official")
    start = next((path for path in official if secret.path[: len(path)] == path), None)
    setting = setting_of(secret.name)
    if start is not None and setting and setting.replaced_by:
        path = ".".join((*start, setting.replaced_by))
        return f"name a Secret with the key `{setting.secret_key}` in {path} instead"
    if start is not None and secret.path[len(start) : -2] in PLAIN_ONLY:
        return "this list takes no valueFrom, so take it from a Secret in extraEnv"
    return "take it from a Secret with valueFrom.secretKeyRef"


@rule.deployment
def check_container_files(_: Deployment, repo: Repo) -> Iterator[Finding]:
    """Reports each variable of a Dockerfile, a compose file or an .env whose value is a secret."""
    for secret in repo.analysis(SettingSecrets).in_variables():
        if rule.lists("allow", secret.name, repo, secret.setting.region.path):
            continue
        message = f"{secret.name} {WHAT[secret.fault]} in plain text: {_way(secret)}"
        yield rule.finding(
            secret.setting.region,
            message,
            level=secret.level,
            subject=secret.name,
            secret=True,
            remedy=CONTAINERS,
        )


def _way(secret: SettingSecret) -> str:
    if secret.setting.place in ("image", "build"):
        return "give it to the container when it starts, not to the image"
    if secret.setting.place == "env":
        return "keep this file out of git"
    return f"write ${{{secret.name}:?}} and keep the value in a file that git ignores"
