"""Deployed: which of several settings counts, in Airflow's and the chart's own order."""

from __future__ import annotations

import pytest
from airwarden.config import Config
from airwarden.deployment.effective import Deployment
from airwarden.deployment.precedence import Deployed
from airwarden.repo import Repo

from tests.conftest import MakeRepository
from tests.deployments import NAME, VALUES, Deploy, below, compose, config, listed, text_of

IMAGE = f"FROM apache/airflow:3.1.5\nENV {NAME}=%s\n"


@pytest.fixture
def deploy(make_repository: MakeRepository) -> Deploy:
    def make(files: dict[str, str]) -> tuple[Deployed, ...]:
        root = make_repository(files)
        return Repo(root, Config.read(root)).analysis(Deployment).deployments

    return make


CHART = {
    "nothing": ("", "absent"),
    "config": (config("1"), "1"),
    "env over config": (config("1") + listed("2"), "2"),
    "secret over env": (
        listed("1") + f"secret:\n  - envName: {NAME}\n    secretName: a\n    secretKey: b\n",
        None,
    ),
    "extraEnv over env": (listed("1") + f"extraEnv: |\n  - name: {NAME}\n    value: '2'\n", "2"),
    "the last of a list": (listed("1") + f"  - name: {NAME}\n    value: '2'\n", "2"),
    "workers over all": (
        f"extraEnv: |\n  - name: {NAME}\n    value: '1'\n" + below("workers", listed("2")),
        "2",
    ),
    "celery workers over workers": (
        below("workers", listed("1") + below("celery", listed("2"))),
        "2",
    ),
    "celery against kubernetes": (
        below("workers", below("celery", listed("1")) + below("kubernetes", listed("2"))),
        None,
    ),
    "the scheduler's own": (config("1") + below("scheduler", listed("2")), "1"),
    "a template": (config("'{{ .Values.x }}'"), None),
}


@pytest.mark.parametrize(("text", "expected"), CHART.values(), ids=CHART)
def test_the_order_of_the_chart(deploy: Deploy, text: str, expected: str | None) -> None:
    (deployed,) = deploy({"values.yaml": VALUES + text})
    assert deployed.is_chart
    assert text_of(deployed.effective("core", "parallelism")) == expected


OTHER_FILES = {
    "the image over config": ({"values.yaml": VALUES + config("1"), "Dockerfile": IMAGE % 2}, "2"),
    "env over the image": ({"values.yaml": VALUES + listed("1"), "Dockerfile": IMAGE % 2}, "1"),
    "the image alone": ({"values.yaml": VALUES, "Dockerfile": IMAGE % 2}, "2"),
    "one of two images": (
        {"values.yaml": VALUES + config("1"), "a/Dockerfile": IMAGE % 2, "b/Dockerfile": IMAGE % 3},
        None,
    ),
    "airflow.cfg": ({"values.yaml": VALUES + config("1"), "airflow.cfg": "[core]\nparallelism = 2\n"}, "1"),
    "only an airflow.cfg": ({"values.yaml": VALUES, "airflow.cfg": "[core]\nparallelism = 2\n"}, "absent"),
    "a compose file": (
        {
            "values.yaml": VALUES + config("1"),
            "compose.yaml": f"services:\n  a:\n    image: a\n    environment:\n      {NAME}: '2'\n",
        },
        "1",
    ),
}


@pytest.mark.parametrize(("files", "expected"), OTHER_FILES.values(), ids=OTHER_FILES)
def test_a_chart_and_other_files(deploy: Deploy, files: dict[str, str], expected: str | None) -> None:
    deployed = deploy(files)[0]
    assert deployed.is_chart
    assert text_of(deployed.effective("core", "parallelism")) == expected


