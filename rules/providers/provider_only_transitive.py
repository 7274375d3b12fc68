"""A provider that only another one brings along is gone as soon as that one needs it no more.

`apache-airflow-providers-sftp` needs `apache-airflow-providers-ssh`, so an image that declares the first has
the second as well. What a provider needs changes from version to version, without notice to those who rely on
it: a later build lacks the module, and the DAG does not load.

Noted is the first place of a file that needs a provider which no dependency file names, while a declared
provider brings it along, or a lock file pins it for another distribution.

Declare what the code imports itself.
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
    see="https://airflow.apache.org/docs/apache-airflow-providers/index.html",
    profile="recommended",
    folded=True,
)


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Notes the first place that needs each provider which is only brought along."""
    for shortfall in repo.analysis(CodeShortfalls).of(dag_file, frozenset({"brought"})):
        use = shortfall.use
        yield rule.finding(
            use.region,
            f"{use.name} needs {use.need}, which only other distributions bring along",
            related=(*use.way, *shortfall.provision.related),
            fix=addition(shortfall, repo),
            subject=use.need.distribution,
        )
