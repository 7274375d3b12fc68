"""Container files: which variables Dockerfiles, compose files and files of variables set, where, for whom."""

from __future__ import annotations

import pytest
from airwarden.deployment.container_files import reader_of
from airwarden.deployment.settings import Setting
from airwarden.source import Source


def read(path: str, text: str) -> list[Setting]:
    reader = reader_of(path)
    assert reader is not None
    return list(reader(Source(path, text)))


def told(path: str, text: str) -> dict[str, str | None]:
    return {each.variable: each.text for each in read(path, text)}


DOCKERFILE = r"""
FROM apache/airflow:3.1.5
# ENV AIRFLOW__A__B=no
ENV AIRFLOW__CORE__LOAD_EXAMPLES=False OTHER="AIRFLOW__X__Y=1" AIRFLOW__API__BASE_URL="https://a b"
ENV AIRFLOW__CORE__EXECUTOR  LocalExecutor
env PATH=/bin \
    # between
    AIRFLOW_CONN_X='slack://:$not-a-real-token@' \
    AIRFLOW_VAR_Y=${Y}
RUN echo AIRFLOW__NO__NO=1
"""


def test_what_an_image_sets() -> None:
    assert told("docker/Dockerfile.prod", DOCKERFILE) == {
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__API__BASE_URL": "https://a b",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW_CONN_X": "slack://:$not-a-real-token@",
        "AIRFLOW_VAR_Y": None,
    }


def test_where_an_image_sets_it() -> None:
    source = Source("Dockerfile", DOCKERFILE)
    url = next(each for each in read("Dockerfile", DOCKERFILE) if each.variable == "AIRFLOW__API__BASE_URL")
    assert (source.slice(url.name_region), source.slice(url.region)) == (
        "AIRFLOW__API__BASE_URL",
        '"https://a b"',
    )
    assert url.reaches("dag-processor")


def test_what_a_file_of_variables_sets() -> None:
    text = "# AIRFLOW_VAR_NO=1\nexport AIRFLOW__A__B=c d  # why\nOTHER=1\nAIRFLOW_VAR_E=\n"
    text += "AIRFLOW_VAR_F='a # b'\r\n"
    assert told("prod.env", text) == {"AIRFLOW__A__B": "c d", "AIRFLOW_VAR_E": "", "AIRFLOW_VAR_F": "a # b"}


COMPOSE = """
x-airflow: &airflow
  image: apache/airflow
  environment: &env
    AIRFLOW__CORE__EXECUTOR: CeleryExecutor
    AIRFLOW_VAR_SECRET: ${SECRET}
services:
  postgres:
    image: postgres
    environment: {POSTGRES_USER: airflow}
  beat:
    <<: *airflow
    command: ["bash", "-c", "airflow scheduler & airflow triggerer"]
  airflow-worker:
    <<: *airflow
    environment:
      <<: *env
      AIRFLOW_VAR_MINE: 1
      AIRFLOW_VAR_PASSED:
  airflow-init:
    image: apache/airflow
    environment:
      - AIRFLOW_VAR_LISTED=a=b
      - AIRFLOW_VAR_BARE
"""


def test_what_a_compose_file_sets_and_for_whom() -> None:
    found = [
        (each.variable, each.text, sorted(each.components)) for each in read("docker-compose.yaml", COMPOSE)
    ]
    both = ["scheduler", "triggerer"]
    assert found == [
        ("AIRFLOW__CORE__EXECUTOR", "CeleryExecutor", both),
        ("AIRFLOW_VAR_SECRET", None, both),
        ("AIRFLOW_VAR_MINE", "1", ["workers"]),
        ("AIRFLOW_VAR_PASSED", None, ["workers"]),
        ("AIRFLOW__CORE__EXECUTOR", "CeleryExecutor", ["workers"]),
        ("AIRFLOW_VAR_SECRET", None, ["workers"]),
        ("AIRFLOW_VAR_LISTED", "a=b", ["all"]),
        ("AIRFLOW_VAR_BARE", None, ["all"]),
    ]


def test_a_broken_compose_file_sets_nothing() -> None:
    assert read("compose.yml", "services: [AIRFLOW_\n  - :") == []


@pytest.mark.parametrize(
    "path",
    [
        "Dockerfile",
        "a/Containerfile",
        "airflow.dockerfile",
        "compose.prod.yaml",
        "local-compose.yml",
        ".env",
        "a/.env.prod",
    ],
)
def test_names_of_such_files(path: str) -> None:
    assert reader_of(path)


@pytest.mark.parametrize(
    "path",
    [
        "Dockerfile.md/readme",
        "composer-apply.yml",
        "values.yaml",
        "env.py",
        ".env.example",
        "airflow.env.tmpl",
    ],
)
def test_names_of_other_files(path: str) -> None:
    assert reader_of(path) is None
