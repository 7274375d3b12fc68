"""A provider in a group for developers is there in every test and missing in the image.

Groups such as `dev`, `test` or `docs`, and files such as `requirements-dev.txt`, are installed on the
machines of those who work on the code. An image is built without them (`uv sync --no-dev`,
`poetry install --only main`, `pip install .`), so the tests pass and the DAG does not load.

Flagged is the first place of a file that needs a provider which is declared in such a group alone, while the
main dependencies name Airflow or a provider. A group counts as installed where a Dockerfile installs it, or
where a group that is installed takes it in.

Move the provider to the main dependencies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from airwarden.dependencies.provisions import How
from airwarden.findings import Finding
from airwarden.needs.shortfalls import CodeShortfalls, Shortfall, setting_shortfalls
from airwarden.repo import Repo
from airwarden.rule import Rule

if TYPE_CHECKING:
    from airwarden.dag import DagFile
    from airwarden.values import ValuesFile

rule = Rule(
    __name__,
    help=__doc__,
    level="warning",
    remedy="move the provider to the main dependencies",
    see="https://packaging.python.org/en/latest/specifications/dependency-groups/",
    profile="recommended",
    folded=True,
)

OUTSIDE = frozenset[How]({"outside"})


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags the first place that needs each provider which only a group for developers names."""
    yield from _findings(repo.analysis(CodeShortfalls).of(dag_file, OUTSIDE), repo)


@rule.values
def check_values(values_file: ValuesFile, repo: Repo) -> Iterator[Finding]:
    """Flags the first value that needs each provider which only a group for developers names."""
    from airwarden.needs.settings import SettingNeeds
    from airwarden.needs.stock_images import stock_images

    uses = repo.analysis(SettingNeeds).of_values(values_file)
    yield from _findings(setting_shortfalls(uses, repo, OUTSIDE, stock_images(values_file)), repo)


def _findings(found: Iterable[Shortfall], repo: Repo) -> Iterator[Finding]:
    from airwarden.needs.remedies import addition, advice, requirement

    for shortfall in found:
        use, provision = shortfall.use, shortfall.provision
        groups = " and ".join(sorted({each.group for each in provision.declarations})) or "dev"
        yield rule.finding(
            use.region,
            f"{use.name} needs {use.need}, which is declared for {groups} alone",
            related=(*use.way, *provision.related),
            fix=addition(shortfall, repo),
            remedy=f"declare {requirement(shortfall)} among the main dependencies"
            if provision.place
            else advice(shortfall),
            subject=use.need.distribution,
        )
