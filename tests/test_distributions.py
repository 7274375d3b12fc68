"""The tables of distributions, and what they answer."""

from __future__ import annotations

import ast
import csv
import datetime
import re
import subprocess
import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

import pytest
from airwarden.distributions import (
    connection_types,
    extras,
    lifetimes,
    minors,
    modules,
    names,
    releases,
    schemes,
    shims,
    task_decorators,
)
from airwarden.distributions.lifetimes import Lifetime
from airwarden.distributions.names import Need
from airwarden.distributions.releases import Removal
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

TABLES = Path(modules.__file__).parent.parent / "tables"
OURS = {
    "argument_lifetimes": ["class", "since", "arguments"],
    "base_images": ["image", "airflow", "distribution"],
    "connection_types": ["conn_type", "distribution"],
    "core_shims": ["name", "distribution", "since", "until"],
    "extra_successors": ["extra", "successor"],
    "lifetimes": ["name", "since", "until"],
    "preinstalled_providers": ["distribution", "since", "until"],
    "provider_dependencies": ["distribution", "brings"],
    "provider_extras": ["extra", "requirement", "since", "until"],
    "provider_own_extras": ["distribution", "extra", "brings"],
    "provider_releases": ["distribution", "airflow", "python", "versions"],
    "providers": ["module", "distribution"],
    "removed_providers": ["distribution", "last", "successor"],
    "table_dates": ["source", "date"],
    "task_decorators": ["variant", "distribution"],
    "third_party_libraries": ["module", "distribution"],
    "url_schemes": ["scheme", "used_for", "requirement"],
}
MAY_BE_EMPTY = {"airflow", "brings", "python", "requirement", "since", "successor", "until"}
COMPARED = ("distribution", "brings", "extra", "requirement", "successor")
AIRFLOW = "apache-airflow-providers-"


