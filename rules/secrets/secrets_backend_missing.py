"""Without a secrets backend all connections are in Airflow's own database or in the environment of its pods.

A secrets backend (Vault, AWS Secrets Manager, Google Secret Manager, Azure Key Vault, Secrets of Kubernetes)
keeps passwords where they can be rotated and where each reading is logged. Whether you need one is for you to
say, so this rule runs only where it is named.

Flagged is a deployment of which it is known that nothing names a backend for it: no file, no script, no
variables from outside. Name one:

    config:
      secrets:
        backend: airflow.providers.cncf.kubernetes.secrets.kubernetes_secrets_backend.KubernetesSecretsBackend
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.deployment.effective import Deployment
from airwarden.deployment.precedence import Deployed
from airwarden.findings import Finding, Region
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="warning",
    remedy="name a secrets backend in [secrets] backend",
    see="https://airflow.apache.org/docs/apache-airflow/stable/security/secrets/secrets-backend/index.html",
    profile="strict",
)


@rule.deployment
def check(deployment: Deployment, _: Repo) -> Iterator[Finding]:
    """Flags the first setting of each deployment that lacks a backend."""
    seen = set[Region]()
    for deployed in deployment.deployments:
        if not _lacks_one(deployed):
            continue
        first = next((each for each in deployed.settings if each.region.path == deployed.files[-1]), None)
        if first is not None and first.name_region not in seen:
            seen.add(first.name_region)
            message = f"{deployed.name} names no secrets backend"
            yield rule.finding(first.name_region, message, subject="secrets.backend")


def _lacks_one(deployed: Deployed) -> bool:
    options = (("secrets", "backend"), ("workers", "secrets_backend"))
    return all(deployed.lacks(section, option, deployed.tasks_run_in) for section, option in options)
