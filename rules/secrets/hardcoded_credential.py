"""A credential written into a DAG is known to everyone who can read the code, and stays so in its history.

DAG files are in git, in the image and in the git-sync volume of every Airflow pod, and Airflow shows their
code in its UI. What stands in them is no secret any more: a password given to a `Connection`, a hook or a
client, an environment variable of a pod, a default of `Variable.get`, `Param` or `os.getenv`, a URL with
`user:password@`, an `Authorization` header, `IDENTIFIED BY '...'` in SQL, `curl -u user:...` in a command.

Keep the credential in an Airflow connection, best in a secrets backend, and name only the connection's id:
`PostgresHook(postgres_conn_id="warehouse")`. In templates `{{ conn.warehouse.password }}` reads it when the
task runs, in pods a `Secret` or `secretKeyRef` brings it as an environment variable. A default for a missing
secret is better left out, so that the task fails and says what is missing; one that is a mere word, as for a
database to try things with, is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from airwarden.rule import Rule, patterns
from airwarden.written_credentials import written_credentials, written_under

if TYPE_CHECKING:
    from airwarden.dag import DagFile
    from airwarden.findings import Finding
    from airwarden.repo import Repo

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="keep it in an Airflow connection or a secrets backend, and name only the connection's id here",
    see="https://airflow.apache.org/docs/apache-airflow/stable/howto/connection.html",
    severity=8.0,
    options={
        "allow": patterns(
            "Names whose values are no credentials, though they look like some.", "test_password"
        ),
        "names": patterns(
            "Names whose values are credentials, besides those that say so themselves.", "license_code"
        ),
    },
)


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags every credential that the file writes out, each at the literal that holds it."""
    written = list(written_credentials(dag_file, lambda name: repo.text_of(name, dag_file.path)))
    if rule.option("names", repo, dag_file.path):
        told = {id(found.node) for found in written}
        named = written_under(dag_file, lambda name: rule.lists("names", name, repo, dag_file.path))
        written += [found for found in named if id(found.node) not in told]
    credentials = [found for found in written if not rule.lists("allow", found.name, repo, dag_file.path)]
    dag_file.locate([found.node for found in credentials])
    for found in credentials:
        level = "warning" if found.is_for_trial else rule.level
        region = dag_file.region(found.node)
        yield rule.finding(region, found.message, level=level, subject=found.name, secret=True)
