"""Published keys: how bad each is where it stands, and that one line is told once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from airwarden.config import Config
from airwarden.engine import check
from airwarden.registry import Registry
from airwarden.repo import Repo

if TYPE_CHECKING:
    from pathlib import Path

    from airwarden.rule import Rule

    from tests.conftest import MakeRepository

PUBLISHED = "published-default-key"
SERVICE = "services:\n  airflow:\n    image: apache/airflow:3.1.5\n    environment:\n      "
JWT = "AIRFLOW__API_AUTH__JWT_SECRET"
WEB = "[webserver]\nsecret_key = temporary_key\n"
CHART = "apiVersion: v2\nname: airflow\nversion: 8.9.0\n"
COMMUNITY = "airflow:\n  executor: CeleryExecutor\n  users: []\n  webserverSecretKey: THIS IS UNSAFE!\n"


@cache
def rules() -> dict[str, Rule]:
    """The rules that speak of secrets."""
    return {name: rule for name, rule in Registry().load()[0].items() if rule.family == "secrets"}


def told(root: Path, *without: str) -> list[tuple[str, str]]:
    """The rules about keys that speak, and at which level."""
    running = {name: rule for name, rule in rules().items() if name not in without}
    known = (PUBLISHED, "inline-secret-in-")
    found = check(Repo(root), None, Config(), running).findings
    return [(each.rule, each.level) for each in found if each.rule.startswith(known)]


@pytest.mark.parametrize(
    ("name", "text", "level"),
    [
        ("airflow.cfg", WEB, "error"),
        ("airflow-prod.cfg", WEB, "error"),
        ("airflow-dev.cfg", WEB, "warning"),
        ("examples/airflow.cfg", WEB, "warning"),
        ("docker-compose.yaml", f"{SERVICE}{JWT}: airflow_jwt_secret\n", "warning"),
        ("docker-compose.prod.yaml", f"{SERVICE}{JWT}: airflow_jwt_secret\n", "error"),
        ("docker-compose.prod.yaml", f"{SERVICE}{JWT}: ${{{JWT}:-airflow_jwt_secret}}\n", "warning"),
        ("docker-compose.product.yaml", f"{SERVICE}{JWT}: airflow_jwt_secret\n", "warning"),
        ("Dockerfile", f"FROM apache/airflow:3.1.5\nENV {JWT}=airflow_jwt_secret\n", "error"),
        ("values.yaml", COMMUNITY, "error"),
        ("examples/values.yaml", COMMUNITY, "warning"),
    ],
)
def test_a_published_key_is_told_once_and_as_bad_as_it_is(
    name: str, text: str, level: str, make_repository: MakeRepository
) -> None:
    assert told(make_repository({name: text})) == [(PUBLISHED, level)]


def test_where_its_own_rule_does_not_run_the_key_is_told_as_any_secret(
    make_repository: MakeRepository,
) -> None:
    root = make_repository({"values.yaml": COMMUNITY})
    assert told(root, PUBLISHED) == [("inline-secret-in-values", "error")]


def test_a_charts_own_values_are_no_error(make_repository: MakeRepository) -> None:
    values = f"{COMMUNITY}redis:\n  password: airflow\n"
    own = {"charts/airflow/Chart.yaml": CHART, "charts/airflow/values.yaml": values}
    expected = [("inline-secret-in-values", "warning"), (PUBLISHED, "warning")]
    assert sorted(told(make_repository(own))) == expected
