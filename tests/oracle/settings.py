"""Settings of Airflow as repositories make them: what a rule says of each, and what real Airflow makes of it.

A case is a small repository: an airflow.cfg, values of the official chart, a file of variables. It says
whether its rule flags something, and what comes of the settings in Airflow, so that both can be compared.
XComs become one of `large` (a large value goes to the store and comes back in another pod, a small one stays
in the database), `all` (both go), `none` (both stay in the database), `lost` (what another pod pulls is not
what was pushed), or end in the exception that is named. An option is what Airflow reads from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

SCHEMES = ("abfs", "gs", "s3")

Files: TypeAlias = Mapping[str, str]
Asks: TypeAlias = "tuple[str, str, str]"


@dataclass(frozen=True)
class Case:
    """One repository, with what is said of it and what comes of it.

    `mended` is what comes of it after the rule's safe fixes, empty where there are none. `asks` names a
    getter, a section and a key where one option is asked for. `buckets` are the schemes for which a provider
    is installed. `same_disk` says that the task that pulls runs where the one ran that pushed. `level` is
    that of the finding, where a rule has several.
    """

    rule: str
    name: str
    files: Files
    flagged: bool
    outcome: str
    mended: str = ""
    asks: Asks | None = None
    buckets: tuple[str, ...] = SCHEMES
    same_disk: bool = False
    level: str = ""

    @property
    def id(self) -> str:
        """The rule and the name."""
        return f"{self.rule}: {self.name}"


BACKEND = "airflow.providers.common.io.xcom.backend.XComObjectStorageBackend"
CORE = f"[core]\nxcom_backend = {BACKEND}\n"
PATH = "xcom_objectstorage_path = s3://lake@xcoms/prod\n"
THRESHOLD = "xcom_objectstorage_threshold = 1048576\n"
STORE = f"[common.io]\n{PATH}{THRESHOLD}"
VARIABLE = "AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_"
FAULT = "AirflowConfigException"
UNKNOWN = "AirflowNotFoundException"


def config(*sections: str) -> Files:
    """An airflow.cfg."""
    return {"airflow.cfg": "".join(sections)}


def values(*sections: str) -> Files:
    """Values of the official chart with these sections of options."""
    body = "".join(f"  {line}\n" for section in sections for line in section.splitlines())
    return {"values.yaml": f"executor: KubernetesExecutor\nconfig:\n{body}"}


def variables(**given: str) -> Files:
    """A file of variables."""
    return {"airflow.env": "".join(f"{name}={text}\n" for name, text in given.items())}


CHART_CORE = f"core:\n  xcom_backend: {BACKEND}\n"
CHART_PATH = "  xcom_objectstorage_path: s3://lake@xcoms/prod\n"
CHART_THRESHOLD = '  xcom_objectstorage_threshold: "1048576"\n'
CHART_STORE = f"common.io:\n{CHART_PATH}{CHART_THRESHOLD}"

GOOD: tuple[tuple[str, Files, str], ...] = (
    ("an airflow.cfg", config(CORE, STORE), "large"),
    ("a chart", values(CHART_CORE, CHART_STORE), "large"),
    (
        "variables",
        variables(
            AIRFLOW__CORE__XCOM_BACKEND=BACKEND,
            AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH="s3://lake@xcoms/prod",
            AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_THRESHOLD="1048576",
        ),
        "large",
    ),
)
"""What every rule must accept: it works."""


def of_never_offloads() -> Iterator[Case]:
    rule = "xcom-backend-never-offloads"
    yield Case(rule, "no threshold", config(CORE, "[common.io]\n", PATH), True, "none", "large")
    yield Case(
        rule,
        "no threshold in a chart",
        values(CHART_CORE, f"common.io:\n{CHART_PATH}"),
        True,
        "none",
        "large",
    )
    below = "xcom_objectstorage_threshold = -1\n"
    yield Case(rule, "-1", config(CORE, "[common.io]\n", PATH, below), True, "none")
    yield Case(rule, "-5", config(CORE, "[common.io]\n", PATH, below.replace("1", "5")), True, "none")
    zero = "xcom_objectstorage_threshold = 0\n"
    yield Case(rule, "0", config(CORE, "[common.io]\n", PATH, zero), False, "all")
    over = {f"{VARIABLE}THRESHOLD": "1048576"}
    files = {**config(CORE, "[common.io]\n", PATH), **variables(**over)}
    yield Case(rule, "a threshold in a variable", files, False, "large")


def of_path_missing() -> Iterator[Case]:
    rule = "xcom-path-missing"
    yield Case(rule, "no path", config(CORE, "[common.io]\n", THRESHOLD), True, "lost")
    yield Case(
        rule, "no path, one disk", config(CORE, "[common.io]\n", THRESHOLD), True, "lost", same_disk=True
    )
    yield Case(
        rule,
        "an empty path",
        config(CORE, "[common.io]\nxcom_objectstorage_path =\n", THRESHOLD),
        True,
        "lost",
    )
    files = {
        **config(CORE, "[common.io]\n", THRESHOLD),
        **variables(**{f"{VARIABLE}PATH": "s3://lake@xcoms/prod"}),
    }
    yield Case(rule, "a path in a variable", files, False, "large")
    yield Case(rule, "in a chart", values(CHART_CORE, f"common.io:\n{CHART_THRESHOLD}"), True, "lost")


def of_connections() -> Iterator[Case]:
    rule = "xcom-path-container-as-connection"
    azure = PATH.replace("s3://lake@xcoms", "abfs://xcoms@account.dfs.core.windows.net")
    yield Case(rule, "Azure's form", config(CORE, "[common.io]\n", azure, THRESHOLD), True, UNKNOWN)
    named = PATH.replace("s3://lake@xcoms", "abfs://wasb_default@xcoms")
    yield Case(rule, "a connection", config(CORE, "[common.io]\n", named, THRESHOLD), False, "large")
    secret = PATH.replace("lake@", "AKIANOTAREALKEY00000:not-a-real-secret-0000@")
    url = "credential-in-url"
    yield Case(url, "a key and a secret", config(CORE, "[common.io]\n", secret, THRESHOLD), True, UNKNOWN)
    files = variables(
        AIRFLOW__CORE__XCOM_BACKEND=BACKEND,
        AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH="s3://AKIANOTAREALKEY00000:not-a-real-secret-0000@xcoms",
        AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_THRESHOLD="1048576",
    )
    yield Case(url, "in a variable", files, True, UNKNOWN)
    bare = PATH.replace("lake@", "")
    yield Case(url, "no connection", config(CORE, "[common.io]\n", bare, THRESHOLD), False, "large")


def of_misspelt_names() -> Iterator[Case]:
    rule = "xcom-section-misspelt"
    for section in (
        "common_io",
        "common-io",
        "commonio",
        "common.IO",
        "Common.io",
        "COMMON_IO",
        " common.io",
    ):
        files = config(CORE, f"[{section}]\n{PATH}{THRESHOLD}")
        yield Case(rule, f"[{section}]", files, True, "none", "large")
    for key in (
        "xcom_object_storage_threshold",
        "XCOM_OBJECTSTORAGE_THRESHOLD",
        "xcom_objectstorage_treshold",
    ):
        files = config(CORE, f"[common.io]\n{PATH}{key} = 1048576\n")
        yield Case(rule, key, files, True, "none", "large")
    files = config(CORE, THRESHOLD, "[common.io]\n", PATH)
    yield Case(rule, "a threshold in [core]", files, True, "none")
    files = config(CORE, PATH, "[common.io]\n", THRESHOLD)
    yield Case(rule, "a path in [core]", files, True, "lost")
    files = values(CHART_CORE, CHART_STORE.replace("common.io", "common_io"))
    yield Case(rule, "common_io in a chart", files, True, "none", "large")
    nested = f"common:\n  io:\n  {CHART_PATH}  {CHART_THRESHOLD}"
    yield Case(rule, "common: io: in a chart", values(CHART_CORE, nested), True, "none")
    for name in (
        "AIRFLOW__COMMON.IO__XCOM_OBJECTSTORAGE_THRESHOLD",
        "AIRFLOW__COMMON__IO__XCOM_OBJECTSTORAGE_THRESHOLD",
        "AIRFLOW_COMMON_IO__XCOM_OBJECTSTORAGE_THRESHOLD",
        "AIRFLOW__COMMON_IO_XCOM_OBJECTSTORAGE_THRESHOLD",
        "AIRFLOW__CORE__XCOM_OBJECTSTORAGE_THRESHOLD",
        "AIRFLOW__COMMON_IO__xcom_objectstorage_threshold",
        "airflow__common_io__xcom_objectstorage_threshold",
        "xcom_objectstorage_threshold",
        "XCOM_OBJECTSTORAGE_THRESHOLD",
    ):
        given = {"AIRFLOW__CORE__XCOM_BACKEND": BACKEND, f"{VARIABLE}PATH": "s3://lake@xcoms/prod"}
        yield Case(rule, name, variables(**given, **{name: "1048576"}), True, "none", "large")
    files = config(CORE, STORE, "[common_io]\n", PATH, THRESHOLD)
    yield Case(rule, "a misspelt twin", files, False, "large")


def of_backends() -> Iterator[Case]:
    rule = "xcom-backend-unknown"
    for name in (
        "airflow.providers.common.io.xcom.XComObjectStorageBackend",
        "airflow.providers.common.io.xcom.backend.XComObjectStoreBackend",
        "airflow.providers.common.io.xcom_backend.XComObjectStorageBackend",
    ):
        yield Case(rule, name, config(CORE.replace(BACKEND, name), STORE), True, FAULT)
    own = "from airflow.sdk.bases.xcom import BaseXCom\n\n\nclass Backend(BaseXCom):\n    pass\n"
    files = {**config(CORE.replace(BACKEND, "own_xcoms.Backend"), STORE), "plugins/own_xcoms.py": own}
    yield Case(rule, "one of one's own", files, False, "none")
    base = "airflow.sdk.execution_time.xcom.BaseXCom"
    yield Case(rule, "the default", config(CORE.replace(BACKEND, base)), False, "none")
    database = "xcom-in-metadata-database"
    yield Case(database, "none", config("[core]\nexecutor = LocalExecutor\n"), True, "none")
    yield Case(database, "the default", config(CORE.replace(BACKEND, base)), True, "none")
    yield Case(database, "none in a chart", values("core:\n  parallelism: 4\n"), True, "none")


def of_compressions() -> Iterator[Case]:
    rule = "xcom-compression-unsupported"
    for codec in ("gz", "snappy", "zstandard", "deflate", "GZIP", "none"):
        mended = "large" if codec == "gz" else ""
        files = config(CORE, STORE, f"xcom_objectstorage_compression = {codec}\n")
        yield Case(rule, codec, files, True, "ValueError", mended)
    for codec in ("", "gzip", "bz2", "zip", "lzma", "xz"):
        files = config(CORE, STORE, f"xcom_objectstorage_compression = {codec}\n")
        yield Case(rule, codec or "empty", files, False, "large")


def of_thresholds() -> Iterator[Case]:
    rule = "xcom-threshold-out-of-range"
    for threshold, outcome in (
        ("0", "all"),
        ("1", "all"),
        ("536870912", "none"),
        ("1MB", FAULT),
        ("1 MiB", FAULT),
    ):
        files = config(CORE, "[common.io]\n", PATH, f"xcom_objectstorage_threshold = {threshold}\n")
        yield Case(rule, threshold, files, True, outcome)
    for threshold in ("1048576", "65536", "1_000_000", "1.048576e+06"):
        files = config(CORE, "[common.io]\n", PATH, f"xcom_objectstorage_threshold = {threshold}\n")
        yield Case(rule, threshold, files, False, "large")


def of_disks() -> Iterator[Case]:
    rule = "xcom-path-local"
    chart = f"common.io:\n{CHART_PATH}{CHART_THRESHOLD}".replace("s3://lake@xcoms/prod", "{path}")
    disk = values(CHART_CORE, chart.replace("{path}", "file://{pod}/xcoms"))
    yield Case(rule, "the disk of a pod", disk, True, "lost")
    yield Case(rule, "a bucket", values(CHART_CORE, CHART_STORE), False, "large")
    store = f"[common.io]\n{PATH}{THRESHOLD}"
    one = config(CORE, store.replace("s3://lake@xcoms/prod", "file://{pod}/xcoms"))
    yield Case(rule, "one disk", one, False, "large", same_disk=True)
    bare = config(CORE, store.replace("s3://lake@xcoms/prod", "{pod}/xcoms"))
    yield Case(rule, "no scheme", bare, True, "lost", same_disk=True)


PROJECT = """[project]
name = "platform"
dependencies = ["apache-airflow==3.3.2", "apache-airflow-providers-{}"]
"""


def of_providers() -> Iterator[Case]:
    rule = "provider-needed-by-values"
    image = "images:\n  airflow:\n    repository: registry.example.com/airflow\n"
    chart = values(CHART_CORE, CHART_STORE)["values.yaml"].replace("KubernetesExecutor", "LocalExecutor")
    for scheme, provider in (("s3", "amazon[s3fs]"), ("gs", "google"), ("abfs", "microsoft-azure")):
        files = {"values.yaml": image + chart.replace("s3://", f"{scheme}://")}
        other = {"pyproject.toml": PROJECT.format("slack")}
        yield Case(rule, f"{scheme} alone", {**files, **other}, True, "ImportError", buckets=())
        right = {"pyproject.toml": PROJECT.format(provider)}
        yield Case(rule, f"{scheme} with its provider", {**files, **right}, False, "large")
    for codec in ("lz4", "zstd"):
        files = {"values.yaml": f"{image}{chart}    xcom_objectstorage_compression: {codec}\n"}
        own = {"pyproject.toml": PROJECT.format("amazon[s3fs]")}
        yield Case(rule, f"{codec} without its package", {**files, **own}, True, "ValueError")


def of_comments() -> Iterator[Case]:
    rule = "inline-comment-in-config"
    comment = f"[common.io]\n{PATH}xcom_objectstorage_threshold = 1048576   # 1 MB\n"
    yield Case(rule, "a threshold", config(CORE, comment), True, FAULT, "large")
    comment = f"{STORE}xcom_objectstorage_compression = gzip   # optional\n"
    yield Case(rule, "a compression", config(CORE, comment), True, "ValueError", "large")
    comment = f"[core]\nxcom_backend = {BACKEND}  # objects\n{STORE}"
    yield Case(rule, "a class", config(comment), True, FAULT, "large")
    chart = CHART_STORE.replace('"1048576"', '"1048576 # 1 MB"')
    yield Case(rule, "in a chart", values(CHART_CORE, chart), True, FAULT, "large")
    beside = CHART_STORE.replace('"1048576"', '"1048576"  # 1 MB')
    yield Case(rule, "of YAML in a chart", values(CHART_CORE, beside), False, "large")
    yield from (
        Case(
            rule,
            f"{getter} {text}",
            config(f"[{section}]\n{key} = {text}\n"),
            flagged,
            outcome,
            mended,
            (getter, section, key),
        )
        for getter, section, key, text, flagged, outcome, mended in OPTIONS_WITH_COMMENTS
    )


OPTIONS_WITH_COMMENTS: tuple[tuple[str, str, str, str, bool, str, str], ...] = (
    ("getint", "core", "max_map_length", "32 #512", True, FAULT, "32"),
    ("getint", "core", "max_map_length", "32 ; of 512", True, FAULT, "32"),
    ("getint", "core", "max_map_length", "0 # none", True, FAULT, "0"),
    ("getfloat", "scheduler", "task_queued_timeout", "5.5 ## s", True, FAULT, "5.5"),
    ("getboolean", "core", "load_examples", "False ; none", True, FAULT, "False"),
    ("getboolean", "core", "load_examples", "False # none", False, "False", ""),
    ("getboolean", "core", "load_examples", "0 # none", False, "False", ""),
    ("getboolean", "own", "flag", "true # yes", False, "True", ""),
    ("get", "core", "dags_folder", "/opt/dags  # of git", True, "'/opt/dags  # of git'", "'/opt/dags'"),
    ("getlist", "celery", "worker_queues", "a, b # two", True, "['a', 'b # two']", "['a', 'b']"),
    ("getjson", "secrets", "backend_kwargs", '{"a": "# b"} # c', True, FAULT, "{'a': '# b'}"),
    ("getjson", "secrets", "backend_kwargs", '{"a": "b # c"}', False, "{'a': 'b # c'}", ""),
    ("get", "api", "instance_name", "Airflow #1", False, "'Airflow #1'", ""),
    ("get", "webserver", "navbar_color", "#fff", False, "'#fff'", ""),
    ("get", "own", "cron", "0 0 * * 1#2", False, "'0 0 * * 1#2'", ""),
)
"""Getter, section, key and text; whether it is flagged, what Airflow reads, and what after the fix."""


def of_numbers() -> Iterator[Case]:
    rule = "number-in-scientific-notation"
    length = ("core", "max_templated_field_length")

    def case(
        name: str, text: str, getter: str, flagged: bool, outcome: str, mended: str = "", old: bool = False
    ) -> Case:
        files = values(f"core:\n  max_templated_field_length: {text}\n")
        version = {"values.yaml": f'airflowVersion: "3.1.8"\n{files["values.yaml"]}'} if old else files
        level = "" if not flagged else "error" if old else "warning"
        asks = (getter, *length)
        return Case(rule, f"{name} for {getter}", version, flagged, outcome, mended, asks, level=level)

    yield case("a million", "1000000", "get", True, "'1e+06'", "'1000000'")
    yield case("a large number", "40960000", "get", True, "'4.096e+07'", "'40960000'")
    yield case("a large number", "40960000", "int", True, "ValueError", "40960000", old=True)
    yield case("a large number", "40960000", "getint", True, "40960000", "40960000")
    yield case("an account", "123456789012", "get", True, "'1.23456789012e+11'", "'123456789012'")
    yield case("hexadecimal", "0x100000", "get", True, "'1.048576e+06'", "'1048576'")
    yield case("with underscores", "1_048_576", "int", True, "ValueError", "1048576", old=True)
    yield case("below zero", "-1048576", "get", True, "'-1.048576e+06'", "'-1048576'")
    yield case("less than a million", "999999", "int", False, "999999", old=True)
    yield case("in quotes", '"40960000"', "int", False, "40960000", old=True)
    yield case("a tagged text", "!!str 40960000", "int", False, "40960000", old=True)
    span = values("core:\n  default_task_execution_timeout: 1209600\n")
    asks = ("gettimedelta", "core", "default_task_execution_timeout")
    yield Case(rule, "a time span", span, True, FAULT, "datetime.timedelta(days=14)", asks, level="error")
    wait = values("scheduler:\n  task_queued_timeout: 1209600\n")
    asks = ("getfloat", "scheduler", "task_queued_timeout")
    yield Case(rule, "a float", wait, False, "1209600.0", asks=asks)


def cases() -> Sequence[Case]:
    """All of them; what works is a case of every rule about XCom."""
    tables = (
        of_never_offloads,
        of_path_missing,
        of_connections,
        of_misspelt_names,
        of_backends,
        of_compressions,
        of_thresholds,
        of_disks,
        of_providers,
        of_comments,
        of_numbers,
    )
    found = [case for table in tables for case in table()]
    rules = sorted(
        {case.rule for case in found} - {"number-in-scientific-notation", "provider-needed-by-values"}
    )
    good = [Case(rule, name, files, False, outcome) for rule in rules for name, files, outcome in GOOD]
    return [*found, *good]
