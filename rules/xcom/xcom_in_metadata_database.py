"""Without a backend of its own, every XCom is a row of the metadata database, however large it is.

Airflow's default keeps XComs in the metadata database, where a large one slows the scheduler, the user
interface and every backup. `XComObjectStorageBackend` takes what is larger than a threshold to a bucket, and
leaves small values where they are.

This rule runs only where the settings name it. Flagged is a deployment by a chart or an airflow.cfg in which
nothing sets `xcom_backend`, or to Airflow's default. Nothing is flagged where it may come from
`extraEnvFrom`, a script or a template.

Set backend, path and threshold:

    config:
      core:
        xcom_backend: airflow.providers.common.io.xcom.backend.XComObjectStorageBackend
      common.io:
        xcom_objectstorage_path: s3://aws_default@xcom-bucket/xcom
        xcom_objectstorage_threshold: "1048576"
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.deployment.effective import Deployment
from airwarden.deployment.xcom_storage import XComStorage, XComStore
from airwarden.findings import Finding, Region
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="note",
    remedy="set xcom_backend to XComObjectStorageBackend, with a path and a threshold",
    see="https://airflow.apache.org/docs/apache-airflow-providers-common-io/stable/xcom_backend.html",
    profile="strict",
)


@rule.deployment
def check(deployment: Deployment, repo: Repo) -> Iterator[Finding]:
    """Flags each deployment that keeps all XComs in the metadata database."""
    configured = {each.path for each in deployment.values_files}
    configured |= {each.path for each in deployment.config_files}
    seen = set[Region]()
    for store in repo.analysis(XComStorage).stores:
        region = _region(store, configured, deployment)
        if region is not None and region not in seen and store.is_database:
            seen.add(region)
            message = "all XComs of this deployment stay in the metadata database"
            yield rule.finding(region, message, subject="xcom_backend")


def _region(store: XComStore, configured: set[str], deployment: Deployment) -> Region | None:
    """The backend, or the top of the last file of the deployment that configures Airflow; None for none."""
    if store.backend is not None:
        return store.backend.region
    files = (
        path for path in reversed(store.deployed.files) if path in configured and deployment.set_in(path)
    )
    return next((Region(path, 1, 1, 1, 1) for path in files), None)
