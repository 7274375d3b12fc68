"""A secret that is printed or logged stands in the task's log, for everyone who may read logs.

Logs are shown in the UI, kept in a bucket for months and shipped to other systems. Airflow masks some of what
goes through them, and only while a task runs: the password and the extra of a connection that was asked for,
and Variables whose names say that they are secret. It does not know environment variables, secrets from a
client's `get_secret_value`, other names, and nothing that was changed: cut, quoted in `get_uri()`, encoded in
base64. It lets values of less than five characters pass, and all of them where `mask_secrets_in_logs` is off,
in a pod or another process that asks for the connection itself, and in a file that is printed to.

Flagged is `print`, a logger's method or `echo` that is given a secret in full: `conn.password`, `get_uri()`,
`Variable.get("api_key")`, `os.environ["DB_PASSWORD"]`, the whole of `os.environ`, a variable whose name says
that it is one. The message says so where Airflow would mask it. A value that the file gives to `mask_secret`
is left alone.

Log that there is a secret, or whose it is, never the secret:

    log.info("connecting to %s as %s", conn.host, conn.login)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from airwarden.logged_secrets import LoggedSecret, logged_secrets
from airwarden.rule import Rule, patterns

if TYPE_CHECKING:
    from airwarden.dag import DagFile
    from airwarden.findings import Finding
    from airwarden.repo import Repo

rule = Rule(
    __name__,
    help=__doc__,
    level="warning",
    remedy="log the connection's id or host instead, or give the value to mask_secret() first",
    see="https://airflow.apache.org/docs/apache-airflow/stable/security/secrets/mask-sensitive-values.html",
    profile="recommended",
    severity=6.0,
    options={
        "allow": patterns("What may be logged, as the message names it.", "session_token"),
    },
)

_WHY = {
    "connection": "Airflow does not mask this field of an extra",
    "uri": "Airflow does not mask a password that is quoted in a URI",
    "variable": "Airflow does not mask Variables of such a name",
    "environment": "Airflow does not mask environment variables",
    "store": "Airflow does not mask what it did not fetch itself",
    "name": "Airflow masks it only where it fetched it itself",
    "everything": "Airflow's own passwords and keys are in it, and nothing masks them",
}


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags each secret at the expression that is logged."""
    secrets = [
        found
        for found in logged_secrets(dag_file)
        if not rule.lists("allow", found.name, repo, dag_file.path)
    ]
    dag_file.locate([found.node for found in secrets])
    for found in secrets:
        yield rule.finding(
            dag_file.region(found.node),
            f"{found.name} is written to the log: {_why(found)}",
            subject=found.name,
        )


def _why(found: LoggedSecret) -> str:
    if found.is_masked:
        return "Airflow masks it there while a task runs, and nowhere else"
    return _WHY[found.source]
