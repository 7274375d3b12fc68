"""A provider that needs another Airflow keeps the image from being built, or changes its Airflow unasked.

Each version of a provider names the oldest Airflow that it runs on. Where the dependencies ask for a provider
of which no allowed version runs on any allowed Airflow, there is nothing to install; on top of an image with
an older Airflow, pip replaces that Airflow by a newer one, without its constraints.

Flagged is the line of the provider, compared with the versions of Airflow in the same file, or where it names
none, with those that Dockerfiles and lock files name.

In an optional group, which may be for another Airflow, it is a warning.

Take a version of the provider that runs on your Airflow, best the one in Airflow's constraints.
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.dependencies.allowed_versions import exclusions
from airwarden.dependencies.effective import Dependencies
from airwarden.findings import Finding, Related
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="take a version of the provider that runs on this Airflow",
    see="https://airflow.apache.org/docs/apache-airflow/stable/installation/installing-from-pypi.html",
    profile="recommended",
)


@rule.dependencies
def check(dependencies: Dependencies, repo: Repo) -> Iterator[Finding]:  # noqa: ARG001
    """Flags each provider that no allowed Airflow goes with."""
    for each in exclusions(dependencies):
        declared = each.declared
        related = [Related(each.airflow, "Airflow is declared here")] if each.airflow else []
        yield rule.finding(
            declared.region,
            f"{declared.name}{declared.versions} needs Airflow {each.wanted}, and the dependencies have "
            f"{each.found}",
            related=related,
            level="warning" if declared.group else None,
            subject=declared.name,
        )
