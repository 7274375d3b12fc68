"""Settings that name a class of a provider which is not installed keep Airflow from starting.

A secrets backend, an XCom backend, an executor or an auth manager is loaded by its name when a pod starts:
without its provider the import fails, and the scheduler or the API server crashes in a loop. An object
storage or a remote log folder is reached through the provider of its URL's scheme: without it the first large
XCom fails. So it does with the compression `lz4` or `zstd`, without the package of that codec.

Flagged is the first value that needs a distribution which no dependency file of the repository gives:

- a class: executors in all their forms, the auth manager and the backends of the API, secrets, XCom, lineage
  and mail, DAG bundles; as `config.<section>.<key>`, as a variable `AIRFLOW__<SECTION>__<KEY>`, as `executor`
- a URL: of the storage of XComs, of remote logs, of the metadata database, of a broker; and the codec of
  XComs
- a switch: `elasticsearch.enabled`, `opensearch.enabled`, `flower.enabled`, `statsd.enabled`, `sentry_on`,
  the way to log in that a `webserverConfig` chooses, the protocol of the metadata database
- a connection: `AIRFLOW_CONN_*` as a URI or as JSON, and the `airflow.connections` of the community chart

It is a warning where Airflow runs on without: it sends no metrics or lineage, and a connection is in the way
only of what asks for its hook; and where a Dockerfile installs no list of the repository and starts from an
image of Airflow that brings the provider today, as told under `provider-not-declared`. A package that is no
provider may come along with another one, or do in its place; it is flagged only where the dependencies are
told in full.

The same counts for an airflow.cfg, a Dockerfile, a compose file and a `.env`; what runs Airflow and not your
tasks there, only where the repository shows how its image is built. What counts as given, and when nothing is
known, is told under `provider-not-declared`. Executors, auth managers, log stores and whatever else runs
Airflow and not your tasks may come from the base image however the rest is declared. The defaults of the
chart need nothing here: only what the values say.

Add the provider to the dependencies that the image is built from:

    dependencies = [
      "apache-airflow==3.1.*",
      "apache-airflow-providers-hashicorp",
    ]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from airwarden.dependencies.provisions import How
from airwarden.deployment.effective import Deployment
from airwarden.findings import Finding
from airwarden.needs.remedies import addition, advice
from airwarden.needs.settings import SettingNeeds
from airwarden.needs.shortfalls import Shortfall, setting_shortfalls
from airwarden.needs.stock_images import stock_images
from airwarden.repo import Repo
from airwarden.rule import Rule, patterns
from airwarden.values import ValuesFile

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="add the provider to the dependencies that the image is built from",
    see="https://airflow.apache.org/docs/helm-chart/stable/production-guide.html",
    options={
        "installed": patterns(
            "Distributions that the image has though no file of the repository declares them.",
            "apache-airflow-providers-company-*",
        ),
    },
)

MISSING = frozenset[How]({"missing"})


@rule.values
def check(values_file: ValuesFile, repo: Repo) -> Iterator[Finding]:
    """Flags the first value that needs each distribution which no dependency file gives."""
    uses = repo.analysis(SettingNeeds).of_values(values_file)
    yield from _findings(setting_shortfalls(uses, repo, MISSING, stock_images(values_file)), repo)


@rule.deployment
def check_settings(deployment: Deployment, repo: Repo) -> Iterator[Finding]:
    """Flags what other files than values need and no values need as well."""
    uses = repo.analysis(SettingNeeds).of_settings_alone(deployment)
    yield from _findings(setting_shortfalls(uses, repo, MISSING), repo)


def _findings(found: Iterable[Shortfall], repo: Repo) -> Iterator[Finding]:
    for shortfall in found:
        use, provision = shortfall.use, shortfall.provision
        if rule.lists("installed", use.need.distribution, repo, use.region.path):
            continue
        harm = f": {use.harm}" if use.harm else ""
        lack = "only the base image brings" if provision.is_in_base else f"no dependency file declares{harm}"
        yield rule.finding(
            use.region,
            f"{use.name} needs {use.need}, which {lack}",
            related=provision.related,
            fix=addition(shortfall, repo),
            remedy=advice(shortfall),
            level="warning" if provision.is_in_base else use.level,
            subject=f"{use.name} {use.need}",
        )
