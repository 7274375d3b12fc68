"""Secrets in settings files: which are for trying things, and what each is worth where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from airwarden.credentials.backends import argument_of, backend_credentials, is_credential
from airwarden.credentials.trial import is_for_trial, is_local_host, urls_are_for_trial
from airwarden.deployment.secrets_backends import json_fault
from airwarden.deployment.setting_secrets import SettingSecrets
from airwarden.deployment.settings import default_of
from airwarden.repo import Repo

if TYPE_CHECKING:
    from tests.conftest import MakeRepository

REAL = "n0t-4-r3al-s3cret-x9"
VARIABLE = "AIRFLOW__SECRETS__BACKEND_KWARGS"


@pytest.mark.parametrize(
    "text",
    [
        "airflow",
        "postgres",
        "admin123",
        "neo4j123456",
        "supersecretkey",
        "super-secret-airflow-key-2026",
        "made-up-string",
        "P@ssw0rd123",
        "MINIO_SECRET_KEY",
        "hjkim",
        "1234567890",
        "q7W" + "m0" * 8,
        "x",
    ],
)
def test_words_are_for_trial(text: str) -> None:
    assert is_for_trial(text)


@pytest.mark.parametrize(
    "text",
    [
        "krbktrbvlsthxmto",
        "tr4N5p0RT4TI0N",
        "XkQpLzWvRtYm",
        "26576147927211",
        "0123456789abcdef0123456789abcdef",
        "n0t/4/r3al+k3y==",
        REAL,
    ],
)
def test_what_looks_made_by_a_machine_is_not(text: str) -> None:
    assert not is_for_trial(text)


def test_hosts_that_are_near() -> None:
    near = ["", "postgres", "localhost:5432", "127.0.0.1", "host.docker.internal:5432", "celery-broker:9324"]
    far = ["db.shop.example", "10.0.0.5", "postgres.airflow.svc", "db.prod.internal:5432"]
    assert [host for host in (*near, *far) if is_local_host(host)] == near


def test_urls_for_trial() -> None:
    assert urls_are_for_trial("db+postgresql://airflow:airflow@postgres/airflow")
    assert not urls_are_for_trial("db+postgresql://airflow:airflow@db.shop.example/airflow")
    assert not urls_are_for_trial(f"redis://:{REAL}@redis:6379/0")
    assert not urls_are_for_trial("no url")


@pytest.mark.parametrize(
    ("name", "text", "level"),
    [
        ("docker-compose.yml", "AIRFLOW__CORE__FERNET_KEY: " + REAL, "error"),
        ("docker-compose.yml", "AIRFLOW__API__SECRET_KEY: bar", "note"),
        ("docker-compose.yml", "POSTGRES_PASSWORD: airflow", None),
        ("docker-compose.yml", "AIRFLOW_CONN_X: postgres://shop:shop@postgres/shop", None),
        ("docker-compose.yml", "AIRFLOW_CONN_X: postgres://shop:shop@db.shop.example/shop", "error"),
        ("docker-compose.yml", "AIRFLOW__API__SECRET_KEY: ${KEY:-bar}", None),
        ("docker-compose.yml", "AIRFLOW__API__SECRET_KEY: ${KEY:-" + REAL + "}", "error"),
    ],
)
def test_what_a_secret_of_a_compose_file_is_worth(
    name: str, text: str, level: str | None, make_repository: MakeRepository
) -> None:
    top = "services:\n  airflow:\n    environment:\n      AIRFLOW_UID: 1\n      "
    found = SettingSecrets(Repo(make_repository({name: f"{top}{text}\n"}))).found
    assert [each.level for each in found] == ([level] if level else [])


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("[webserver]\nsecret_key = temporary_key\n", "note"),
        ("[webserver]\nsecret_key = shop-key\n", "error"),
        ("[celery]\nbroker_url = amqp://guest:guest@rabbit/\n", "note"),
        ("[celery]\nbroker_url = amqp://guest:guest@rabbit.shop.example/\n", "error"),
        ("[core]\nexecutor = LocalExecutor\n", None),
    ],
)
def test_what_a_secret_of_a_config_is_worth(
    text: str, level: str | None, make_repository: MakeRepository
) -> None:
    found = SettingSecrets(Repo(make_repository({"airflow.cfg": text}))).found
    assert [each.level for each in found] == ([level] if level else [])
    assert all("shop-key" not in repr(each) for each in found)


def test_defaults() -> None:
    assert default_of("${NAME:-x y}") == "x y"
    assert default_of('${NAME-"x"}') == "x"
    assert default_of("${NAME:?no}") is None
    assert default_of("${NAME:-${OTHER}}") is None
    assert default_of("a ${NAME:-x}") is None


def test_arguments_of_backends() -> None:
    assert argument_of("AIRFLOW__WORKERS__SECRETS_BACKEND_KWARG__SECRET_ID") == "secret_id"
    assert argument_of(VARIABLE) is None
    assert [
        name for name in ("token", "role_id", "key_id", "url", "shop_password") if is_credential(name)
    ] == [
        "token",
        "shop_password",
    ]


def test_credentials_of_backends() -> None:
    text = (
        '{"token": "a-token", "gcp_keyfile_dict": {"type": "x", "private_key": "a-key"}, "secret_id": "${X}"}'
    )
    assert list(backend_credentials(VARIABLE, text)) == [("token", "a-token"), ("gcp_keyfile_dict", "a-key")]
    assert list(backend_credentials(VARIABLE, "{token: x}")) == []
    assert list(backend_credentials(VARIABLE, "[1]")) == []


@pytest.mark.parametrize("text", ['{"a": 1}', "", "  ", "null", "[]", '{\\"a\\": 1}'])
def test_what_airflow_reads_as_arguments(text: str) -> None:
    assert json_fault(text) is None


@pytest.mark.parametrize("text", ["{'a': 1}", '{"a": 1,}', '["a"]', "3", "map[a:b]", "a=b"])
def test_what_airflow_does_not(text: str) -> None:
    assert json_fault(text)
