"""A container before the @ of an XCom path is taken for a connection, and the account for the container.

Azure writes `abfs://container@account.dfs.core.windows.net/prefix`. In a path of Airflow, what stands before
the `@` is the id of a connection, and what stands behind it is the container. Airflow looks for a connection
called like the container, and does not find it: no large XCom is written.

Flagged is an `xcom_objectstorage_path` in Azure's form, where the backend for object storage is in use.

Name the connection, which knows the account, and behind the `@` the container:

    config:
      common.io:
        xcom_objectstorage_path: abfs://wasb_default@container/xcom
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airwarden.deployment.effective import Deployment
from airwarden.deployment.xcom_storage import PATH, SECTION, XComStorage, text_of
from airwarden.findings import Finding
from airwarden.patterns import regex
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="warning",
    remedy="write abfs://<connection id>@<container>/<prefix>; the connection knows the account",
    see="https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/objectstorage.html",
    profile="recommended",
)

AZURE = regex(
    r"(?:abfss?|adl|az|wasbs?)://(?P<container>[^@/:\s]+)@[\w-]+"
    r"\.(?:dfs|blob)\.(?:core\.(?:windows\.net|chinacloudapi\.cn|usgovcloudapi\.net)|fabric\.microsoft\.com)"
    r"(?:/.*)?",
    re.IGNORECASE,
)


@rule.deployment
def check(_: Deployment, repo: Repo) -> Iterator[Finding]:
    """Flags each path in Azure's own form."""
    for _store, path in repo.analysis(XComStorage).options(PATH):
        found = AZURE.fullmatch(text_of(path) or "")
        if found:
            name, container = path.called(SECTION, PATH), found["container"]
            message = f"{name}: Airflow takes {container!r} for the id of a connection"
            yield rule.finding(path.region, message, subject=PATH)
