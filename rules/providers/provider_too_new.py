"""A provider that is newer than the code has dropped what a DAG imports, and the DAG does not load.

Providers drop modules, operators and hooks with their major versions. A new image gets the newest version
that the dependencies leave room for, so a DAG that loaded for years fails with the next build.

Flagged is the first place of a file that imports what every version that may get installed has dropped; where
only the newest of them has, and older ones are allowed too, it is a warning, in a list that names Airflow and
that no constraints go with. Where a lock file or constraints pin the version, that one counts.

Use what replaced it, which the provider's changelog names, or set an upper bound until you do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from airwarden.dag import DagFile
from airwarden.dependencies.allowed_versions import span
from airwarden.dependencies.provisions import Span
from airwarden.dependencies.specifiers import is_older
from airwarden.findings import Finding, Level, Related
from airwarden.needs.code import CodeNeeds
from airwarden.needs.remedies import until
from airwarden.needs.use import Use
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="use what replaced it",
    see="https://airflow.apache.org/docs/apache-airflow-providers/index.html",
    outranked_by="retired-slack-module",
)


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags the first import of each provider that the versions to be installed have dropped."""
    uses = repo.analysis(CodeNeeds).where(lambda each: until(each) is not None, dag_file)
    yield from _findings(uses, repo)


def _findings(uses: Iterable[Use], repo: Repo) -> Iterator[Finding]:
    told = set[str]()
    for use in uses:
        last, name = until(use), use.need.distribution
        if last is None or name in told or use.when not in ("load", "run"):
            continue
        found = span(repo.dependencies, name, use.region.path)
        if found is None or is_older(found.newest, last):
            continue
        is_sure = _all_lack(found, last)
        if not is_sure and not found.free:
            continue
        told.add(name)
        level: Level | None = None if is_sure else "warning"
        yield rule.finding(
            use.region,
            f"{name} {last} has {use.name} no more, and the dependencies give {found.newest}",
            related=(*use.way, *(Related(each.region, "declared here") for each in found.declarations[:1])),
            level=level,
            subject=f"{name} {use.name}",
        )


def _all_lack(found: Span, last: str) -> bool:
    """Whether no version that may get installed has it."""
    return found.pinned or (found.oldest is not None and not is_older(found.oldest, last))
