"""Which versions of a distribution may get installed, and where dependency files contradict each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest
from airwarden.dependencies.allowed_versions import exclusions, span
from airwarden.dependencies.declarations import file_group
from airwarden.dependencies.drift import drifts
from airwarden.dependencies.effective import Dependencies
from airwarden.dependencies.specifiers import allowed, allows_series, has_lower_bound, parsed
from airwarden.distributions.releases import releases
from airwarden.repo import Repo

Read: TypeAlias = Callable[[Mapping[str, str]], Dependencies]

SLACK = "apache-airflow-providers-slack"
SSH = "apache-airflow-providers-ssh"
LOCK = f'[[package]]\nname = "{SLACK}"\nversion = "9.0.0"\n'
NEWEST = releases(SLACK)[-1].version


@pytest.fixture
def read(make_repository: Callable[[Mapping[str, str]], Path]) -> Read:
    """Makes a repository of some files and reads its dependencies."""
    return lambda files: Repo(make_repository(files)).dependencies


@pytest.mark.parametrize(
    ("written", "meaning"),
    [
        ("^2.7", "<3,>=2.7"),
        ("^0.3.1", "<0.4,>=0.3.1"),
        ("^0.0.3", "<0.0.4,>=0.0.3"),
        ("^0", "<1,>=0"),
        ("~2.7", "<2.8,>=2.7"),
        ("~2", "<3,>=2"),
        ("~=2.7", "~=2.7"),
        ("2.7.3", "==2.7.3"),
        ("2.*", "==2.*"),
        ("*", ""),
        ("", ""),
        (">= 2 , < 3", "<3,>=2"),
    ],
)
def test_specifiers_of_poetry_are_those_of_pep_440(written: str, meaning: str) -> None:
    found = parsed(written)
    assert found is not None
    assert ",".join(sorted(str(found).split(","))) == meaning


@pytest.mark.parametrize("written", ["^2 || ^3", "latest", "git+ssh"])
def test_another_form_is_unknown_and_allows_all(written: str) -> None:
    assert parsed(written) is None
    assert allowed([written], ["1", "2"]) == ("1", "2")
    assert allows_series(written, "3")


@pytest.mark.parametrize(
    ("written", "bounded"),
    [
        (">=2", True),
        ("==2.*", True),
        ("~=2.1", True),
        ("^2", True),
        ("2.1", True),
        ("<3,>2", True),
        ("<3", False),
        ("*", False),
        ("", False),
        ("!=2", False),
    ],
)
def test_a_lower_bound_is_told(written: str, bounded: bool) -> None:
    assert has_lower_bound(written) is bounded


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("requirements.txt", ""),
        ("requirements-dev.txt", "dev"),
        ("dev-requirements.txt", "dev"),
        ("requirements/test.txt", "test"),
        ("requirements/prod.txt", ""),
        ("airflow/requirements-airflow.txt", ""),
        ("requirements_composer.txt", ""),
    ],
)
def test_the_name_of_a_flat_file_tells_its_group(path: str, group: str) -> None:
    assert file_group(path) == group


@pytest.mark.parametrize(
    ("files", "newest", "oldest"),
    [
        ({"requirements.txt": f"{SLACK}==8.2.0\n"}, "8.2.0", "8.2.0"),
        ({"requirements.txt": f"{SLACK}>=8,<8.5\n"}, "8.4.0", "8.0.0"),
        ({"requirements.txt": f"apache-airflow\n{SLACK}\n"}, NEWEST, None),
        ({"requirements.txt": f"{SLACK}==8.0.99\n"}, "8.0.99", "8.0.99"),
        ({"requirements.txt": f"{SLACK}<8\n"}, "7.3.2", None),
        ({"requirements.txt": "apache-airflow[slack]==2.5.1\n"}, "8.4.0", None),
        ({"requirements.txt": f"{SLACK}>=8\n", "constraints.txt": f"{SLACK}==8.1.0\n"}, "8.1.0", None),
        ({"requirements.txt": f"{SLACK}>=8\n", "uv.lock": LOCK}, "9.0.0", None),
        ({"a/requirements.txt": f"{SLACK}==8.0.0", "requirements.txt": f"{SLACK}==8.5.0"}, "8.5.0", "8.5.0"),
    ],
)  # fmt: skip
def test_the_span_of_versions(read: Read, files: dict[str, str], newest: str, oldest: str | None) -> None:
    found = span(read(files), SLACK, "dags/orders.py")
    assert found is not None
    assert (found.newest, found.oldest) == (newest, oldest)


@pytest.mark.parametrize(
    "files", [{}, {"requirements.txt": "pandas\n"}, {"requirements.txt": f"{SLACK}>999\n"}]
)
def test_nothing_is_known_of_what_nobody_declares(read: Read, files: dict[str, str]) -> None:
    assert span(read(files), SLACK, "dags/orders.py") is None


def test_what_excludes_airflow_shows_both_sides(read: Read) -> None:
    (found,) = exclusions(read({"requirements.txt": f"apache-airflow==2.5.1\n{SLACK}==9.1.0\n"}))
    assert (found.declared.name, found.wanted, found.found) == (SLACK, ">=2.10.0", "==2.5.1")
    assert found.airflow is not None
    assert found.airflow.line == 1


def member(name: str, *needs: str, more: str = "") -> str:
    listed = ", ".join(f'"{need}"' for need in needs)
    return f'[project]\nname = "{name}"\ndependencies = [{listed}]\n{more}'


WORKSPACE = {
    "pyproject.toml": '[tool.uv.workspace]\nmembers = ["packages/*"]\n',
    "packages/dags/pyproject.toml": member("dags", "apache-airflow==3.1.*", "shared"),
    "packages/shared/pyproject.toml": member("shared", SSH),
    "packages/api/pyproject.toml": member("api", SLACK),
    "uv.lock": f'[[package]]\nname = "{SLACK}"\nversion = "9.0.0"\n',
}


@pytest.mark.parametrize(
    ("name", "path", "how"),
    [
        ("ssh", "packages/dags/dags/orders.py", "declared"),
        ("slack", "packages/dags/dags/orders.py", "missing"),
        ("slack", "packages/api/orders.py", "declared"),
        ("ssh", "packages/api/orders.py", "missing"),
        ("slack", "dags/orders.py", "declared"),
    ],
)
def test_a_member_of_a_workspace_has_what_it_depends_on(read: Read, name: str, path: str, how: str) -> None:
    from airwarden.distributions.names import Need

    assert read(WORKSPACE).provision(Need(f"apache-airflow-providers-{name}"), path).how == how


def test_drift_shows_the_file_that_the_image_gets(read: Read) -> None:
    files = {
        "pyproject.toml": member("orders", "apache-airflow==3.1.*", SSH, f"{SLACK}>=9.2"),
        "Dockerfile": "FROM apache/airflow:slim-3.1.0\nRUN pip install -r requirements.txt\n",
        "requirements.txt": f"{SLACK}==9.0.0\n",
    }
    found = {each.declared.name: (each.other.path, each.versions) for each in drifts(read(files))}
    assert found == {SSH: ("requirements.txt", ""), SLACK: ("requirements.txt", "==9.0.0")}


def test_settings_name_the_files_that_count(make_repository: Callable[[Mapping[str, str]], Path]) -> None:
    from airwarden.config import Config
    from airwarden.distributions.names import Need

    root = make_repository(
        {
            "pyproject.toml": member("orders", "apache-airflow==3.1.*", SLACK)
            + '[tool.airwarden]\ndependency-files = ["image.txt"]\n',
            "image.txt": f"apache-airflow==3.1.0\n{SSH}\n",
        }
    )
    dependencies = Repo(root, Config.read(root)).dependencies
    assert dependencies.provision(Need(SSH), "dags/orders.py").how == "declared"
    assert dependencies.provision(Need(SLACK), "dags/orders.py").how == "missing"
