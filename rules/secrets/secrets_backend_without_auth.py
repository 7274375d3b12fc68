"""A Vault backend that has no way to log in takes Airflow down when it looks for its first secret.

`auth_type` of the Vault backend is `token` unless something else is said, and then it wants `token`,
`token_path` or the variable `VAULT_TOKEN`. Without them it raises `VaultError`. So does every other way to
log in without what it needs: `kubernetes` wants `kubernetes_role`, `approle` wants `role_id`.

Flagged is a backend whose arguments are all known, where no file speaks of a variable that could bring the
rest. On Kubernetes this needs no key at all:

    backend_kwargs: >-
      {"url": "https://vault.example.org:8200", "auth_type": "kubernetes", "kubernetes_role": "airflow"}
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.deployment.effective import Deployment
from airwarden.deployment.secrets_backends import SecretsBackend, SecretsBackends
from airwarden.findings import Finding, Region
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="set auth_type to kubernetes with a kubernetes_role, or bring what the way to log in needs",
    see="https://airflow.apache.org/docs/apache-airflow-providers-hashicorp/stable/secrets-backends/hashicorp-vault.html",
    profile="recommended",
)

VAULT = "airflow.providers.hashicorp.secrets.vault.VaultBackend"
NEEDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "approle": (("role_id",),),
    "aws_iam": (),
    "azure": (("azure_resource",), ("azure_tenant_id",)),
    "gcp": (("gcp_scopes",),),
    "github": (("token", "token_path"),),
    "jwt": (("jwt_role",), ("jwt_token", "jwt_token_path")),
    "kubernetes": (("kubernetes_role",),),
    "ldap": (),
    "radius": (("radius_host",), ("radius_secret",)),
    "token": (("token", "token_path"),),
    "userpass": (),
}
"""What each way to log in needs: one of each group. Source: the client of the provider hashicorp 4.8."""
FROM_OUTSIDE = ("VAULT_TOKEN", "BACKEND_KWARG__")


@rule.deployment
def check(deployment: Deployment, repo: Repo) -> Iterator[Finding]:
    """Flags each Vault backend that lacks what its way to log in needs."""
    seen = set[Region]()
    for backend in repo.analysis(SecretsBackends).found:
        region = (backend.kwargs or backend.backend).region
        fault = _fault(backend) if backend.name == VAULT and region not in seen else None
        if fault and not _may_come_from_outside(backend, deployment):
            seen.add(region)
            yield rule.finding(region, f"the Vault backend {fault}", subject="backend_kwargs", secret=True)


def _fault(backend: SecretsBackend) -> str | None:
    arguments = backend.arguments
    if arguments is None:
        return None
    way = arguments.get("auth_type", "token")
    if not isinstance(way, str) or way not in NEEDS:
        return f"knows no auth_type {way!r}" if isinstance(way, str) and way.isidentifier() else None
    given = {name for name, value in arguments.items() if value} | backend.given_alone
    missing = next((group for group in NEEDS[way] if given.isdisjoint(group)), None)
    if missing is None:
        return None
    default = "" if "auth_type" in arguments else ", the default,"
    return f"has no {' or '.join(missing)}, which auth_type {way}{default} needs"


def _may_come_from_outside(backend: SecretsBackend, deployment: Deployment) -> bool:
    if deployment.takes_outside_variables(backend.deployed.tasks_run_in):
        return True
    return bool(backend.deployed.outside) or any(map(deployment.is_spoken_of, FROM_OUTSIDE))
