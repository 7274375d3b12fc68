"""A secret among the options of airflow.cfg lands in a ConfigMap, which nobody guards.

The official chart writes `config:` into airflow.cfg and keeps that file in a ConfigMap; the repository has it
before that. Airflow itself calls options such as `[core] fernet_key` or `[database] sql_alchemy_conn`
sensitive and hides them from its own user interface. Others, such as `[elasticsearch] host`, are secret when
they hold a URL with a password.

An airflow.cfg is in the image or on a shared disk as well. There a password such as `airflow` for a database
next door, as Airflow's own examples have it, is a note; anything else is an error. What a secrets backend is
given is `secrets-backend-credential`.

Take the option from a Secret: at the chart's own path where there is one, else through its environment
variable with `valueFrom.secretKeyRef`. In an airflow.cfg, `<option>_cmd` names a command that prints it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from airwarden.credentials.inline import InlineSecret, in_config
from airwarden.credentials.sensitive import Fault, setting_of
from airwarden.deployment.chart_values import level_of_secret
from airwarden.deployment.effective import Deployment
from airwarden.deployment.setting_secrets import SettingSecrets
from airwarden.findings import Finding
from airwarden.repo import Repo
from airwarden.rule import Rule

if TYPE_CHECKING:
    from airwarden.values import ValuesFile

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="take the option from a Secret, and rotate it: git keeps what was committed",
    see="https://airflow.apache.org/docs/apache-airflow/stable/howto/set-config.html",
    severity=8.0,
    outranked_by="published-default-key",
)


@rule.values
def check(values: ValuesFile, repo: Repo) -> Iterator[Finding]:
    """Reports each option whose value is a secret."""
    for secret in in_config(values):
        what = _what(secret.fault, secret.name)
        message = f"{secret.dotted} holds {what} in plain text: {_instead(values, secret)}"
        level = level_of_secret(values, repo, secret.region)
        yield rule.finding(secret.region, message, level=level, subject=secret.dotted, secret=True)


def _what(fault: Fault | None, name: str) -> str:
    setting = setting_of(name)
    is_url = fault == "url" or (setting is not None and setting.form == "url")
    return "a URL with its password" if is_url else "a secret"


def _instead(values: ValuesFile, secret: InlineSecret) -> str:
    setting = setting_of(secret.name)
    start = next((root.path for root in values.roots if secret.path[:-2] == (*root.path, "config")), None)
    if setting is None or start is None or not setting.replaced_by:
        return f"set {secret.name} from a Secret with valueFrom.secretKeyRef"
    path = ".".join((*start, setting.replaced_by))
    return f"name a Secret with the key `{setting.secret_key}` in {path}"


@rule.deployment
def check_config(_: Deployment, repo: Repo) -> Iterator[Finding]:
    """Reports each option of an airflow.cfg whose value is a secret."""
    for secret in repo.analysis(SettingSecrets).in_config():
        section, key = secret.setting.section, secret.name.rpartition("__")[2].lower()
        what = _what(secret.fault, secret.name)
        way = f"set {key}_cmd, or {secret.name} from outside" if setting_of(secret.name) else ""
        message = f"[{section}] {key} holds {what} in plain text: {way or f'set {secret.name} from outside'}"
        subject = f"[{section}] {key}"
        yield rule.finding(secret.setting.region, message, level=secret.level, subject=subject, secret=True)