def rows(table: str) -> list[list[str]]:
    with (TABLES / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("table", OURS)
def test_a_table_is_sorted_and_says_nothing_twice(table: str) -> None:
    head, *body = rows(table)
    assert head == OURS[table]
    assert body == sorted(body)
    assert len({tuple(row) for row in body}) == len(body)
    assert all(len(row) == len(head) for row in body)
    assert all(cell or name in MAY_BE_EMPTY for row in body for name, cell in zip(head, row, strict=True))


@pytest.mark.parametrize("table", OURS)
def test_names_stand_in_tables_as_they_are_compared(table: str) -> None:
    head, *body = rows(table)
    columns = [i for i, name in enumerate(head) if name in COMPARED]
    names = {row[i] for row in body for i in columns if row[i]}
    assert not {name for name in names if str(Need.parse(name)) != name}


def test_a_provider_is_named_after_its_module() -> None:
    _, *body = rows("providers")
    assert {module: module.removeprefix("airflow.providers.").replace(".", "-") for module, _ in body} == {
        module: distribution.removeprefix(AIRFLOW) for module, distribution in body
    }


def test_every_provider_that_a_table_names_is_known() -> None:
    known = {distribution for _, distribution in rows("providers")[1:]}
    tables = [row for table in OURS if table != "third_party_libraries" for row in rows(table)[1:]]
    named = {name for row in tables for cell in row for name in re.findall(rf"{AIRFLOW}[\w-]+", cell)}
    assert named - known == {f"{AIRFLOW}apache-atlas"}, "an extra of Airflow asked for one that never was"


def test_the_tables_say_when_they_were_made() -> None:
    dates = {source: datetime.date.fromisoformat(date) for source, date in rows("table_dates")[1:]}
    assert dates.keys() == {"history", "tables"}
    assert datetime.date(2026, 1, 1) < dates["history"] < dates["tables"]


@pytest.mark.parametrize("table", ["core_shims", "preinstalled_providers", "provider_extras"])
def test_ranges_of_minor_versions_are_in_order(table: str) -> None:
    for *_, since, until in rows(table)[1:]:
        assert tuple(map(int, since.split("."))) < tuple(map(int, (until or "99.0").split(".")))


def test_lifetimes_are_in_order_and_of_releases() -> None:
    known = {
        row[0]: {each.version for each in releases.releases(row[0])} for row in rows("provider_releases")[1:]
    }
    for name, since, until in rows("lifetimes")[1:]:
        need = modules.need_of_module(name)
        assert need is not None, name
        assert since or until, name
        assert {since, until} - {""} <= known[need.distribution], name
        assert Version(since or "0") < Version(until or "9999"), name


def test_specifiers_and_versions_can_be_read() -> None:
    for distribution, airflow, python, versions in rows("provider_releases")[1:]:
        assert SpecifierSet(airflow) is not None
        assert SpecifierSet(python) is not None
        assert versions.split() == sorted(versions.split(), key=Version), distribution
        assert not any(Version(each).is_prerelease for each in versions.split())


def test_the_long_tables_stay_small() -> None:
    assert (TABLES / "lifetimes.csv").stat().st_size < 1_000_000
    assert (TABLES / "argument_lifetimes.csv").stat().st_size < 600_000


@pytest.mark.parametrize(
    ("dotted", "package", "need"),
    [
        ("airflow.providers.ssh", "airflow.providers.ssh", "apache-airflow-providers-ssh"),
        (
            "airflow.providers.apache.spark.hooks.spark_sql.SparkSqlHook",
            "airflow.providers.apache.spark",
            "apache-airflow-providers-apache-spark",
        ),
        (
            "airflow.providers.dbt.cloud.hooks",
            "airflow.providers.dbt.cloud",
            "apache-airflow-providers-dbt-cloud",
        ),
        ("cosmos.airflow.dag.DbtDag", "cosmos", "astronomer-cosmos"),
        ("airflow.providers", None, None),
        ("airflow.providers.acme.hooks", None, None),
        ("airflow.providers.sshx", None, None),
        ("airflow.sdk.DAG", None, None),
        ("pandas", None, None),
    ],
)
def test_the_longest_known_package_counts(dotted: str, package: str | None, need: str | None) -> None:
    assert modules.package_of(dotted) == package
    assert modules.need_of_module(dotted) == (None if need is None else Need(need))


@pytest.mark.parametrize(
    ("url", "storage", "logs"),
    [
        ("s3://conn@bucket/xcom", "amazon[s3fs]", "amazon"),
        ("S3A://bucket", "amazon[s3fs]", None),
        ("gs://bucket", "google", "google"),
        ("abfs://conn@container/x", "microsoft-azure", None),
        ("cloudwatch://arn:aws:logs", None, "amazon"),
        ("wasb-logs", None, "microsoft-azure"),
        ("/opt/airflow/logs", None, None),
        ("file:///opt/airflow", None, None),
        ("", None, None),
    ],
)
def test_a_scheme_needs_a_provider(url: str, storage: str | None, logs: str | None) -> None:
    found = [schemes.need_of_url(url, "storage"), schemes.need_of_url(url, "logs")]
    assert [need and str(need).removeprefix(AIRFLOW) for need in found] == [storage, logs]


def needs(*texts: str) -> set[Need]:
    return {Need.parse(f"{AIRFLOW}{text}") for text in texts}


def test_what_an_extra_brings_depends_on_the_version_of_airflow() -> None:
    amazon = needs("amazon")
    assert extras.by_extra("amazon", (2, 0)) == extras.by_extra("amazon", (3, 3)) == amazon
    assert extras.by_extra("aws", (2, 0)) == {Need("boto3"), Need("watchtower")}
    assert extras.by_extra("aws", (2, 1)) == extras.by_extra("AWS", (2, 11)) == amazon
    assert extras.by_extra("aws", (3, 0)) == frozenset()
    assert extras.by_extra("S3FS", (3, 2)) == needs("amazon[s3fs]")
    assert extras.by_extra("cncf.kubernetes", (3, 0)) == needs("cncf-kubernetes")
    assert extras.by_extra("google_auth", (2, 9)) == needs("fab")
    assert extras.by_extra("amazon", (1, 10)) == frozenset()


def test_an_unknown_version_of_airflow_is_like_the_one_before() -> None:
    assert extras.by_extra("ssh", (3, 99)) == needs("ssh")
    assert extras.by_extra("aws", (2, 99)) == needs("amazon")


def test_all_brings_providers() -> None:
    assert needs("amazon", "slack", "ssh") <= extras.by_extra("all", (2, 0))
    assert needs("amazon", "slack", "ssh", "git") <= extras.by_extra("all", (3, 3))
    assert not needs("git") <= extras.by_extra("all", (2, 11))
    assert all(names.is_provider(need.distribution) for need in extras.by_extra("all", (3, 3)))


def test_dropped_extras_are_no_longer_known() -> None:
    known = ("aws", "crypto", "all", "devel-ci", "kerberos", "amazon-aws-auth", "aswan")
    assert [extras.knows_extra(extra, (2, 5)) for extra in known] == [
        True,
        True,
        True,
        True,
        True,
        False,
        False,
    ]
    assert [extras.knows_extra(extra, (3, 1)) for extra in known] == [
        False,
        False,
        True,
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("extra", "successor"),
    [
        *[("aws", "amazon"), ("s3", "amazon"), ("azure", "microsoft-azure"), ("gcp", "google")],
        *[("gcp_api", "google"), ("kubernetes", "cncf-kubernetes"), ("spark", "apache-spark")],
        *[("hdfs", "apache-hdfs"), ("webhdfs", "apache-webhdfs"), ("hive", "apache-hive")],
        *[("druid", "apache-druid"), ("pinot", "apache-pinot"), ("cassandra", "apache-cassandra")],
        *[("atlas", "apache-atlas"), ("mssql", "microsoft-mssql"), ("winrm", "microsoft-winrm")],
        *[("crypto", None), ("devel", None), ("amazon", None), ("nothing", None)],
    ],
)
def test_dropped_extras_have_successors(extra: str, successor: str | None) -> None:
    assert extras.successor_of_extra(extra) == successor


def test_preinstalled_providers_differ_between_versions_of_airflow() -> None:
    old, middle, new = (
        {name.removeprefix(AIRFLOW) for name in extras.preinstalled(minor)}
        for minor in ((2, 0), (2, 11), (3, 0))
    )
    assert old == {"ftp", "http", "imap", "sqlite"}
    assert middle - new == {"fab", "ftp", "http", "imap", "sqlite"}
    assert new - middle == {"standard"}


def test_a_provider_brings_others() -> None:
    assert f"{AIRFLOW}common-sql" in extras.brought_by(f"{AIRFLOW}postgres")
    assert f"{AIRFLOW}ssh" in extras.brought_by(f"{AIRFLOW}sftp")
    assert extras.brought_by(f"{AIRFLOW}nobody") == frozenset()


def test_a_provider_has_extras_of_its_own() -> None:
    assert {"s3fs", "cncf-kubernetes"} <= extras.own_extras(f"{AIRFLOW}amazon")
    assert extras.brought_by_own_extra(f"{AIRFLOW}amazon", "cncf.kubernetes") == {f"{AIRFLOW}cncf-kubernetes"}
    assert extras.brought_by_own_extra(f"{AIRFLOW}amazon", "s3fs") == frozenset()
    assert f"{AIRFLOW}apache-beam" in extras.brought_by_own_extras(f"{AIRFLOW}google")


def test_releases_come_oldest_first() -> None:
    known = releases.releases(f"{AIRFLOW}slack")
    versions = [each.version for each in known]
    assert versions == sorted(versions, key=Version)
    assert {"1.0.0", "7.3.0", "8.9.2", "9.0.0"} <= set(versions)
    told = {each.version: (each.airflow, each.python) for each in known}
    assert told["7.3.0"] == (">=2.4.0", "~=3.7")
    assert told["9.0.0"] == (">=2.9.0", "~=3.9")
    assert releases.releases("no-such-distribution") == ()


def test_airflow_has_releases_too() -> None:
    known = {each.version: each for each in releases.releases("apache-airflow")}
    assert {"1.10.15", "2.0.0", "2.10.5", "3.3.2"} <= known.keys()
    assert not any(each.airflow for each in known.values())
    assert SpecifierSet(known["2.7.3"].python) == SpecifierSet("~=3.8,<3.12")


def test_the_last_of_each_series_are_those_of_the_table() -> None:
    known = {Version(each.version).release[:2] for each in releases.releases("apache-airflow")}
    last = tuple(max(each for each in known if each[0] == major) for major in (2, 3))
    assert last == minors.LAST_OF_SERIES


@pytest.mark.parametrize(
    ("distribution", "last", "successor"),
    [
        ("apache-sqoop", "4.2.1", ""),
        ("daskexecutor", "1.1.1", ""),
        ("jira", "3.1.0", f"{AIRFLOW}atlassian-jira"),
        ("plexus", "3.4.1", ""),
        ("qubole", "3.4.3", ""),
        ("tabular", "1.6.1", f"{AIRFLOW}apache-iceberg"),
    ],
)
def test_some_providers_were_given_up(distribution: str, last: str, successor: str) -> None:
    assert releases.removal(f"{AIRFLOW}{distribution}") == Removal(last, successor)
    assert releases.releases(f"{AIRFLOW}{distribution}")[-1].version == last


def test_no_other_provider_was_given_up() -> None:
    assert len(rows("removed_providers")) == 7
    assert releases.removal(f"{AIRFLOW}apache-beam") is None
    assert releases.removal("pandas") is None


@pytest.mark.parametrize(
    ("dotted", "airflow", "provider"),
    [
        ("airflow.operators.bash.BashOperator", (3, 1), "standard"),
        ("airflow.operators.bash", (3, 1), "standard"),
        ("airflow.operators.bash.BashOperator", (2, 11), None),
        ("airflow.operators.python.PythonOperator", (3, 0), "standard"),
        ("airflow.operators.python.get_current_context", (3, 0), None),
        ("airflow.operators.python", (3, 0), None),
        ("airflow.operators.email.EmailOperator", (3, 3), "smtp"),
        ("airflow.contrib.hooks.aws_hook", (2, 1), "amazon"),
        ("airflow.contrib.hooks.aws_hook.AwsHook", (2, 0), "amazon"),
        ("airflow.contrib.hooks.aws_hook.AwsHook", (2, 9), "amazon"),
        ("airflow.contrib.hooks.aws_hook.AwsHook", (3, 0), None),
        ("airflow.hooks.dbapi.DbApiHook", (2, 3), None),
        ("airflow.hooks.dbapi.DbApiHook", (2, 4), "common-sql"),
        ("airflow.executors.celery_executor.CeleryExecutor", (2, 6), None),
        ("airflow.executors.celery_executor.CeleryExecutor", (2, 7), "celery"),
        ("airflow.models.DAG", (3, 0), None),
        ("airflow", (2, 0), None),
    ],
)
def test_some_of_the_core_needs_a_provider(
    dotted: str, airflow: tuple[int, int], provider: str | None
) -> None:
    assert shims.need_behind(dotted, airflow) == (None if provider is None else Need(f"{AIRFLOW}{provider}"))


@pytest.mark.parametrize(
    ("conn_type", "provider"),
    [
        *[("google_cloud_platform", "google"), ("google-cloud-platform", "google"), ("AWS", "amazon")],
        *[("slackwebhook", "slack"), ("kubernetes", "cncf-kubernetes"), ("postgres", "postgres")],
        *[("wasb", "microsoft-azure"), ("spark_connect", "apache-spark"), ("acme", None), ("", None)],
    ],
)
def test_a_type_of_connection_needs_a_provider(conn_type: str, provider: str | None) -> None:
    found = connection_types.need_of_connection_type(conn_type)
    assert found == (None if provider is None else Need(f"{AIRFLOW}{provider}"))


@pytest.mark.parametrize(
    ("variant", "provider"),
    [
        *[("docker", "docker"), ("kubernetes", "cncf-kubernetes"), ("kubernetes_cmd", "cncf-kubernetes")],
        *[
            ("pyspark", "apache-spark"),
            ("snowpark", "snowflake"),
            ("sql", "common-sql"),
            ("agent", "common-ai"),
        ],
        *[("bash", None), ("virtualenv", None), ("acme", None)],
    ],
)
def test_a_decorator_of_tasks_needs_a_provider(variant: str, provider: str | None) -> None:
    found = task_decorators.need_of_task_decorator(variant)
    assert found == (None if provider is None else Need(f"{AIRFLOW}{provider}"))


PROVIDERS = "airflow.providers"


@pytest.mark.parametrize(
    ("dotted", "lifetime"),
    [
        ("slack.notifications.slack", ("7.3.0", "")),
        ("slack.notifications.slack.SlackNotifier", ("7.3.0", "")),
        ("slack.notifications.slack.send_slack_notification", ("7.3.0", "")),
        ("slack.notifications.slack.SlackNotifier.async_notify", ("9.4.0", "")),
        ("smtp.notifications.smtp.SmtpNotifier.async_notify", ("2.3.0", "")),
        ("slack.notifications.slack_notifier.SlackNotifier", ("7.2.0", "9.0.0")),
        ("slack.notifications.slack_webhook.SlackWebhookNotifier", ("8.1.0", "")),
        ("pagerduty.notifications.pagerduty.PagerdutyNotifier", ("3.3.0", "")),
        ("opsgenie.notifications.opsgenie.OpsgenieNotifier", ("5.3.0", "")),
        ("discord.notifications.discord.DiscordNotifier", ("3.3.0", "")),
        ("smtp.notifications.smtp.SmtpNotifier", ("1.2.0", "")),
        ("http.notifications.http.HttpNotifier", ("5.5.0", "")),
        ("amazon.aws.notifications.sns.SnsNotifier", ("8.7.0", "")),
        ("amazon.aws.notifications.sqs.SqsNotifier", ("8.7.0", "")),
        ("amazon.aws.notifications.chime.ChimeNotifier", ("8.3.0", "")),
        ("atlassian.jira.notifications.jira.JiraNotifier", ("2.3.0", "")),
        ("common.io.xcom.backend.XComObjectStorageBackend", ("1.3.1", "")),
        ("common.io.xcom.backend.XComObjectStoreBackend", ("1.3.0", "1.3.1")),
        ("opsgenie.operators.opsgenie_alert", ("", "5.0.0")),
        ("yandex.secrets.lockbox.LockboxSecretBackend", ("3.8.0", "")),
        ("amazon.aws.hooks.s3.S3Hook", None),
        ("hashicorp.secrets.vault.VaultBackend", None),
        ("apprise.notifications.apprise.AppriseNotifier", None),
        ("slack", None),
    ],
)
def test_modules_and_classes_come_and_go(dotted: str, lifetime: tuple[str, str] | None) -> None:
    found = lifetimes.lifetime(f"{PROVIDERS}.{dotted}")
    assert found == (None if lifetime is None else Lifetime(*lifetime))


def test_of_other_modules_no_lifetime_is_known() -> None:
    assert [lifetimes.lifetime(dotted) for dotted in ("pandas", "airflow.models.DAG", "")] == [None] * 3


@pytest.mark.parametrize(
    ("dotted", "argument", "since"),
    [
        ("slack.notifications.slack.SlackNotifier", "unfurl_links", "8.8.0"),
        ("slack.notifications.slack.SlackNotifier", "proxy", "8.3.0"),
        ("slack.notifications.slack.SlackNotifier", "text", None),
        ("slack.notifications.slack.SlackNotifier", "no_such_argument", None),
        ("smtp.notifications.smtp.SmtpNotifier", "template", "1.6.1"),
        ("smtp.notifications.smtp.SmtpNotifier", "auth_type", "2.2.0"),
        ("hashicorp.hooks.vault.VaultHook", "region", None),
        ("no.such.Class", "argument", None),
    ],
)
def test_constructors_are_given_arguments(dotted: str, argument: str, since: str | None) -> None:
    assert lifetimes.argument_since(f"{PROVIDERS}.{dotted}", argument) == since


def test_an_image_is_known_by_its_series() -> None:
    assert f"{AIRFLOW}hashicorp" in extras.in_image("apache/airflow", (3, 0))
    assert f"{AIRFLOW}amazon" in extras.in_image("astro-runtime", (2, 10))
    assert f"{AIRFLOW}amazon" not in extras.in_image("astro-runtime", (3, 1))
    assert extras.in_image("apache/airflow:slim", (3, 1)) == frozenset()


@pytest.mark.parametrize("text", ["[extra]", "two words", "name[open"])
def test_what_is_no_requirement_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        Need.parse(text)


def test_backports_count_as_what_they_became() -> None:
    assert names.canonical("Apache_Airflow.backport-providers_SSH") == "apache-airflow-providers-ssh"


SAMPLE_NAMES = """
airbyte amazon apache-beam apache-cassandra apache-druid apache-hdfs apache-hive apache-iceberg apache-kafka
apache-livy apache-spark atlassian-jira celery cncf-kubernetes common-ai common-compat common-io common-sql
databricks dbt-cloud discord docker elasticsearch fab ftp git google hashicorp http imap microsoft-azure
microsoft-mssql mongo mysql odbc openlineage opsgenie oracle pagerduty postgres redis sftp slack smtp
snowflake sqlite ssh standard trino
"""
SAMPLE = SAMPLE_NAMES.split()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Distribution]:
    """Airflow and the sample of providers, each in the newest version that the tables know."""
    folder = tmp_path_factory.mktemp("installed")
    wanted = ["apache-airflow", *(f"{AIRFLOW}{name}" for name in SAMPLE)]
    exact = [f"{name}=={releases.releases(name)[-1].version}" for name in wanted]
    exact.append(exact[0].replace("airflow==", "airflow-core=="))
    options = ["--quiet", "--no-deps", "--no-compile", "--only-binary=:all:", "--ignore-requires-python"]
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(folder), *exact]
    subprocess.run(command, check=True, capture_output=True)
    return {names.normalised(each.name): each for each in distributions(path=[str(folder)])}


