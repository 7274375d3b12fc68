"""The tables of distributions, and what they answer."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from airwarden.distributions import extras, modules, names, schemes
from airwarden.distributions.names import Need

TABLES = Path(modules.__file__).parent.parent / "tables"
OURS = {
    "base_images": ["image", "airflow", "distribution"],
    "preinstalled_providers": ["airflow", "distribution"],
    "provider_dependencies": ["distribution", "brings"],
    "provider_extras": ["extra", "airflow", "requirement"],
    "providers": ["module", "distribution"],
    "third_party_libraries": ["module", "distribution"],
    "url_schemes": ["scheme", "used_for", "requirement"],
}
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
    assert all(len(row) == len(head) and all(row) for row in body)


@pytest.mark.parametrize("table", OURS)
def test_names_stand_in_tables_as_they_are_compared(table: str) -> None:
    head, *body = rows(table)
    columns = [i for i, name in enumerate(head) if name in ("distribution", "brings", "extra", "requirement")]
    names = {row[i] for row in body for i in columns}
    assert not {name for name in names if str(Need.parse(name)) != name}


def test_a_provider_is_named_after_its_module() -> None:
    _, *body = rows("providers")
    assert {module: module.removeprefix("airflow.providers.").replace(".", "-") for module, _ in body} == {
        module: distribution.removeprefix(AIRFLOW) for module, distribution in body
    }


def test_every_provider_that_a_table_names_is_known() -> None:
    known = {distribution for _, distribution in rows("providers")[1:]}
    tables = [row for table in OURS for row in rows(table)[1:]]
    named = {name for row in tables for cell in row for name in re.findall(rf"{AIRFLOW}[\w-]+", cell)}
    assert named - known == {f"{AIRFLOW}tabular"}


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


def test_extras_differ_between_the_series() -> None:
    amazon = {Need("apache-airflow-providers-amazon")}
    assert extras.by_extra("amazon", "2") == extras.by_extra("amazon", "3") == amazon
    assert extras.by_extra("aws", "2") == amazon
    assert extras.by_extra("aws", "3") == frozenset()
    assert extras.by_extra("S3FS", "3") == {Need("apache-airflow-providers-amazon", "s3fs")}
    assert extras.by_extra("cncf.kubernetes", "3") == {Need("apache-airflow-providers-cncf-kubernetes")}


def test_airflow_3_dropped_some_preinstalled_providers() -> None:
    gone = {name.removeprefix(AIRFLOW) for name in extras.preinstalled("2") - extras.preinstalled("3")}
    new = {name.removeprefix(AIRFLOW) for name in extras.preinstalled("3") - extras.preinstalled("2")}
    assert gone == {"fab", "ftp", "http", "imap", "sqlite"}
    assert new == {"standard"}


def test_an_image_is_known_by_its_series() -> None:
    assert f"{AIRFLOW}hashicorp" in extras.in_image("apache/airflow", "3")
    assert f"{AIRFLOW}amazon" in extras.in_image("astro-runtime", "2")
    assert f"{AIRFLOW}amazon" not in extras.in_image("astro-runtime", "3")
    assert extras.in_image("apache/airflow:slim", "3") == frozenset()


@pytest.mark.parametrize("text", ["[extra]", "two words", "name[open"])
def test_what_is_no_requirement_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        Need.parse(text)


def test_backports_count_as_what_they_became() -> None:
    assert names.canonical("Apache_Airflow.backport-providers_SSH") == "apache-airflow-providers-ssh"


def install(folder: Path, name: str, requires: Iterable[str]) -> None:
    """Makes a folder in which a distribution seems to be installed."""
    made = folder / f"{name}-3.3.2.dist-info"
    made.mkdir()
    lines = [f"Name: {name}", "Version: 3.3.2", *(f"Requires-Dist: {each}" for each in requires)]
    (made / "METADATA").write_text("\n".join(["Metadata-Version: 2.4", *lines, ""]), encoding="utf-8")


def compare(folder: Path) -> tuple[int, str]:
    script = Path(__file__).parent.parent / "scripts" / "check_provider_tables.py"
    run = subprocess.run(
        [sys.executable, str(script), str(folder)], capture_output=True, text=True, check=False
    )
    return run.returncode, run.stdout


def metadata_of_the_tables() -> list[str]:
    extras = [(extra, need) for extra, airflow, need in rows("provider_extras")[1:] if airflow == "3"]
    return [
        *(name for airflow, name in rows("preinstalled_providers")[1:] if airflow == "3"),
        *(f'{need}; extra == "{extra}"' for extra, need in extras),
    ]


def test_the_script_agrees_with_metadata_that_is_like_the_tables(tmp_path: Path) -> None:
    install(tmp_path, "apache_airflow_core", metadata_of_the_tables())
    assert compare(tmp_path) == (0, "")


def test_the_script_tells_what_differs(tmp_path: Path) -> None:
    requires = [each for each in metadata_of_the_tables() if each != f"{AIRFLOW}smtp"]
    install(
        tmp_path,
        "apache_airflow_core",
        [*requires, f"{AIRFLOW}ssh>=4", "apache-airflow[ssh]; extra == 'remote'"],
    )
    install(tmp_path, "apache_airflow_providers_sftp", [f"{AIRFLOW}http"])
    code, told = compare(tmp_path)
    assert code == 1
    assert told.splitlines() == [
        f"preinstalled in Airflow 3: the table lacks {AIRFLOW}ssh",
        f"preinstalled in Airflow 3: the table has {AIRFLOW}smtp too many",
        f"extra remote of Airflow 3: the table lacks {AIRFLOW}ssh",
        f"module of {AIRFLOW}sftp: the table has airflow.providers.sftp too many",
        f"what {AIRFLOW}sftp brings: the table lacks {AIRFLOW}http",
        f"what {AIRFLOW}sftp brings: the table has {AIRFLOW}ssh too many",
    ]


def test_the_script_needs_an_airflow(tmp_path: Path) -> None:
    assert compare(tmp_path) == (2, "")
