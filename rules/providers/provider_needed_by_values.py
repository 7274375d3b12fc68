"""Values that name a class of a provider which is not installed keep Airflow from starting.

A secrets backend, an XCom backend, an executor or an auth manager is loaded by its name when a pod starts:
without its provider the import fails, and the scheduler or the API server crashes in a loop. An object
storage or a remote log folder is reached through the provider of its URL's scheme, and `s3://` needs
`apache-airflow-providers-amazon[s3fs]`, an extra that even the image of Airflow lacks: the first large XCom
fails.

Flagged is the value that needs a provider, as `config.<section>.<key>`, as an `AIRFLOW__<SECTION>__<KEY>`
variable, as `executor`, or as `elasticsearch.enabled` and `opensearch.enabled`, when no dependency file of
the repository gives it. What counts as given, and when nothing is known, is told under
`provider-not-declared`. Executors, auth managers and log stores run Airflow and not your tasks: they may come
from the base image however the rest is declared. The defaults of the chart need nothing here: only what the
values say.

Add the provider to the dependencies that the image is built from:

    dependencies = [
      "apache-airflow==3.1.*",
      "apache-airflow-providers-amazon[s3fs]",
      "apache-airflow-providers-hashicorp",
    ]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from airwarden.dependencies import Dependencies
from airwarden.findings import Finding, Region
from airwarden.providers import Need, need_of_module, need_of_url
from airwarden.repo import Repo
from airwarden.rule import Rule
from airwarden.values import Entry, ValuesFile
from airwarden.yaml_tree import Scalar

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="add the provider to the dependencies that the image is built from",
    see="https://airflow.apache.org/docs/helm-chart/stable/production-guide.html",
)

BUNDLES = "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST"
EXECUTOR = "AIRFLOW__CORE__EXECUTOR"
USED_BY_TASKS = {
    BUNDLES,
    "AIRFLOW__CORE__XCOM_BACKEND",
    "AIRFLOW__SECRETS__BACKEND",
    "AIRFLOW__WORKERS__SECRETS_BACKEND",
}
RUN_AIRFLOW = {
    EXECUTOR,
    "AIRFLOW__API__AUTH_BACKENDS",
    "AIRFLOW__CORE__AUTH_MANAGER",
    "AIRFLOW__FAB__AUTH_BACKENDS",
}
STORES = {
    "AIRFLOW__COMMON_IO__STATE_STORE_OBJECTSTORAGE_PATH",
    "AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH",
}
LOGS = "AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER"
REMOTE_LOGGING = "AIRFLOW__LOGGING__REMOTE_LOGGING"
EXECUTORS = {
    "CeleryExecutor": ("celery",),
    "CeleryKubernetesExecutor": ("celery", "cncf-kubernetes"),
    "EdgeExecutor": ("edge3",),
    "KubernetesExecutor": ("cncf-kubernetes",),
    "LocalKubernetesExecutor": ("cncf-kubernetes",),
}
EXECUTORS_IN_CORE = (2, 6)
"""The last Airflow that has the executors of Celery and Kubernetes in itself."""
STOCK = "apache/airflow"


@rule.values
def check(values_file: ValuesFile, repo: Repo) -> Iterator[Finding]:
    """Flags the first value that needs each provider which no dependency file gives."""
    seen = set[Need]()
    images = [STOCK] if _runs_stock_image(values_file) else []
    for wanted in _wanted(values_file, repo):
        if wanted.need in seen:
            continue
        seen.add(wanted.need)
        gap = repo.dependencies.gap(wanted.need, values_file.path, images, wanted.runs_airflow)
        if gap is not None:
            yield rule.finding(
                wanted.region,
                f"{wanted.name} needs {wanted.need}, which no dependency file declares",
                related=gap.related,
                remedy=f"add {wanted.need} to {gap.path}",
                subject=f"{wanted.name} {wanted.need}",
            )


class Option(NamedTuple):
    """An option of Airflow as the values set it: its environment variable, text, region, and name here."""

    variable: str
    text: str
    region: Region
    name: str


class Wanted(NamedTuple):
    """A need, the value that has it, and that value's name; `runs_airflow` where no task goes through it."""

    need: Need
    region: Region
    name: str
    runs_airflow: bool