def asked(found: Distribution, extra: str = "") -> set[Need]:
    """What a distribution requires, always or for one extra of its own."""
    wanted = [Requirement(line) for line in found.requires or ()]
    extras_of = {each: re.findall(r"extra == \"([^\"]+)\"", str(each.marker)) for each in wanted}
    mine = [
        each
        for each in wanted
        if [names.normalised(name) for name in extras_of[each]] == ([extra] if extra else [])
    ]
    return {
        Need(names.normalised(each.name), asks)
        for each in mine
        for asks in sorted(map(names.normalised, each.extras)) or [""]
    }


def info(found: Distribution, module: str) -> dict[str, list[Any]]:
    """What a provider tells Airflow of itself, read and not run."""
    path = Path(str(found.locate_file(f"{module.replace('.', '/')}/get_provider_info.py")))
    returned = [
        node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Return)
    ]
    told: dict[str, list[Any]] = ast.literal_eval(returned[0] or ast.Constant(None))
    return told


@pytest.mark.real
def test_the_sample_is_large_enough(installed: dict[str, Distribution]) -> None:
    assert len(installed.keys() - {"apache-airflow", "apache-airflow-core"}) == len(set(SAMPLE)) >= 40


@pytest.mark.real
@pytest.mark.parametrize("name", SAMPLE)
def test_the_tables_agree_with_an_installed_provider(name: str, installed: dict[str, Distribution]) -> None:
    found = installed[f"{AIRFLOW}{name}"]
    [point] = [each for each in found.entry_points if each.group == "apache_airflow_provider"]
    module, release = (
        point.value.partition(".get_provider_info")[0],
        releases.releases(f"{AIRFLOW}{name}")[-1],
    )
    assert modules.need_of_module(module) == Need(f"{AIRFLOW}{name}")
    assert SpecifierSet(release.python) == SpecifierSet(found.metadata["Requires-Python"])
    [airflow] = [
        each for line in found.requires or () if (each := Requirement(line)).name == "apache-airflow"
    ]
    assert SpecifierSet(release.airflow) == airflow.specifier
    brought = {need.distribution for need in asked(found) if names.is_provider(need.distribution)}
    assert extras.brought_by(f"{AIRFLOW}{name}") == brought
    own = {names.normalised(extra) for extra in found.metadata.get_all("Provides-Extra") or ()}
    assert extras.own_extras(f"{AIRFLOW}{name}") == own
    for extra in own:
        by_extra = {need.distribution for need in asked(found, extra) if names.is_provider(need.distribution)}
        assert extras.brought_by_own_extra(f"{AIRFLOW}{name}", extra) == by_extra


