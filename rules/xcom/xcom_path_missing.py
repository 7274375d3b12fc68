"""A backend for object storage that has no path puts files on the worker's disk, or nothing anywhere.

`XComObjectStorageBackend` writes below `xcom_objectstorage_path`. Without it the folder is the one that the
worker happens to run in. No other pod can read there, and since the name of the file is no URL, the next task
gets that name in place of the value. Nothing fails where the mistake is.

Flagged is the backend of a deployment in which the path is empty or nothing sets it. A deployment is what
`[tool.airwarden.deployments]` says, or each values file over the `values.yaml` beside it. Nothing is flagged
where any file that may belong to the deployment sets a path, or where it may come from `extraEnvFrom`, a
script or a template.

Name the bucket, and before it the connection that leads there:

    config:
      common.io:
        xcom_objectstorage_path: s3://aws_default@xcom-bucket/xcom
        xcom_objectstorage_threshold: "1048576"
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.deployment.effective import Deployment
from airwarden.deployment.xcom_storage import PATH, SECTION, XComStorage, XComStore
from airwarden.findings import Finding, Region, Related
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="set xcom_objectstorage_path to a URL, such as s3://aws_default@bucket/xcom",
    see="https://airflow.apache.org/docs/apache-airflow-providers-common-io/stable/xcom_backend.html",
    profile="recommended",
)


@rule.deployment
def check(_: Deployment, repo: Repo) -> Iterator[Finding]:
    """Flags each backend that is known to have no path, once."""
    seen = set[Region]()
    for store in repo.analysis(XComStorage).in_object_storage:
        backend = store.backend
        fault = _fault(store) if backend is not None and backend.region not in seen else ""
        if backend is not None and fault:
            seen.add(backend.region)
            yield rule.finding(
                backend.region,
                f"{backend.called('core', 'xcom_backend')} has no place to write to: {fault}",
                related=[Related(store.path.name_region, "the path is empty")] if store.path else (),
                subject="xcom_backend",
            )


def _fault(store: XComStore) -> str:
    """Why there is no path; empty where there is one, or may be."""
    if store.path is None:
        return f"nothing sets {PATH}" if store.lacks(PATH) else ""
    is_empty = store.path.text is not None and not store.path.text.strip()
    return f"{store.path.called(SECTION, PATH)} is empty" if is_empty else ""
