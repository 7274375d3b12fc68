"""The chart refuses to render: its own list of variables takes a `value` and nothing else.

The schema of the official chart lets the items of `env`, `pgbouncer.env` and `statsd.env` have a name and
a value. With `valueFrom`, `helm install` and every sync stop at `Additional property valueFrom is not
allowed`.

Other lists take `valueFrom` only from some version on; they are flagged where a Chart.yaml pins an older
one.

Take the variable from a Secret in `extraEnv`, which is a text, or in the list `secret`:

    secret:
      - envName: AIRFLOW_CONN_WAREHOUSE
        secretName: warehouse
        secretKey: connection
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.chart_secrets import ChartVersion
from airwarden.charts import Root
from airwarden.deployment.chart_values import ChartReleases, is_surely_official
from airwarden.findings import Finding
from airwarden.repo import Repo
from airwarden.rule import Rule
from airwarden.values import Entry, ValuesFile
from airwarden.yaml_tree import Mapping, Sequence

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="take it from a Secret in the text extraEnv or in the list `secret`",
    see="https://airflow.apache.org/docs/helm-chart/stable/adding-connections-and-variables.html",
    applies_to="official chart",
    profile="recommended",
    severity=4.0,
)

NEVER = ("env", "pgbouncer.env", "statsd.env")
SINCE: dict[str, ChartVersion] = {
    "apiServer.env": (1, 18, 0),
    "cleanup.env": (1, 14, 0),
    "createUserJob.env": (1, 14, 0),
    "dagProcessor.env": (1, 14, 0),
    "dags.gitSync.env": (1, 18, 0),
    "flower.env": (1, 14, 0),
    "scheduler.env": (1, 14, 0),
    "triggerer.env": (1, 14, 0),
    "webserver.env": (1, 14, 0),
    "workers.env": (1, 14, 0),
}
"""The first version of the chart in which a list takes valueFrom."""


@rule.values
def check(values: ValuesFile, repo: Repo) -> Iterator[Finding]:
    """Flags each valueFrom where the schema has none."""
    for root in values.roots:
        for path in NEVER if is_surely_official(values, root, repo) else ():
            message = f"{path}: the schema of the chart takes no valueFrom in this list"
            yield from _flagged(values, root, path, message)
    for release in repo.analysis(ChartReleases).of(values):
        version = release.version
        if release.chart != "official" or version is None:
            continue
        for path in (each for each, since in SINCE.items() if version < since):
            since = ".".join(map(str, SINCE[path]))
            message = f"{path} takes no valueFrom before version {since} of the chart"
            yield from _flagged(values, release.root, path, message)


def _flagged(values: ValuesFile, root: Root, path: str, message: str) -> Iterator[Finding]:
    listed = values.entry((*root.path, *path.split(".")))
    for key in _keys(listed) if listed else ():
        yield rule.finding(values.source.region(*key), message, subject=path)


def _keys(listed: Entry) -> Iterator[tuple[int, int]]:
    """Where each key `valueFrom` stands in the items of a list."""
    items = listed.node.children if isinstance(listed.node, Sequence) else []
    pairs = (pair for item in items if isinstance(item, Mapping) for pair in item.own)
    return ((key.start, key.end) for key, _ in pairs if key.text == "valueFrom")
