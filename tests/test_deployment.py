"""Deployment: everything that a repository sets, wherever it stands, and what remains open."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
from airwarden.deployment.effective import Deployment
from airwarden.repo import Repo

from tests.conftest import MakeRepository

VALUES = "airflowVersion: 3.1.5\nexecutor: CeleryExecutor\n"
WORKERS = "workers:\n  env:\n    - name: AIRFLOW_CONN_X\n      value: here\n"
SET = "AIRFLOW__API__BASE_URL"

Deploy = Callable[[dict[str, str]], Deployment]


@pytest.fixture
def deploy(make_repository: MakeRepository) -> Deploy:
    return lambda files: Repo(make_repository(files)).analysis(Deployment)


PLACES = {
    "chart": ("deploy/values.yaml", f"{VALUES}config:\n  api:\n    base_url: https://a\n", 5),
    "variable": ("deploy/values.yaml", f"{VALUES}env:\n  - name: {SET}\n    value: https://a\n", 5),
    "text": ("deploy/values.yaml", f"{VALUES}extraEnv: |\n  - name: {SET}\n    value: https://a\n", 5),
    "config": ("airflow.cfg", "[api]\nbase_url = https://a\n", 2),
    "image": ("Dockerfile", f"FROM x\nENV {SET}=https://a\n", 2),
    "compose": (
        "compose.yaml",
        f"services:\n  a:\n    image: x\n    environment:\n      {SET}: https://a\n",
        5,
    ),
    "env": (".env", f"\n{SET}=https://a\n", 2),
}


@pytest.mark.parametrize(("path", "text", "line"), PLACES.values(), ids=PLACES)
def test_a_setting_is_found_wherever_it_stands(deploy: Deploy, path: str, text: str, line: int) -> None:
    deployment = deploy({path: text})
    (found,) = deployment.setting("api", "base_url")
    assert (found.region.path, found.region.line, found.text) == (path, line, "https://a")
    assert deployment.set_in(path)
    assert deployment.is_described
    assert not deployment.setting("webserver", "base_url")


def test_an_option_is_no_variable(deploy: Deploy) -> None:
    deployment = deploy({"airflow.cfg": "[api]\nbase_url = https://a\n", ".env": f"{SET}=https://b\n"})
    assert [each.region.path for each in deployment.setting("api", "base_url")] == [".env", "airflow.cfg"]
    assert [each.region.path for each in deployment.variable(SET)] == [".env"]


def test_a_command_sets_sensitive_options_alone(deploy: Deploy) -> None:
    deployment = deploy({".env": f"AIRFLOW__CORE__FERNET_KEY_CMD=cat key\n{SET}_CMD=cat url\n"})
    assert deployment.setting("core", "fernet_key")
    assert not deployment.setting("api", "base_url")


NOTHING = {
    "nothing": {"dags/a.py": "import airflow\n"},
    "a plain image": {"Dockerfile": "FROM apache/airflow:3.1.5\nENV PATH=/bin\n"},
    "tests": {"tests/airflow.cfg": "[api]\nbase_url = https://a\n", "tests/.env": f"{SET}=a\n"},
}


@pytest.mark.parametrize("files", NOTHING.values(), ids=NOTHING)
def test_no_deployment(deploy: Deploy, files: dict[str, str]) -> None:
    assert not deploy(files).is_described


def test_container_files_describe_and_configure_nothing(deploy: Deploy) -> None:
    deployment = deploy({"compose.yaml": PLACES["compose"][1]})
    assert (deployment.is_described, deployment.is_configured) == (True, False)


OPEN = {
    "closed": ({}, [], []),
    "all of a Secret": (
        {"values.yaml": f"{VALUES}extraEnvFrom: |\n  - secretRef: {{name: a}}\n"},
        ["workers", "dag-processor"],
        ["workers", "dag-processor"],
    ),
    "a secrets backend": (
        {"airflow.cfg": "[secrets]\nbackend = some.Backend\n"},
        [],
        ["workers", "dag-processor"],
    ),
    "none of them": ({"airflow.cfg": "[secrets]\nbackend =\n"}, [], []),
    "External Secrets": (
        {"k8s/slack.yaml": "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\n"},
        [],
        ["workers", "dag-processor"],
    ),
    "values that are no YAML": (
        {"airflow/values.yaml": "airflow: [\n"},
        ["workers", "dag-processor"],
        ["workers", "dag-processor"],
    ),
}


@pytest.mark.parametrize(("files", "variables", "more"), OPEN.values(), ids=OPEN)
def test_what_is_left_open(
    deploy: Deploy, files: dict[str, str], variables: list[str], more: list[str]
) -> None:
    deployment = deploy({"deploy/values.yaml": VALUES + WORKERS, **files})
    asked = ("workers", "dag-processor")
    assert [each for each in asked if deployment.takes_outside_variables(each)] == variables
    assert [each for each in asked if deployment.may_hold_more(each)] == more


CALLERS = {
    "Airflow 3": ("airflowVersion: 3.1.5\n", {"dag-processor"}),
    "Airflow 2": ("airflowVersion: 2.10.5\n", {"scheduler"}),
    "Airflow 2 with a DAG processor": (
        "airflowVersion: 2.10.5\ndagProcessor: {enabled: true}\n",
        {"dag-processor"},
    ),
    "unknown": ("executor: CeleryExecutor\n", {"dag-processor", "scheduler"}),
}


@pytest.mark.parametrize(("text", "expected"), CALLERS.values(), ids=CALLERS)
def test_where_callbacks_of_dags_run(deploy: Deploy, text: str, expected: set[str]) -> None:
    assert deploy({"values.yaml": text + WORKERS}).callbacks_run_in == expected


def test_one_of_several_deployments_may_do_without_a_dag_processor(deploy: Deploy) -> None:
    text = "airflowVersion: 2.10.5\ndagProcessor: {enabled: %s}\n"
    deployment = deploy({"a/values.yaml": text % "true", "b/values.yaml": text % "false"})
    assert deployment.callbacks_run_in == {"dag-processor", "scheduler"}


ELSEWHERE = {
    "a script": ("deploy.sh", "helm upgrade airflow -f values.yaml --set config.api.base_url=$URL\n", True),
    "Terraform": ("main.tf", f'environment = {{ {SET} = "https://a" }}\n', True),
    "a template": ("charts/x/templates/env.yaml", f"- name: {SET}\n  value: {{{{ .Values.x }}}}\n", True),
    "a program that deploys": ("stack.py", f'env = {{"{SET}": "https://a"}}\n', True),
    "a program that makes values": (
        "stack.py",
        'Chart("airflow", values={"config": {"api": {"base_url": URL}}})\n',
        True,
    ),
    "a DAG": ("dags/a.py", 'import airflow\nClient("api", base_url="https://api")\n', False),
    "another program": ("deploy.sh", "shop --set api.base_url=$URL\n", False),
    "documentation": ("README.md", f"Airflow wants {SET}.\n", False),
    "a longer name": ("deploy.sh", f"export X{SET}S=1 airflow\n", False),
}


@pytest.mark.parametrize(("path", "text", "expected"), ELSEWHERE.values(), ids=ELSEWHERE)
def test_what_may_be_set_elsewhere(deploy: Deploy, path: str, text: str, expected: bool) -> None:
    assert deploy({"values.yaml": VALUES, path: text}).may_be_set_elsewhere("api", "base_url") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("airflow connections add slack_ops\n", True),
        ("export AIRFLOW_CONN_SLACK_OPS=$A\n", True),
        ("export AIRFLOW_CONN_SLACK_OPS_2=$A\n", False),
    ],
)
def test_what_may_be_connected_elsewhere(deploy: Deploy, text: str, expected: bool) -> None:
    deployment = deploy({"values.yaml": VALUES, "connect.sh": text})
    assert deployment.may_be_connected_elsewhere("SLACK_OPS") == expected


def test_no_parser_is_loaded_for_a_repository_that_needs_none(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": "import airflow\n", "README.md": "nothing\n"})
    code = (
        "import sys\nfrom pathlib import Path\nfrom airwarden.deployment.effective import Deployment\n"
        "from airwarden.repo import Repo\n"
        "assert not Repo(Path(sys.argv[1])).analysis(Deployment).is_described\n"
        "print(*sorted({'jsonschema', 'libcst', 'yaml'} & sys.modules.keys()))"
    )
    run = subprocess.run([sys.executable, "-c", code, str(root)], capture_output=True, text=True, check=True)
    assert run.stdout == "\n"
