"""XComs on a worker's own disk can't be read by the next task, which runs in another pod.

With `file://` the backend for object storage writes into the pod that the task runs in. On Kubernetes the
next task runs elsewhere and gets the name of the file in place of the value, and the files are gone with the
pod. A path without any scheme is worse: nothing that was written there is ever read back, not even on the
same disk.

Flagged is an `xcom_objectstorage_path` with `file://` or `local://` in a deployment by a chart, unless the
values mount a volume there, and one without a scheme anywhere; both where the backend for object storage is
in use.

Write to a bucket that all pods reach:

    config:
      common.io:
        xcom_objectstorage_path: s3://aws_default@xcom-bucket/xcom
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.deployment.effective import Deployment
from airwarden.deployment.xcom_storage import PATH, SECTION, XComStorage, XComStore, text_of
from airwarden.findings import Finding
from airwarden.patterns import regex
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="warning",
    remedy="set the URL of a bucket that all pods reach, such as s3://aws_default@bucket/xcom",
    see="https://airflow.apache.org/docs/apache-airflow-providers-common-io/stable/xcom_backend.html",
    profile="recommended",
)

MOUNTED = regex(r"""\bmountPath["']?:[ \t]*["']?(?P<path>/[^\s"',}]*)""")
LOGS = "/opt/airflow/logs"
"""Where the chart puts its own volume for logs."""


@rule.deployment
def check(deployment: Deployment, repo: Repo) -> Iterator[Finding]:
    """Flags each path that leads to a disk."""
    for store, path in repo.analysis(XComStorage).options(PATH):
        text = text_of(path) or ""
        if not store.is_local:
            continue
        if "://" not in text:
            fault = "has no scheme, so nothing that is written there is read back"
        elif store.deployed.is_chart and not _is_mounted(text, store, deployment):
            fault = "leads to the disk of one pod, where the next task does not run"
        else:
            continue
        yield rule.finding(path.region, f"{path.called(SECTION, PATH)} {fault}", subject=PATH)


def _is_mounted(url: str, store: XComStore, deployment: Deployment) -> bool:
    """Whether the values mount a volume where a URL leads, which other pods may have, too."""
    path = url.partition("://")[2]
    layers = (each for each in deployment.values_files if each.path in store.deployed.files)
    mounted = [LOGS, *(found["path"] for each in layers for found in MOUNTED.finditer(each.source.text))]
    return any(f"{path}/".startswith(f"{folder.rstrip('/')}/") for folder in mounted)
