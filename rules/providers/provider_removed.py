"""A provider that Airflow has given up gets no more versions, and the last one breaks some day.

Providers whose service is gone, such as `qubole`, or that have moved to another name, such as `jira`, are no
longer released. The last version stays on the package index; it was written for the Airflow of its day.

Flagged are imports of such a provider, and its line in the dependencies. For an Airflow 2 that may still run
the last version it is a warning.

Use the provider that replaced it, or call the service's own client.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from airwarden.dependencies.effective import Dependencies
from airwarden.distributions.releases import Removal, removal
from airwarden.findings import Finding, Level, Region
from airwarden.needs.code import CodeNeeds
from airwarden.repo import Repo
from airwarden.rule import Rule

if TYPE_CHECKING:
    from airwarden.dag import DagFile

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="call the service's own client",
    see="https://airflow.apache.org/docs/apache-airflow-providers/index.html",
    profile="recommended",
    folded=True,
)


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags the first import of each provider that is no longer released."""
    told = set[str]()
    uses = repo.analysis(CodeNeeds).where(lambda each: removal(each.need.distribution) is not None, dag_file)
    for use in uses:
        name = use.need.distribution
        gone = removal(name)
        if gone is not None and name not in told and use.when in ("load", "run"):
            told.add(name)
            yield _finding(use.region, f"{use.name} is of {name}, which", name, gone, repo)


@rule.dependencies
def check_dependencies(dependencies: Dependencies, repo: Repo) -> Iterator[Finding]:
    """Flags each declaration of a provider that is no longer released."""
    for listed in dependencies.lists:
        for declared in listed.declarations:
            gone = removal(declared.name)
            if gone is not None and declared.region.path == listed.path:
                yield _finding(declared.region, declared.name, declared.name, gone, repo)


def _finding(region: Region, what: str, name: str, gone: Removal, repo: Repo) -> Finding:
    level: Level | None = None if repo.dependencies.series == {"3"} else "warning"
    return rule.finding(
        region,
        f"{what} is no longer released: {gone.last} was the last version",
        level=level,
        remedy=f"use {gone.successor}" if gone.successor else None,
        subject=name,
    )
