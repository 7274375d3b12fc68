"""A provider that nothing uses makes the image larger and its upgrades harder.

Each provider brings its own clients along, with their versions and their weaknesses. One that no DAG imports,
no setting names and no connection is for can go.

Noted is the line of a provider in the dependencies whose modules, decorators and connection types no file of
the repository names. A provider of databases counts as used where a task runs SQL over a connection of any
kind, and those of executors count as used always. Connections that only the running Airflow knows can't be
seen: whoever has such a one names the provider in `keep`.

Delete the line.
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.dependencies.declarations import DependencyList
from airwarden.dependencies.effective import Dependencies
from airwarden.distributions.extras import brought_by, brought_by_own_extras, preinstalled
from airwarden.distributions.minors import LAST_OF_SERIES
from airwarden.distributions.names import is_provider
from airwarden.findings import Finding
from airwarden.needs.mentions import Mentions
from airwarden.repo import Repo
from airwarden.rule import Rule, patterns

rule = Rule(
    __name__,
    help=__doc__,
    level="note",
    remedy="delete the line, if no connection of the running Airflow needs it",
    see="https://airflow.apache.org/docs/apache-airflow-providers/index.html",
    profile="strict",
    options={
        "keep": patterns(
            "Providers that are used where no file shows it, by a connection of the running Airflow for one.",
            "apache-airflow-providers-ssh",
        ),
    },
)

RUN_AIRFLOW = frozenset(
    f"apache-airflow-providers-{name}" for name in ("celery", "cncf-kubernetes", "edge3", "fab", "git")
)
"""What Airflow itself may need without being told by name."""


@rule.dependencies
def check(dependencies: Dependencies, repo: Repo) -> Iterator[Finding]:
    """Notes each declared provider that no file names."""
    if not any(map(repo.is_dag_file, repo.files)):
        return
    idle = RUN_AIRFLOW.union(*map(preinstalled, LAST_OF_SERIES))
    for listed in (each for each in dependencies.lists if not each.is_compiled):
        ours = (each for each in listed.declarations if each.region.path == listed.path)
        named = (each for each in ours if is_provider(each.name) and each.name not in idle)
        unused = [each for each in named if not repo.analysis(Mentions).of(each.name)]
        needed = _needed(listed, repo) if unused else frozenset()
        for declared in unused:
            is_kept = rule.lists("keep", declared.name, repo, listed.path)
            if declared.name not in needed and not is_kept:
                yield rule.finding(
                    declared.region,
                    f"no file of the repository uses {declared.name}",
                    subject=declared.name,
                )


def _needed(listed: DependencyList, repo: Repo) -> frozenset[str]:
    """What a list declares that some file names, and what that brings along."""
    used = {each.name for each in listed.declarations if repo.analysis(Mentions).of(each.name)}
    return frozenset(used.union(*map(brought_by, used), *map(brought_by_own_extras, used)))
