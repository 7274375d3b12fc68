"""A backport of a provider puts modules of Airflow 1.10 over those of the Airflow that is there.

`apache-airflow-backport-providers-*` brought the providers of Airflow 2 to Airflow 1.10. With Airflow 2 or 3
they are not needed, get no versions since 2021, and write to the same folder, `airflow/providers`, as the
real ones: which module is imported depends on the order of installation.

Flagged is the line in the dependencies, where neither they nor its path speak of Airflow 1.10.

Declare the provider of the same name.
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.dependencies.declarations import Declaration, DependencyList
from airwarden.dependencies.effective import Dependencies
from airwarden.dependencies.specifiers import allows_series
from airwarden.distributions.names import AIRFLOW
from airwarden.edits import with_text
from airwarden.findings import Finding, Fix
from airwarden.patterns import regex
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="declare the provider of the same name",
    see="https://pypi.org/project/apache-airflow-backport-providers-amazon/",
    profile="recommended",
)

BACKPORT = "apache-airflow-backport-providers-"
FIRST = regex(r"(?<![\d.])1[._-]10(?!\d)")
"""A path that speaks of Airflow 1.10."""


@rule.dependencies
def check(dependencies: Dependencies, repo: Repo) -> Iterator[Finding]:
    """Flags each backport beside an Airflow 2 or 3."""
    for listed in dependencies.lists:
        if FIRST.search(listed.path) or any(_is_first(each) for each in listed.declarations):
            continue
        for declared in listed.declarations:
            if declared.written.startswith(BACKPORT) and declared.region.path == listed.path:
                yield rule.finding(
                    declared.region,
                    f"{declared.written} is for Airflow 1.10 alone",
                    remedy=f"declare {declared.name}",
                    fix=_fix(declared, listed, repo),
                    subject=declared.written,
                )


def _fix(declared: Declaration, listed: DependencyList, repo: Repo) -> Fix | None:
    """The provider's own name, unless it is there or a version of the backport is asked for."""
    if declared.versions or any(
        each.name == declared.name and not each.written.startswith(BACKPORT) for each in listed.declarations
    ):
        return None
    source = repo.source(declared.region.path)
    edit = with_text(source, declared.region, BACKPORT, "apache-airflow-providers-")
    return Fix(f"declare {declared.name}", (edit,)) if edit else None


def _is_first(declared: Declaration) -> bool:
    """Whether a declaration asks for Airflow 1."""
    is_pinned = declared.name in AIRFLOW and declared.versions != ""
    return is_pinned and not any(allows_series(declared.versions, major) for major in "23")
