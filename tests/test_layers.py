"""Layers: which files make one deployment together, and what Helm leaves of each."""

from __future__ import annotations

import pytest
from airwarden.config import Config
from airwarden.deployment.effective import Deployment
from airwarden.deployment.precedence import Deployed
from airwarden.repo import Repo

from tests.conftest import MakeRepository
from tests.deployments import NAME, VALUES, Deploy, below, compose, config, listed, text_of


@pytest.fixture
def deploy(make_repository: MakeRepository) -> Deploy:
    def make(files: dict[str, str]) -> tuple[Deployed, ...]:
        root = make_repository(files)
        return Repo(root, Config.read(root)).analysis(Deployment).deployments

    return make


BASE = "config:\n  core:\n    parallelism: 1\n    max_map_length: 7\n"
MERGES = {
    "a map key by key": (BASE, config("2"), "2", "7"),
    "what the overlay leaves": (BASE, "workers:\n  replicas: 2\n", "1", "7"),
    "a list as a whole": (listed("1"), listed("9", variable="AIRFLOW__CORE__MAX_MAP_LENGTH"), "absent", "9"),
    "an empty list": (listed("1"), "env: []\n", "absent", "absent"),
    "another list": (listed("1"), f"extraEnv: |\n  - name: {NAME}\n    value: '2'\n", "2", "absent"),
    "a text as a whole": (
        f"extraEnv: |\n  - name: {NAME}\n    value: '1'\n",
        "extraEnv: |\n  - name: OTHER\n    value: '1'\n",
        "absent",
        "absent",
    ),
    "null": (BASE, "config:\n  core: ~\n", "absent", "absent"),
}


@pytest.mark.parametrize(("base", "overlay", "first", "second"), MERGES.values(), ids=MERGES)
def test_values_are_merged_as_helm_does(
    deploy: Deploy, base: str, overlay: str, first: str, second: str
) -> None:
    (deployed,) = deploy({"a/values.yaml": VALUES + base, "a/values-prod.yaml": VALUES + overlay})
    assert deployed.files == ("a/values.yaml", "a/values-prod.yaml")
    found = [text_of(deployed.effective("core", option)) for option in ("parallelism", "max_map_length")]
    assert found == [first, second]


def test_each_values_file_is_laid_over_the_base_beside_it(deploy: Deploy) -> None:
    names = ["a/values.yaml", "a/values-prod.yaml", "a/values-dev.yaml", "b/airflow-values.yaml"]
    found = deploy(dict.fromkeys(names, VALUES))
    assert [each.files for each in found] == [
        ("a/values.yaml", "a/values-dev.yaml"),
        ("a/values.yaml", "a/values-prod.yaml"),
        ("b/airflow-values.yaml",),
    ]


def test_values_of_two_charts_are_not_merged(deploy: Deploy) -> None:
    found = deploy({"values.yaml": below("airflow", VALUES + "fernetKeySecretName: a\n"), "b.yaml": VALUES})
    assert sorted(len(each.files) for each in found) in ([1], [1, 1])


def test_the_user_tells_the_deployments(deploy: Deploy) -> None:
    table = '[tool.airwarden.deployments]\nprod = ["c.yaml", "a.yaml"]\ntest = ["a.yaml"]\n'
    files = {"pyproject.toml": table, "a.yaml": VALUES + config("1"), "c.yaml": VALUES, "values.yaml": VALUES}
    found = deploy(files)
    assert [(each.name, each.files) for each in found] == [
        ("prod", ("c.yaml", "a.yaml")),
        ("test", ("a.yaml",)),
    ]


def test_a_compose_file_may_take_variables_from_a_file_that_is_not_there(deploy: Deploy) -> None:
    text = compose("      AIRFLOW__CORE__EXECUTOR: LocalExecutor\n", "    env_file: .env\n")
    assert not deploy({"compose.yaml": text})[0].lacks("core", "parallelism", "scheduler")
    files = {"compose.yaml": text, ".env": "AIRFLOW__CORE__LOAD_EXAMPLES=False\n"}
    assert deploy(files)[0].lacks("core", "parallelism", "scheduler")
