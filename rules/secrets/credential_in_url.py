"""A user and a password in the URL of a storage are read by everyone who can read the settings.

In the paths of XCom's and the state store's object storage and in the folder for remote logs, what stands
before the `@` is the id of a connection, never a user with a password: the secret is in the repository, in
the image and in the pod, and Airflow can't even use it.

Flagged is a literal password in `xcom_objectstorage_path`, `state_store_objectstorage_path` or
`remote_base_log_folder`, whatever file sets it. A reference such as `$PASSWORD` is left alone. Where the
rules about secrets in settings run, they say it.

Revoke the secret, keep its successor in a connection, and name that:

    config:
      common.io:
        xcom_objectstorage_path: s3://aws_xcom@xcom-bucket/xcom
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.credentials.sensitive import live_password
from airwarden.deployment.effective import Deployment
from airwarden.findings import Finding
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="revoke it, keep the new one in a connection, and write only the connection's id before the @",
    see="https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/objectstorage.html",
    profile="recommended",
    severity=8.0,
    general=True,
)

OPTIONS = (
    ("common.io", "xcom_objectstorage_path"),
    ("common.io", "state_store_objectstorage_path"),
    ("logging", "remote_base_log_folder"),
)


@rule.deployment
def check(deployment: Deployment, _: Repo) -> Iterator[Finding]:
    """Flags each URL with a password in it."""
    for section, option in OPTIONS:
        for setting in deployment.setting(section, option):
            if setting.text and live_password(setting.text):
                message = f"{setting.called(section, option)} holds a URL with its password in plain text"
                yield rule.finding(setting.region, message, subject=option, secret=True)
