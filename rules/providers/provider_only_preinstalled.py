"""A provider that is there only because every Airflow has it may be gone with the next version of Airflow.

Some providers are requirements of Airflow itself. Which ones has changed before: Airflow 2.11 has `ftp`,
`http`, `imap` and `sqlite`, Airflow 3 has none of them, and DAGs that relied on them stopped loading with the
upgrade.

Noted is the first place of a file that needs a provider which no dependency file names and Airflow brings.

This rule runs only where the settings name it. Declare what the code imports itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.dag import DagFile
from airwarden.findings import Finding
from airwarden.needs.remedies import addition
from airwarden.needs.shortfalls import CodeShortfalls
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="note",
    remedy="declare the provider itself",
    see="https://airflow.apache.org/docs/apache-airflow/stable/installation/upgrading_to_airflow3.html",
    profile="strict",
    folded=True,
)


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Notes the first place that needs each provider which only Airflow itself brings."""
    for shortfall in repo.analysis(CodeShortfalls).of(dag_file, frozenset({"preinstalled"})):
        use = shortfall.use
        yield rule.finding(
            use.region,
            f"{use.name} needs {use.need}, which is there only as a requirement of Airflow",
            related=(*use.way, *shortfall.provision.related),
            fix=addition(shortfall, repo),
            subject=use.need.distribution,
        )
