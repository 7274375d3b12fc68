"""A provider without the extra that a feature needs is installed, imports, and fails when it is used.

Some packages are left out of a provider until an extra asks for them. `ObjectStoragePath("s3://...")` and the
object storage of XCom on S3 need `apache-airflow-providers-amazon[s3fs]`: without it Airflow knows no
filesystem for the scheme, and says so in the first task that reads or writes. The image of Airflow does not
have it either.

Flagged is the first place of a file, or the first value, that needs an extra, where the provider is declared
without it. The package that the extra installs counts as well where it is declared by itself.

Ask for the extra:

    dependencies = [
      "apache-airflow==3.1.*",
      "apache-airflow-providers-amazon[s3fs]",
    ]
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
    from airwarden.deployment.effective import Deployment
    from airwarden.values import ValuesFile

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="ask for the extra in the dependencies that the image is built from",
    see="https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/objectstorage.html",
)

LACKING = frozenset[How]({"lacks-extra"})


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags the first place that needs each extra which is not declared."""
    yield from _findings(repo.analysis(CodeShortfalls).of(dag_file, LACKING), repo)


@rule.values
def check_values(values_file: ValuesFile, repo: Repo) -> Iterator[Finding]:
    """Flags the first value that needs each extra which is not declared."""
    from airwarden.needs.settings import SettingNeeds
    from airwarden.needs.stock_images import stock_images

    uses = repo.analysis(SettingNeeds).of_values(values_file)
    yield from _findings(setting_shortfalls(uses, repo, LACKING, stock_images(values_file)), repo)


@rule.deployment
def check_settings(deployment: Deployment, repo: Repo) -> Iterator[Finding]:
    """Flags what other files than values need, each extra once."""
    from airwarden.needs.settings import SettingNeeds

    uses = repo.analysis(SettingNeeds).of_settings_alone(deployment)
    yield from _findings(setting_shortfalls(uses, repo, LACKING), repo)


def _findings(found: Iterable[Shortfall], repo: Repo) -> Iterator[Finding]:
    from airwarden.needs.remedies import addition, extra

    for shortfall in found:
        use, provision = shortfall.use, shortfall.provision
        own = [each for each in provision.declarations if each.name == use.need.distribution]
        fix = extra(own[0], use.need.extra, repo) if own else addition(shortfall, repo)
        yield rule.finding(
            use.region,
            f"{use.name} needs {use.need}, and the dependencies have it without the extra",
            related=(*use.way, *provision.related),
            fix=fix,
            level=use.level,
            remedy=f"declare {use.need}",
            subject=f"{use.name} {use.need}",
        )