def _wanted(values_file: ValuesFile, repo: Repo) -> Iterator[Wanted]:
    options = list(_options(values_file))
    has_remote_logs = any(option.variable == REMOTE_LOGGING and _is_true(option.text) for option in options)
    for option in options:
        runs_airflow = option.variable in RUN_AIRFLOW or option.variable == LOGS
        for need in _needs(option, has_remote_logs, repo.dependencies):
            yield Wanted(need, option.region, option.name, runs_airflow)
    for store in ("elasticsearch", "opensearch"):
        enabled = _of_chart(values_file, store, "enabled")
        if enabled is not None and _is_true(_written(enabled)):
            yield Wanted(_provider(store), enabled.region, enabled.dotted, runs_airflow=True)


def _options(values_file: ValuesFile) -> Iterator[Option]:
    executor = _of_chart(values_file, "executor")
    if executor is not None:
        yield Option(EXECUTOR, _written(executor), executor.region, executor.dotted)
    for entry in values_file.entries():
        if "dagBundleConfigList" in entry.path and entry.name == "classpath":
            yield Option(BUNDLES, _written(entry), entry.region, entry.dotted)
    for item in values_file.config_items():
        held = values_file.entry(item.path)
        text = item.text or ("" if held is None else _written(held))
        variable = item.env or f"AIRFLOW__{item.section.replace('.', '_')}__{item.key}".upper()
        yield Option(variable, text, item.region, item.env or f"config.{item.section}.{item.key}")
    for env in values_file.env_items():
        yield Option(env.name, env.text or "", env.region, env.name)


def _needs(option: Option, has_remote_logs: bool, dependencies: Dependencies) -> Iterator[Need]:
    if option.variable in USED_BY_TASKS | RUN_AIRFLOW:
        yield from _of_classes(option.text)
    if option.variable == EXECUTOR:
        yield from _of_executors(option.text, dependencies)
    if option.variable in STORES:
        yield from _of_url(option.text, "storage")
    if option.variable == LOGS and has_remote_logs:
        yield from _of_url(option.text, "logs")


def _of_url(url: str, used_for: Literal["storage", "logs"]) -> Iterator[Need]:
    need = need_of_url(url, used_for)
    yield from [] if need is None else [need]


def _of_classes(text: str) -> Iterator[Need]:
    """What the classes and modules named in a text need."""
    yield from filter(None, map(need_of_module, re.findall(r"\w+(?:\.\w+)+", text)))


def _of_executors(text: str, dependencies: Dependencies) -> Iterator[Need]:
    """What the executors need that a text names as Airflow does, without their modules."""
    if any(known <= EXECUTORS_IN_CORE for known in dependencies.versions):
        return
    for word in re.findall(r"(?<![\w.])\w+(?![\w.])", text):
        yield from map(_provider, EXECUTORS.get(word, ()))


def _provider(name: str) -> Need:
    return Need(f"apache-airflow-providers-{name}")


def _of_chart(values_file: ValuesFile, *keys: str) -> Entry | None:
    """The value of a chart's own key; the community chart has its under `airflow`."""
    for root in values_file.roots:
        start = (*root.path, "airflow") if root.chart == "community" else root.path
        entry = values_file.entry((*start, *keys))
        if entry is not None:
            return entry
    return None


def _runs_stock_image(values_file: ValuesFile) -> bool:
    """Whether the values leave the chart at the image of Airflow, as they do where they say nothing of it."""
    keys = (("images", "airflow", "repository"), ("image", "repository"), ("defaultAirflowRepository",))
    tags = (("images", "airflow", "tag"), ("image", "tag"), ("defaultAirflowTag",))
    if any(_text_at(values_file, key).startswith("slim-") for key in tags):
        return False
    named = [_text_at(values_file, key) for key in keys]
    return bool(values_file.roots) and all(name.endswith(STOCK) for name in named if name)


def _text_at(values_file: ValuesFile, keys: tuple[str, ...]) -> str:
    entry = _of_chart(values_file, *keys)
    return "" if entry is None else _written(entry)


def _written(entry: Entry) -> str:
    """A scalar's text, truth values too; empty for anything else."""
    return entry.node.text if isinstance(entry.node, Scalar) and entry.node.kind != "null" else ""


def _is_true(text: str) -> bool:
    return text.strip("\"' ").lower() in ("true", "t", "1")
