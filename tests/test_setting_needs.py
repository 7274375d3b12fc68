"""What values and settings need, each with its reason."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from airwarden.deployment.effective import Deployment
from airwarden.distributions import modules
from airwarden.distributions.names import Need
from airwarden.needs import asks
from airwarden.needs.asks import Ask
from airwarden.needs.conditions import counts
from airwarden.needs.executors import executors_in
from airwarden.needs.settings import SettingNeeds
from airwarden.needs.use import Use
from airwarden.repo import Repo

TABLES = Path(modules.__file__).parent.parent / "tables"
KEYS = {"brought_along": 2, "setting_needs": 3, "switch_needs": 4, "value_needs": 3}
"""My tables, with how many columns a row must have filled or may lack none of."""
AIRFLOW = "apache-airflow-providers-"


def rows(table: str) -> list[list[str]]:
    with (TABLES / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("table", KEYS)
def test_a_table_is_sorted_and_says_nothing_twice(table: str) -> None:
    head, *body = rows(table)
    assert body == sorted(body)
    assert len({tuple(row) for row in body}) == len(body)
    assert all(len(row) == len(head) for row in body)
    assert all(row[: min(KEYS[table], 2)] for row in body)


@pytest.mark.parametrize("table", KEYS)
def test_requirements_stand_as_they_are_compared(table: str) -> None:
    head, *body = rows(table)
    columns = [i for i, name in enumerate(head) if name in ("distribution", "brought_by", "requirement")]
    names = {row[i] for row in body for i in columns if row[i]}
    assert not {name for name in names if str(Need.parse(name)) != name}


def test_every_way_to_name_something_is_read() -> None:
    tables = {row[2] for table in ("setting_needs", "switch_needs") for row in rows(table)[1:]}
    read = {"any", "backends", "classes", "executors", "switch", *asks._READERS}
    assert tables == read


def test_classes_in_tables_belong_to_what_they_need() -> None:
    for kind, text, requirement, member, _ in rows("value_needs")[1:]:
        if member:
            assert modules.need_of_module(member) == Need.parse(requirement), (kind, text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("CeleryExecutor", "CeleryExecutor"),
        ("LocalExecutor, KubernetesExecutor", "LocalExecutor,KubernetesExecutor"),
        ("batch:CeleryExecutor", "CeleryExecutor"),
        ("CeleryExecutor:LocalExecutor", "LocalExecutor"),
        ("ecs:acme.ecs.EcsExecutor,LocalExecutor", "acme.ecs.EcsExecutor,LocalExecutor"),
        ("acme.ecs.EcsExecutor:ecs", "acme.ecs.EcsExecutor"),
        ("LocalExecutor;sales=CeleryExecutor", "LocalExecutor"),
        ("=LocalExecutor", "LocalExecutor"),
        ("{{ .Values.executor }}", ".Values.executor"),
        ("", ""),
    ],
)
def test_executors_are_told_apart_from_their_aliases(text: str, found: str) -> None:
    assert executors_in(text, has_teams=False, are_in_core=False) == found


def test_executors_of_teams_count_where_there_are_teams() -> None:
    text = "LocalExecutor;sales=CeleryExecutor,k:KubernetesExecutor;ops=acme.x.Executor"
    found = executors_in(text, has_teams=True, are_in_core=False)
    assert found == "LocalExecutor,CeleryExecutor,KubernetesExecutor,acme.x.Executor"
    assert executors_in(text, has_teams=True, are_in_core=True) == "acme.x.Executor"


@pytest.mark.parametrize(
    ("only_with", "unless", "counted"),
    [
        ("", "", True),
        ("on=true", "", True),
        ("on=false", "", False),
        ("off=false", "", True),
        ("none=true", "", False),
        ("none=false", "", False),
        ("on=true none", "", False),
        ("", "none none=true off=true", True),
        ("", "none on", False),
    ],
)
def test_conditions(only_with: str, unless: str, counted: bool) -> None:
    texts = {"on": "True", "off": "False"}
    assert counts(only_with, unless, lambda place: texts.get(place, "")) is counted


@pytest.mark.parametrize(
    ("kind", "text", "needs"),
    [
        ("auth", "AUTH_TYPE = AUTH_LDAP", ["python-ldap"]),
        ("backends", "airflow.providers.fab.auth_manager.api.auth.backend.basic_auth", []),
        ("backends", "airflow.providers.google.common.auth_backend.google_openid", [f"{AIRFLOW}google"]),
        ("auth", "  AUTH_TYPE: int = const.AUTH_OAUTH  # log in", ["authlib"]),
        ("auth", "# AUTH_TYPE = AUTH_LDAP\nAUTH_TYPE = AUTH_DB", []),
        ("broker", "redis://redis:6379/0", []),
        ("broker", "sqs://", ["boto3"]),
        ("classes", "acme.Backend airflow.providers.ssh.x.Y airflow.secrets.x.Y", [f"{AIRFLOW}ssh"]),
        ("codec", "zstd", ["zstandard"]),
        ("codec", "gzip", []),
        ("database", "postgresql+psycopg2://a:b@c/d", [f"{AIRFLOW}postgres"]),
        ("database", "mysql", [f"{AIRFLOW}mysql"]),
        ("database", "mysql+pymysql://a@b/c", ["pymysql"]),
        ("database", "sqlite:////opt/airflow/airflow.db", []),
        ("database", "{{ .Values.url }}", []),
        ("logs", "cloudwatch://arn:aws:logs", [f"{AIRFLOW}amazon"]),
        ("storage", "s3://aws@lake/xcom", [f"{AIRFLOW}amazon[s3fs]"]),
    ],
)
def test_what_a_value_names(kind: asks.Names, text: str, needs: list[str]) -> None:
    assert [str(use.need) for use in _asked(kind, "", text)] == needs


@pytest.mark.parametrize(("text", "is_needed"), [("True", True), ("t", True), ("'1'", True), ("yes", False)])
def test_a_switch_needs_what_it_switches_on(text: str, is_needed: bool) -> None:
    assert [str(use.need) for use in _asked("switch", "statsd", text)] == ["statsd"] * is_needed


@pytest.mark.parametrize(("text", "is_needed"), [("a", True), (" ", False), ("${HOST}", False)])
def test_any_text_needs_something_but_for_references(text: str, is_needed: bool) -> None:
    assert bool(_asked("any", "statsd", text)) is is_needed


VALUES = """\
executor: CeleryExecutor
statsd:
  enabled: true
