"""What the charts know of secrets, and the values that count in a release of theirs."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from airwarden.chart_secrets import (
    built_ins,
    chart_version,
    key_aliases,
    official_keys,
    official_secret_keys,
    pairs,
    retired_keys,
    where_published,
)
from airwarden.config import Config
from airwarden.deployment.chart_values import ChartRelease, ChartReleases, is_model
from airwarden.deployment.indirections import base_of, is_heeded, is_known
from airwarden.engine import check
from airwarden.findings import Finding
from airwarden.registry import Registry
from airwarden.repo import Repo

TABLES = Path(__file__).parents[1] / "linter" / "airwarden" / "tables"
WHOLE = """airflowVersion: "3.1.5"
executor: CeleryExecutor
redis: {enabled: true}
scheduler: {replicas: 2}
dags: {gitSync: {enabled: true}}
"""


def releases(root: Path, files: dict[str, str], path: str) -> tuple[ChartRelease, ...]:
    """The releases of the values in one of some files."""
    repo = written(root, files)
    return repo.analysis(ChartReleases).of(repo.values_files(path)[0])


def written(root: Path, files: dict[str, str]) -> Repo:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return Repo(root)


def found(root: Path, rule: str, files: dict[str, str]) -> tuple[Finding, ...]:
    written(root, files)
    rules, _ = Registry().load([rule])
    config = Config.read(root)
    return check(Repo(root, config), None, config, rules).findings


@pytest.mark.parametrize(
    "name",
    [
        *("builtin_env", "chart_key_aliases", "chart_references", "official_chart_keys"),
        *("plain_options", "published_keys", "retired_chart_keys"),
    ],
)
def test_the_tables_are_sorted(name: str) -> None:
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as table:
        rows = [tuple(row) for row in csv.reader(table)][1:]
    assert rows == sorted(set(rows))


def test_the_tables_agree() -> None:
    tops = official_keys()[""]
    assert {pair.reference.partition(".")[0] for pair in pairs("official")} <= tops
    assert {each.reference.partition(".")[0] for each in built_ins().values()} <= tops
    assert {key.successor.partition(".")[0] for key in retired_keys()} <= tops
    meant = {key for keys in official_secret_keys().values() for key in keys}
    assert set(key_aliases().values()) <= meant
    assert all(keys <= official_keys()[parent] for parent, keys in official_secret_keys().items())


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1.18.0", (1, 18, 0)), ("v1.7.0", (1, 7, 0)), ("^1.7.0", None), ("1.x", None), ("", None)],
)
def test_only_an_exact_version_is_one(text: str, expected: tuple[int, int, int] | None) -> None:
    assert chart_version(text) == expected


@pytest.mark.parametrize(
    ("variable", "base"),
    [
        ("AIRFLOW__CORE__FERNET_KEY_CMD", "AIRFLOW__CORE__FERNET_KEY"),
        ("AIRFLOW__OPENSEARCH__HOST_SECRET", "AIRFLOW__OPENSEARCH__HOST"),
        ("AIRFLOW__API_AUTH__JWT_SECRET", None),
        ("AIRFLOW__API_AUTH__JWT_SECRET_SECRET", "AIRFLOW__API_AUTH__JWT_SECRET"),
        ("AIRFLOW__KEYCLOAK_AUTH_MANAGER__CLIENT_SECRET", None),
        ("AIRFLOW_CONN_AIRFLOW_DB_CMD", None),
        ("AIRFLOW__CORE__EXECUTOR", None),
    ],
)
def test_an_indirection_belongs_to_an_option(variable: str, base: str | None) -> None:
    assert base_of(variable) == base


def test_only_sensitive_options_are_heeded() -> None:
    assert is_heeded("AIRFLOW__CORE__FERNET_KEY")
    assert not is_heeded("AIRFLOW__ELASTICSEARCH__HOST")
    assert is_known("AIRFLOW__ELASTICSEARCH__HOST")
    assert is_known("AIRFLOW__CORE__EXECUTOR")
    assert not is_known("AIRFLOW__MY_TEAM__HOST")


def test_published_keys_are_known_by_their_hash() -> None:
    assert where_published("THIS IS UNSAFE!")
    assert where_published(" airflow_jwt_secret\n")
    assert where_published("") is None
    halves = ("7T512UXSSmBOkpWimFHIVb8", "jK6lfmSAvx4mO6Arehnc=")
    assert "default Fernet key" in (where_published("".join(halves)) or "")


def test_the_last_values_count(tmp_path: Path) -> None:
    files = {
        "values.yaml": WHOLE + "fernetKey: ${KEY}\ndata: {brokerUrlSecretName: broker}\n",
        "values-prod.yaml": WHOLE.replace("3.1.5", "3.2.0") + "fernetKey: ~\n",
    }
    (release,) = releases(tmp_path, files, "values-prod.yaml")
    assert release.told_airflow == (3, 2)
    assert release.text("data.brokerUrlSecretName") == "broker"
    assert release.entry("fernetKey") is not None
    assert not release.is_set("fernetKey")
    assert release.uses_celery is True
    assert release.is_whole


def test_what_a_script_or_other_values_may_give_is_not_lacking(tmp_path: Path) -> None:
    files = {
        "prod/airflow.yaml": WHOLE,
        "base/airflow.yaml": WHOLE + "jwtSecretName: jwt\n",
        "deploy.sh": "helm upgrade --set fernetKeySecretName=fernet",
    }
    (release,) = releases(tmp_path, files, "prod/airflow.yaml")
    assert not release.lacks("jwtSecretName")
    assert not release.lacks("fernetKeySecretName")
    assert release.lacks("apiSecretKeySecretName")
    assert not release.is_set("jwtSecretName")


def test_a_switch_is_unknown_where_other_values_may_turn_it(tmp_path: Path) -> None:
    files = {"prod/airflow.yaml": WHOLE, "base/airflow.yaml": WHOLE + "pgbouncer: {enabled: true}\n"}
    (release,) = releases(tmp_path, files, "prod/airflow.yaml")
    assert release.is_on("pgbouncer.enabled", False) is None
    assert release.is_on("redis.enabled", False) is True
    assert release.is_on("statsd.enabled", True) is True


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("values.yaml", False),
        ("values.example.yaml", True),
        ("examples/prod/values.yaml", True),
        ("default-values-reference.yaml", True),
        ("district/values.yaml", False),
    ],
)
def test_an_example_is_known_by_its_name(tmp_path: Path, path: str, expected: bool) -> None:
    repo = written(tmp_path, {path: WHOLE})
    assert is_model(repo.values_files(path)[0], repo) is expected


def test_the_version_of_the_chart_comes_from_its_umbrella(tmp_path: Path) -> None:
    chart = "name: platform\ndependencies:\n  - {name: airflow, version: %s, repository: https://airflow.apache.org}\n"
    values = {"values.yaml": "airflow: {executor: CeleryExecutor, airflowVersion: 3.1.5}\n"}
    (release,) = releases(tmp_path, {**values, "Chart.yaml": chart % "1.20.0"}, "values.yaml")
    assert release.version == (1, 20, 0)
    (release,) = releases(tmp_path, {**values, "Chart.yaml": chart % "1.x.x"}, "values.yaml")
    assert release.version is None


def test_a_list_becomes_a_text(tmp_path: Path) -> None:
    text = WHOLE + "extraEnv:\n  - name: TEAM\n    value: data\n"
    (finding,) = found(tmp_path, "extra-env-not-a-string", {"values.yaml": text})
    assert finding.fix is not None
    (edit,) = finding.fix.edits
    assert edit.text == " |-"
    assert (edit.region.line, edit.region.column) == (6, 10)


@pytest.mark.parametrize("text", ["extraEnv: [{name: TEAM, value: data}]\n", "extraEnv:\n- name: TEAM\n"])
def test_what_can_not_become_a_text_has_no_fix(tmp_path: Path, text: str) -> None:
    (finding,) = found(tmp_path, "extra-env-not-a-string", {"values.yaml": WHOLE + text})
    assert finding.fix is None


def test_the_fix_of_a_quoted_switch_is_safe(tmp_path: Path) -> None:
    text = WHOLE + "enableBuiltInSecretEnvVars:\n  AIRFLOW__CORE__FERNET_KEY: 'False'\n"
    (finding,) = found(tmp_path, "builtin-secret-env-misspelt", {"values.yaml": text})
    assert finding.fix is not None
    assert finding.fix.safe
    assert [edit.text for edit in finding.fix.edits] == ["false"]


def test_a_published_fernet_key_is_found_wherever_it_stands(tmp_path: Path) -> None:
    key = "".join(("46BKJoQYlPPOexq0Oh", "DZnIlNepKFf87WFwLbfzqDDho="))
    files = {
        "values.yaml": WHOLE
        + f"fernetKey: {key}\nextraEnv: |\n  - name: AIRFLOW__CORE__FERNET_KEY\n    value: {key}\n",
        "airflow.cfg": f"[core]\nfernet_key = {key}\n",
        "Dockerfile": f"FROM apache/airflow:3.1.5\nENV AIRFLOW__CORE__FERNET_KEY={key}\n",
        "docker-compose.yaml": "services:\n  worker:\n    image: apache/airflow:3.1.5\n    environment:\n"
        f"      AIRFLOW__CORE__FERNET_KEY: ${{FERNET_KEY:-{key}}}\n",
    }
    findings = found(tmp_path, "published-default-key", files)
    assert sorted((each.region.path, each.level) for each in findings) == [
        ("Dockerfile", "error"),
        ("airflow.cfg", "error"),
        ("docker-compose.yaml", "warning"),
        ("values.yaml", "error"),
        ("values.yaml", "error"),
    ]
    assert all(each.secret and key[:8] not in each.message for each in findings)
