"""Settings that name a class of a provider which is not installed keep Airflow from starting.

A secrets backend, an XCom backend, an executor or an auth manager is loaded by its name when a pod starts:
without its provider the import fails, and the scheduler or the API server crashes in a loop. An object
storage or a remote log folder is reached through the provider of its URL's scheme, and `s3://` needs
`apache-airflow-providers-amazon[s3fs]`, an extra that even the image of Airflow lacks: the first large XCom
fails. So it does with the compression `lz4` or `zstd`, without the package of that codec.

Flagged is the value that needs a provider, as `config.<section>.<key>`, as an `AIRFLOW__<SECTION>__<KEY>`
variable, as `executor`, or as `elasticsearch.enabled` and `opensearch.enabled`, when no dependency file of
the repository gives it. Of an airflow.cfg, a Dockerfile, a compose file and a `.env`, flagged are the secrets
backend and the object storage of XCom. A codec may come along with another package: it is a warning, and one
only where the dependencies are told in full. What counts as given, and when nothing is known, is told under
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
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from airwarden.dependencies.effective import Dependencies
from airwarden.deployment.effective import Deployment
from airwarden.deployment.settings import Setting
from airwarden.deployment.xcom_storage import COMPRESSION, PATH, SECTION, XComStorage, text_of
from airwarden.distributions.modules import need_of_module
from airwarden.distributions.names import Need
from airwarden.distributions.schemes import need_of_url
from airwarden.findings import Finding, Region
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
CODEC = "AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_COMPRESSION"
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
CODECS = {"lz4": Need("lz4"), "zstd": Need("zstandard")}
BRINGING = {
    CODECS["lz4"]: {"apache-airflow-providers-databricks", "clickhouse-connect", "databricks-sql-connector"},
    CODECS["zstd"]: {
        *("apache-airflow-providers-apache-beam", "apache-beam", "backports-zstd"),
        *("clickhouse-connect", "langsmith"),
    },
}
"""What is known to bring a codec along."""
BACKENDS = (("secrets", "backend"), ("workers", "secrets_backend"))


@rule.values
def check(values_file: ValuesFile, repo: Repo) -> Iterator[Finding]:
    """Flags the first value that needs each provider which no dependency file gives."""
    images = [STOCK] if _runs_stock_image(values_file) else []
    yield from _missing(_wanted(values_file, repo), images, repo)


@rule.deployment
def check_settings(deployment: Deployment, repo: Repo) -> Iterator[Finding]:
    """Flags what other files than values need and no values need as well."""
    told = {wanted.need for values in deployment.values_files for wanted in _wanted(values, repo)}
    yield from _missing((each for each in _of_settings(deployment, repo) if each.need not in told), [], repo)


def _missing(all_wanted: Iterable[Wanted], images: list[str], repo: Repo) -> Iterator[Finding]:
    seen = set[Need]()
    for wanted in all_wanted:
        if wanted.need in seen or (wanted.need in BRINGING and _may_come_along(wanted, images, repo)):
            continue
        seen.add(wanted.need)
        gap = repo.dependencies.gap(wanted.need, wanted.region.path, images, wanted.trusts_image)
        if gap is not None:
            yield rule.finding(
                wanted.region,
                f"{wanted.name} needs {wanted.need}, which no dependency file declares",
                related=gap.related,
                remedy=f"add {wanted.need} to {gap.path}",
                level="warning" if wanted.need in BRINGING else None,
                subject=f"{wanted.name} {wanted.need}",
            )


def _may_come_along(wanted: Wanted, images: list[str], repo: Repo) -> bool:
    """Whether a codec may be there all the same: in the image, or with a package that depends on it."""
    dependencies = repo.dependencies
    nearest = dependencies.nearest(wanted.region.path)
    if nearest is None or (nearest.kind != "project" and (images or dependencies.images)):
        return True
    if any(map(dependencies.declares, BRINGING[wanted.need])):
        return True
    texts = (each for each in (*dependencies.lists, *dependencies.traces) if each.kind in ("image", "trace"))
    return any(_names(repo.source(each.path).text, wanted.need.distribution) for each in texts)


def _names(text: str, distribution: str) -> bool:
    """Whether a text names a distribution, and not as the value of something."""
    found = re.finditer(rf"(?<![\w-]){re.escape(distribution)}(?![\w-])", text)
    return not all(re.search(r"[=:]\s*[\"']?\Z", text[: match.start()]) for match in found)


class Option(NamedTuple):
    """An option of Airflow as the values set it: its environment variable, text, region, and name here."""

    variable: str
    text: str
    region: Region
    name: str


class Wanted(NamedTuple):
    """A need, the value that has it, and that one's name; `trusts_image` where the base image may meet it."""

    need: Need
    region: Region
    name: str
    trusts_image: bool


def _wanted(values_file: ValuesFile, repo: Repo) -> Iterator[Wanted]:
    options = list(_options(values_file))
    has_remote_logs = any(option.variable == REMOTE_LOGGING and _is_true(option.text) for option in options)
    for option in options:
        trusts_image = option.variable in RUN_AIRFLOW or option.variable == LOGS
        for need in _needs(option, has_remote_logs, repo.dependencies):
            yield Wanted(need, option.region, option.name, trusts_image)
    for store in ("elasticsearch", "opensearch"):
        enabled = _of_chart(values_file, store, "enabled")
        if enabled is not None and _is_true(_written(enabled)):
            yield Wanted(_provider(store), enabled.region, enabled.dotted, trusts_image=True)


def _of_settings(deployment: Deployment, repo: Repo) -> Iterator[Wanted]:
    """What the settings outside of values need, of what tasks go through."""
    storage = repo.analysis(XComStorage)
    for _, path in storage.options(PATH):
        yield from _of_setting(path, SECTION, PATH, _of_url(text_of(path) or "", "storage"))
    for _, codec in storage.options(COMPRESSION):
        yield from _of_setting(codec, SECTION, COMPRESSION, _of_codec(text_of(codec) or ""))
    for section, option in BACKENDS:
        for backend in deployment.setting(section, option):
            yield from _of_setting(backend, section, option, _of_classes(text_of(backend) or ""))


def _of_setting(setting: Setting, section: str, option: str, needs: Iterable[Need]) -> Iterator[Wanted]:
    """A place to try things may run the base image as it is, whatever the dependencies say."""
    if setting.place != "chart":
        name = setting.called(section, option)
        yield from (Wanted(need, setting.region, name, trusts_image=True) for need in needs)


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
    if option.variable == CODEC:
        yield from _of_codec(option.text.strip())
    if option.variable == LOGS and has_remote_logs:
        yield from _of_url(option.text, "logs")


def _of_url(url: str, used_for: Literal["storage", "logs"]) -> Iterator[Need]:
    need = need_of_url(url, used_for)
    yield from [] if need is None else [need]


def _of_codec(name: str) -> Iterator[Need]:
    yield from [CODECS[name]] if name in CODECS else []


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