@pytest.mark.real
@pytest.mark.parametrize("name", SAMPLE)
def test_the_tables_agree_with_what_a_provider_tells(name: str, installed: dict[str, Distribution]) -> None:
    module = next(row[0] for row in rows("providers") if row[1] == f"{AIRFLOW}{name}")
    told = info(installed[f"{AIRFLOW}{name}"], module)
    types = {each["connection-type"] for each in told.get("connection-types", ())}
    assert types == {row[0] for row in rows("connection_types") if row[1] == f"{AIRFLOW}{name}"}
    variants = {each["name"] for each in told.get("task-decorators", ())} if name != "standard" else set()
    assert variants == {row[0] for row in rows("task_decorators") if row[1] == f"{AIRFLOW}{name}"}


def holds(folder: Path, dotted: str) -> bool:
    """Whether a module, or a name at the top of one, is in a folder of sources."""
    path = folder / dotted.replace(".", "/")
    if path.is_dir() or path.with_suffix(".py").is_file():
        return True
    name = dotted.rpartition(".")[2]
    inner = [parent for parent in path.parents if folder in parent.parents]
    above = [file for parent in inner for file in (parent.with_suffix(".py"), parent / "__init__.py")]
    files = [file for file in above if file.is_file()][:1]
    binds = rf"(?:class|def) {name}\b|\b{name}\b *(?:=|,|:|$)|import .*\b{name}\b|import \*|__getattr__"
    return any(re.search(binds, file.read_text("utf-8"), re.MULTILINE) for file in files)


