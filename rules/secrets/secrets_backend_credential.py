"""Whoever reads the credential of a secrets backend reads every secret that is kept in it.

A secrets backend takes passwords out of the code, and then its own token stands in `backend_kwargs`: in git,
in the ConfigMap of airflow.cfg, in the specification of every pod. `token`, `secret_id`, `client_secret`,
`gcp_keyfile_dict` and `aws_secret_access_key` open all connections at once.

Best is a backend that needs none: `auth_type: kubernetes` with a role for Vault, a role of the service
account for AWS, workload identity for Google Cloud and Azure. Else Airflow 3.2 and later take one argument
from a variable of its own, which a Secret can fill:

    - name: AIRFLOW__SECRETS__BACKEND_KWARG__SECRET_ID
      valueFrom:
        secretKeyRef: {name: airflow-vault, key: secret_id}

Before that, all of `AIRFLOW__SECRETS__BACKEND_KWARGS` comes from a Secret, or Vault gets `token_path`.
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.credentials.backends import argument_of, backend_credentials, is_for_backend
from airwarden.deployment.effective import Deployment
from airwarden.deployment.setting_secrets import SettingSecrets
from airwarden.deployment.settings import Setting
from airwarden.findings import Finding, Level
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="use an identity without a key, or take it from a Secret, and rotate what git has now",
    see="https://airflow.apache.org/docs/apache-airflow/stable/security/secrets/secrets-backend/index.html",
    severity=9.0,
)


@rule.deployment
def check(deployment: Deployment, repo: Repo) -> Iterator[Finding]:
    """Reports each setting that gives a secrets backend a credential in plain text."""
    for secret in repo.analysis(SettingSecrets).of_backends():
        yield _finding(secret.setting, secret.level)
    for setting in deployment.settings:
        if setting.place == "chart" and is_for_backend(setting.variable) and any(_names(setting)):
            yield _finding(setting, rule.level)


def _finding(setting: Setting, level: Level) -> Finding:
    section = "workers" if "__WORKERS__" in setting.variable else "secrets"
    option = setting.variable.rpartition("__")[2].lower()
    called = setting.called(section, option)
    if argument_of(setting.variable):
        message = f"{called} is a credential of the secrets backend in plain text"
    else:
        named = ", ".join(sorted({f"`{name}`" for name in _names(setting)})) or "a URL with its password"
        message = f"{called} gives the secrets backend {named} in plain text"
    return rule.finding(setting.region, message, level=level, subject=called, secret=True)


def _names(setting: Setting) -> Iterator[str]:
    text = setting.text or setting.default or ""
    return (name for name, _ in backend_credentials(setting.variable, text))