PLAIN = {
    "airflow.cfg": ({"airflow.cfg": "[core]\nparallelism = 1\n"}, "1"),
    "the image over airflow.cfg": (
        {"airflow.cfg": "[core]\nparallelism = 1\n", "Dockerfile": IMAGE % 2},
        "2",
    ),
    "a file of variables over the image": ({".env": f"{NAME}=3\n", "Dockerfile": IMAGE % 2}, "3"),
    "compose over all": (
        {
            ".env": f"{NAME}=3\n",
            "Dockerfile": IMAGE % 2,
            "airflow.cfg": "[core]\nparallelism = 1\n",
            "compose.yaml": compose(f"      {NAME}: '4'\n"),
        },
        "4",
    ),
    "services at odds": (
        {
            "compose.yaml": f"services:\n  a:\n    image: a\n    environment:\n      {NAME}: '1'\n"
            f"  b:\n    image: a\n    environment:\n      {NAME}: '2'\n"
        },
        None,
    ),
}


@pytest.mark.parametrize(("files", "expected"), PLAIN.values(), ids=PLAIN)
def test_the_order_without_a_chart(deploy: Deploy, files: dict[str, str], expected: str | None) -> None:
    (deployed,) = deploy(files)
    assert not deployed.is_chart
    assert text_of(deployed.effective("core", "parallelism")) == expected


SECRET = "AIRFLOW__CORE__FERNET_KEY"
WAYS = {
    "a variable over its command": (f"{SECRET}_CMD=cat key\n{SECRET}=not-a-real-key\n", "not-a-real-key"),
    "a command's result": (f"{SECRET}_CMD=cat key\n", None),
    "a secret's path": (f"{SECRET}_SECRET=fernet\n", None),
}


@pytest.mark.parametrize(("text", "expected"), WAYS.values(), ids=WAYS)
def test_the_ways_to_a_sensitive_option(deploy: Deploy, text: str, expected: str | None) -> None:
    (deployed,) = deploy({".env": text, "airflow.cfg": "[core]\nfernet_key = another-key\n"})
    assert text_of(deployed.effective("core", "fernet_key")) == expected


LACKS = {
    "nothing": ({}, True),
    "the default of a component": ({"values.yaml": VALUES + below("scheduler", listed("1"))}, True),
    "a value": ({"values.yaml": VALUES + config("1")}, False),
    "all of a Secret": (
        {"values.yaml": f"{VALUES}extraEnvFrom: |\n  - secretRef: {{name: a}}\n"},
        False,
    ),
    "one of two images": ({"a/Dockerfile": IMAGE % 1, "b/Dockerfile": IMAGE % 1}, False),
    "a file of variables": ({".env": f"{NAME}=1\n"}, False),
    "an airflow.cfg that the chart's own replaces": ({"airflow.cfg": "[core]\nparallelism = 1\n"}, True),
    "Terraform": ({"main.tf": f'env = {{ {NAME} = "1" }}\n'}, False),
    "another stage": ({"values-prod.yaml": VALUES, "values-dev.yaml": VALUES + config("1")}, True),
    "another part": ({"values-prod.yaml": VALUES, "values-limits.yaml": VALUES + config("1")}, False),
}


@pytest.mark.parametrize(("files", "expected"), LACKS.values(), ids=LACKS)
def test_what_is_known_to_be_absent(deploy: Deploy, files: dict[str, str], expected: bool) -> None:
    found = deploy({"values.yaml": VALUES, **files})
    (deployed,) = [each for each in found if each.files[-1] in ("values-prod.yaml", "values.yaml")]
    assert deployed.lacks("core", "parallelism") == expected


TASKS = {
    "workers": ("executor: CeleryExecutor\n", "workers"),
    "pods": ("executor: KubernetesExecutor\n", "workers"),
    "the scheduler": ("executor: LocalExecutor\n", "scheduler"),
    "unknown": ("executor: '{{ .Values.x }}'\n", "workers"),
    "by default": ("defaultAirflowTag: 3.1.5\nworkers:\n  replicas: 2\n", "workers"),
}


@pytest.mark.parametrize(("text", "expected"), TASKS.values(), ids=TASKS)
def test_where_tasks_run(deploy: Deploy, text: str, expected: str) -> None:
    (deployed,) = deploy({"values.yaml": text + listed("1")})
    assert deployed.tasks_run_in == expected


def test_tasks_run_in_the_scheduler_where_no_worker_is(deploy: Deploy) -> None:
    text = "services:\n  airflow-scheduler:\n    image: a\n    environment:\n      AIRFLOW__A__B: '1'\n"
    assert deploy({"compose.yaml": text})[0].tasks_run_in == "scheduler"