@pytest.mark.real
@pytest.mark.parametrize("name", SAMPLE)
def test_lifetimes_agree_with_an_installed_provider(name: str, installed: dict[str, Distribution]) -> None:
    folder = Path(str(installed[f"{AIRFLOW}{name}"].locate_file("")))
    mine = [
        row for row in rows("lifetimes")[1:] if modules.need_of_module(row[0]) == Need(f"{AIRFLOW}{name}")
    ]
    assert not [row for row in mine if not row[2] and not holds(folder, row[0])]
    gone = [row[0] for row in mine if row[2]]
    assert not [each for each in gone if (folder / each.replace(".", "/")).with_suffix(".py").is_file()]


@pytest.mark.real
def test_the_tables_agree_with_an_installed_airflow(installed: dict[str, Distribution]) -> None:
    minor = (3, 3)
    known = {row[0] for row in rows("provider_extras")[1:]}
    cores = [installed["apache-airflow"], installed["apache-airflow-core"]]
    always = {
        need.distribution for core in cores for need in asked(core) if names.is_provider(need.distribution)
    }
    assert extras.preinstalled(minor) == always
    own = {
        names.normalised(extra) for core in cores for extra in core.metadata.get_all("Provides-Extra") or ()
    }
    assert {extra for extra in known if extras.knows_extra(extra, minor)} == own
    for extra in own:
        direct = asked(cores[0], extra)
        providers = {need for need in direct if names.is_provider(need.distribution)}
        brought = {need for need in extras.by_extra(extra, minor) if names.is_provider(need.distribution)}
        is_plain = not any(names.is_airflow(need.distribution) for need in direct - providers)
        assert brought == providers if is_plain else brought >= providers, extra
