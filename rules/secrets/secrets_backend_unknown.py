"""A secrets backend that does not exist takes Airflow down: no component can start.

Airflow imports the class that `[secrets] backend` names when it starts. A misspelt class, a moved module or
`airflow.contrib.secrets`, which Airflow 3 has no more, ends in an `AirflowConfigException`.

Flagged is a path in Airflow's own packages that is a near miss of a known backend, or lies in a provider
whose backends are all known and is none of them. A backend of your own is fine, in a module of the repository
or in a package of its own.

Write the whole path:

    config:
      secrets:
        backend: airflow.providers.hashicorp.secrets.vault.VaultBackend
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from airwarden.credentials.backends import backend_classes
from airwarden.deployment.effective import Deployment
from airwarden.deployment.secrets_backends import OPTIONS
from airwarden.deployment.settings import Setting
from airwarden.edits import with_text
from airwarden.findings import Finding, Fix
from airwarden.patterns import regex
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="write the whole path of the class as its provider has it",
    see="https://airflow.apache.org/docs/apache-airflow-providers/core-extensions/secrets-backends.html",
    profile="recommended",
)

CLASS = regex(r"[A-Za-z_][\w.]*")
CONTRIB = "airflow.contrib."
RIGHT = frozenset(
    {
        "airflow.providers.google.cloud.secrets.secrets_manager.CloudSecretsManagerBackend",
        "airflow.providers.microsoft.azure.secrets.azure_key_vault.AzureKeyVaultBackend",
        "airflow.sdk.execution_time.secrets.execution_api.ExecutionAPISecretsBackend",
        "airflow.secrets.environment_variables.EnvironmentVariablesBackend",
        "airflow.secrets.metastore.MetastoreBackend",
    }
)
"""Classes that Airflow brings without being told, and those that old versions of providers had."""
PROVIDERS = (
    "airflow.providers.akeyless.",
    "airflow.providers.amazon.",
    "airflow.providers.cncf.kubernetes.",
    "airflow.providers.google.",
    "airflow.providers.hashicorp.",
    "airflow.providers.microsoft.azure.",
    "airflow.providers.yandex.",
)
LIKE = 0.8
SURE = 0.9


@rule.deployment
def check(deployment: Deployment, repo: Repo) -> Iterator[Finding]:
    """Flags each path that leads to no class."""
    for section, (option, _) in OPTIONS.items():
        for setting in deployment.setting(section, option):
            name = (setting.text or "").strip()
            if CLASS.fullmatch(name) and _is_wrong(name, setting.region.path, repo):
                near = difflib.get_close_matches(name, sorted(backend_classes()), 1, 0.6)
                meant = f" ({near[0]} is meant?)" if near else ""
                message = f"{setting.called(section, option)}: Airflow has no secrets backend {name!r}{meant}"
                fix = _fix(name, near, setting, repo)
                yield rule.finding(setting.region, message, fix=fix, subject=option)


def _fix(name: str, near: list[str], setting: Setting, repo: Repo) -> Fix | None:
    """The backend that is surely meant in the place of the one that does not exist."""
    if not near or difflib.SequenceMatcher(None, name, near[0]).ratio() < SURE:
        return None
    edit = with_text(repo.source(setting.region.path), setting.region, name, near[0])
    return Fix(f"write {near[0]}", (edit,)) if edit else None


def _is_wrong(name: str, path: str, repo: Repo) -> bool:
    if name in backend_classes() or name in RIGHT:
        return False
    if name.startswith(CONTRIB):
        return repo.dependencies.series == {"3"}
    module = name.rpartition(".")[0]
    if module and repo.module(module, path) is not None:
        return False
    if name.startswith(PROVIDERS):
        return True
    is_airflows = name.startswith("airflow.") or "." not in name
    known = [each if "." in name else each.rpartition(".")[2] for each in backend_classes()]
    return is_airflows and bool(difflib.get_close_matches(name, known, 1, LIKE))