config:
  core:
    executor: "LocalExecutor"
  secrets:
    backend: airflow.providers.hashicorp.secrets.vault.VaultBackend
env:
  - name: AIRFLOW_CONN_LAKE
    value: aws://
"""


def test_uses_of_values_say_where_what_and_how_bad(tmp_path: Path) -> None:
    (tmp_path / "values.yaml").write_text(VALUES, encoding="utf-8")
    repo = Repo(tmp_path)
    [values] = repo.values_files("values.yaml")
    found = repo.analysis(SettingNeeds).of_values(values)
    assert [(use.region.line, use.name, str(use.need), use.level) for use in found] == [
        (1, "executor", f"{AIRFLOW}celery", "error"),
        (3, "statsd.enabled", "statsd", "warning"),
        (8, "config.secrets.backend", f"{AIRFLOW}hashicorp", "error"),
        (11, "AIRFLOW_CONN_LAKE", f"{AIRFLOW}amazon", "warning"),
    ]
    assert [use.trusts_image for use in found] == [True, True, False, False]
    assert found[0].member == "airflow.providers.celery.executors.celery_executor.CeleryExecutor"
    assert found[2].member == "airflow.providers.hashicorp.secrets.vault.VaultBackend"
    assert all(use.harm for use in found if use.level == "warning")


def test_uses_of_settings_may_come_from_the_image(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM python:3.12\n", encoding="utf-8")
    lines = ["AIRFLOW__CORE__EXECUTOR=KubernetesExecutor", 'AIRFLOW_CONN_LAKE=\'{"conn_type": "aws"}\'']
    lines += ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD=mysql://", "AIRFLOW__EMAIL__EMAIL_BACKEND=acme.send"]
    (tmp_path / ".env").write_text("\n".join(lines), encoding="utf-8")
    found = _of_settings(tmp_path)
    assert [(use.name, str(use.need)) for use in found] == [("AIRFLOW_CONN_LAKE", f"{AIRFLOW}amazon")]
    (tmp_path / "Dockerfile").write_text("FROM python:3.12\nRUN pip install .\n", encoding="utf-8")
    found = _of_settings(tmp_path)
    assert [(use.region.line, str(use.need)) for use in found] == [
        (1, f"{AIRFLOW}cncf-kubernetes"),
        (2, f"{AIRFLOW}amazon"),
    ]
    assert all(use.trusts_image for use in found)


def test_every_option_stands_in_airflow_or_once_did() -> None:
    """Options that neither the tables of options know nor a provider adds are misspelt."""
    known = {f"{row[0]}.{row[1]}" for row in rows("plain_options")[1:] + rows("option_types")[1:]}
    sensitive = {row[0] for row in rows("sensitive_config")[1:]}
    mine = {f"{row[0]}.{row[1]}" for row in rows("setting_needs")[1:]}
    left = {name for name in mine - known if _variable(name) not in sensitive}
    assert left <= {"api.auth_backend", "core.sql_alchemy_conn", "fab.auth_backends", "lineage.backend"}


def _variable(option: str) -> str:
    section, _, key = option.rpartition(".")
    return re.sub(r"[^A-Z0-9_]", "_", f"AIRFLOW__{section}__{key}".upper())


def _asked(names: asks.Names, requirement: str, text: str) -> list[Use]:
    from airwarden.findings import Region

    ask = Ask(names, requirement, "load", trusts_image=True, level="error", harm="")
    return list(ask.uses(text, Region("values.yaml", 1, 1, 1, 1), "it"))


def _of_settings(root: Path) -> tuple[Use, ...]:
    repo = Repo(root)
    return repo.analysis(SettingNeeds).of_settings(repo.analysis(Deployment))
