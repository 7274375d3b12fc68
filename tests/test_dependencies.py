"""Dependencies: what each kind of file declares, where, and what is missing beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest
from airwarden.dependencies import build_files
from airwarden.dependencies.allowed_versions import has_major
from airwarden.dependencies.effective import Dependencies
from airwarden.distributions.names import Need
from airwarden.repo import Repo
from airwarden.source import Source

Read: TypeAlias = Callable[[Mapping[str, str]], Dependencies]

PROJECT = """\
[project]
name = "orders"
dependencies = ["apache-airflow==3.1.0", "apache-airflow-providers-amazon>=9"]
"""
DEV = '[dependency-groups]\ndev = ["apache-airflow-providers-ssh"]\n'
BARE = '[project]\ndependencies = ["apache-airflow"]\n'
AIRFLOW = "apache-airflow\n"
STOCK = "FROM apache/airflow:3.1.0\n"
INSTALLED = f"{STOCK}RUN pip install -r requirements.txt\n"


@pytest.fixture
def read(make_repository: Callable[[Mapping[str, str]], Path]) -> Read:
    """Makes a repository of some files and reads its dependencies."""
    return lambda files: Repo(make_repository(files)).dependencies


def provider(name: str) -> Need:
    return Need.parse(f"apache-airflow-providers-{name}")


def declared(dependencies: Dependencies) -> list[tuple[str, str, str, str]]:
    """Each declaration: name, extras, versions, and the text at its region."""
    root = {each.path: each for each in dependencies.lists}
    return [
        (one.name, ",".join(sorted(one.extras)), one.versions, f"{one.region.line}:{one.region.column}")
        for each in root.values()
        for one in each.declarations
    ]


def test_a_pyproject_lists_its_declarations_where_they_stand(read: Read) -> None:
    text = (
        "[project]\n"
        'name = "orders"\n'
        "dependencies = [\n"
        '  "Apache_Airflow[CNCF.kubernetes, amazon]==3.1.*",\n'
        "  'pandas (>=2,<3)'\n"
        "]\n"
        "[dependency-groups]\n"
        'dev = [{ include-group = "lint" }]\n'
        'lint = ["ruff"]\n'
        "[tool.poetry.dependencies]\n"
        'apache-airflow-providers-slack = { version = "^9", extras = ["HTTP"] }\n'
    )
    assert declared(read({"pyproject.toml": text})) == [
        ("orders", "", "", "2:8"),
        ("apache-airflow", "amazon,cncf-kubernetes", "==3.1.*", "4:3"),
        ("pandas", "", ">=2,<3", "5:3"),
        ("ruff", "", "", "9:9"),
        ("apache-airflow-providers-slack", "http", "^9", "11:1"),
    ]


def test_a_requirements_file_lists_its_declarations_where_they_stand(read: Read) -> None:
    text = (
        "# comment\n"
        "--index-url https://example.com\n"
        "  apache-airflow[ssh] >= 2.9, < 3 ; python_version >= '3.9'  # why\n"
        "one==1 \\\n"
        "    --hash=sha256:0000\n"
        "two==2 --hash=sha256:0000\n"
        "-e ./plugins/three\n"
        "-e git+ssh://git@example.com/x/four.git@v1\n"
        "five @ git+https://example.com/x.git\n"
        "https://example.com/six-1.0.whl#egg=six\n"
        "seven; sys_platform == 'win32'\n"
    )
    assert declared(read({"requirements.txt": text})) == [
        ("apache-airflow", "ssh", ">= 2.9, < 3", "3:3"),
        ("one", "", "==1", "4:1"),
        ("two", "", "==2", "6:1"),
        ("four", "", "", "8:1"),
        ("five", "", "", "9:1"),
        ("six", "", "", "10:1"),
    ]


def test_a_setup_cfg_lists_its_declarations_where_they_stand(read: Read) -> None:
    text = (
        "[flake8]\ninstall_requires = nothing\n"
        "[options]\ninstall_requires =\n    apache-airflow>=2\n    one\npackages = find:\n    two\n"
        "[options.extras_require]\nthree = four\nfive =\n    six\n"
    )
    assert declared(read({"setup.cfg": text})) == [
        ("apache-airflow", "", ">=2", "5:5"),
        ("one", "", "", "6:5"),
        ("four", "", "", "10:9"),
        ("six", "", "", "12:5"),
    ]


def test_a_pipfile_lists_every_category(read: Read) -> None:
    text = '[[source]]\nname = "pypi"\n[packages]\napache-airflow = "*"\n[docs]\none = {extras = ["x"]}\n'
    assert declared(read({"Pipfile": text})) == [
        ("apache-airflow", "", "*", "4:1"),
        ("one", "x", "", "6:1"),
    ]


@pytest.mark.parametrize(
    ("path", "text", "line", "column"),
    [
        ("pyproject.toml", PROJECT, 3, 1),
        (
            "pyproject.toml",
            '[project]\ndependencies = []\n[dependency-groups]\na = ["apache-airflow"]\n',
            4,
            1,
        ),
        ("pyproject.toml", '[tool.poetry.dependencies]\napache-airflow = "*"\n', 1, 2),
        ("requirements.txt", "pandas\napache-airflow\n", 2, 1),
        ("Pipfile", '[dev-packages]\none = "*"\n[packages]\napache-airflow = "*"\n', 3, 2),
        ("Dockerfile", "FROM python:3.12\nRUN pip install apache-airflow\n", 2, 17),
        ("Dockerfile", "FROM python:3.12\nFROM apache/airflow:3.1.0\n", 2, 6),
        ("setup.py", 'setup(install_requires=["apache-airflow"])', 1, 26),
    ],
)
def test_the_list_that_speaks_is_found(read: Read, path: str, text: str, line: int, column: int) -> None:
    listed = read({path: text}).nearest("dags/orders.py")
    assert listed is not None
    assert (listed.path, listed.region.line, listed.region.column) == (path, line, column)


@pytest.mark.parametrize(
    ("files", "path", "speaks"),
    [
        ({}, "dags/a.py", None),
        ({"requirements.txt": "pandas\n"}, "dags/a.py", None),
        ({"requirements.txt": AIRFLOW, "pyproject.toml": PROJECT}, "dags/a.py", "pyproject.toml"),
        (
            {"air/requirements.txt": AIRFLOW, "pyproject.toml": PROJECT},
            "air/dags/a.py", "air/requirements.txt",
        ),
        ({"air/requirements/prod.txt": AIRFLOW}, "air/dags/a.py", "air/requirements/prod.txt"),
        ({"air/requirements/dev.txt": AIRFLOW}, "air/dags/a.py", None),
        ({"examples/requirements.txt": AIRFLOW}, "dags/a.py", None),
        ({"examples/requirements.txt": AIRFLOW}, "examples/dags/a.py", "examples/requirements.txt"),
        ({"requirements.txt": AIRFLOW, "pyproject.toml": PROJECT, "Dockerfile": INSTALLED}, "dags/a.py",
         "requirements.txt"),
        ({"requirements.txt": AIRFLOW, "pyproject.toml": PROJECT, "Dockerfile": f"{INSTALLED}RUN uv sync"},
         "dags/a.py", "pyproject.toml"),
        ({"docker/requirements.txt": AIRFLOW}, "dags/a.py", "docker/requirements.txt"),
        ({"x/requirements.txt": AIRFLOW, "y/requirements.txt": AIRFLOW}, "dags/a.py", None),
        ({"x/requirements.txt": AIRFLOW, "y/Dockerfile": STOCK}, "dags/a.py", "x/requirements.txt"),
        (
            {"x/y/requirements.txt": AIRFLOW, "x/z/requirements.txt": AIRFLOW},
            "x/y/a.py", "x/y/requirements.txt",
        ),
        ({"requirements.txt": AIRFLOW, "requirements.in": AIRFLOW}, "a.py", "requirements.in"),
        ({"requirements.txt": f"{AIRFLOW}-r gone.txt\n"}, "dags/a.py", None),
        ({"Dockerfile": f"{STOCK}RUN pip install -r /tmp/made.txt\n"}, "dags/a.py", None),
        ({"pyproject.toml": PROJECT, "lib/pyproject.toml": "[project\n# airflow"}, "dags/a.py", None),
        ({"pyproject.toml": PROJECT, "lib/pyproject.toml": "[project\n"}, "dags/a.py", "pyproject.toml"),
        ({"constraints.txt": AIRFLOW, "requirements-uninstall.txt": AIRFLOW}, "a.py", None),
    ],
)  # fmt: skip
def test_the_nearest_list_speaks(read: Read, files: dict[str, str], path: str, speaks: str | None) -> None:
    listed = read(files).nearest(path)
    assert (listed.path if listed else None) == speaks


def test_broken_toml_is_told(read: Read) -> None:
    failures = read({"a/pyproject.toml": "[project", "b/Pipfile": "x"}).unreadable
    assert [(each.region.path, each.region.line) for each in failures] == [
        ("a/pyproject.toml", 1),
        ("b/Pipfile", 1),
    ]


@pytest.mark.parametrize("value", ["1", "true", '""', '"x"', "[1, [2]]", "{ a = 1 }", "{ a = [{ b = 1 }] }"])
@pytest.mark.parametrize(
    "key",
    [
        "project",
        "project.dependencies",
        "project.dynamic",
        "project.name",
        "project.optional-dependencies",
        "dependency-groups",
        "tool.poetry.dependencies",
        "tool.poetry.dependencies.pandas",
        "tool.poetry.dependencies.pandas.extras",
        "tool.setuptools.dynamic.dependencies",
        "tool.setuptools.dynamic.dependencies.file",
    ],
)
def test_a_key_of_another_form_is_passed_over(read: Read, key: str, value: str) -> None:
    dependencies = read({"pyproject.toml": f"{key} = {value}\n", "Pipfile": f"{key} = {value}\n"})
    assert not dependencies.unreadable
    assert dependencies.nearest("dags/orders.py") is None


@pytest.mark.parametrize(
    ("marker", "holds"),
    [
        ("python_version >= '3.12'", True),
        ("python_version < '3.9'", True),
        ("python_version < '3'", False),
        ("sys_platform == 'darwin'", False),
        ("platform_machine == 'aarch64' and os_name != 'nt'", True),
        ("extra == 'x'", True),
        ("no marker at all", True),
        ("python_version ~= 'x'", True),
    ],
)
def test_a_marker_that_never_holds_declares_nothing(read: Read, marker: str, holds: bool) -> None:
    listed = read({"requirements.txt": f"apache-airflow-providers-ssh ; {marker}\n"})
    assert listed.declares("apache-airflow-providers-ssh") is holds


def test_a_file_that_is_no_text_is_passed_over(read: Read, tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_bytes(b"\xff\xfe\xff")
    assert read({"pyproject.toml": PROJECT}).declares("apache-airflow-providers-amazon")


@pytest.mark.parametrize(
    ("requirement", "given", "missing"),
    [
        ("apache-airflow[amazon]==3.1.0", "amazon", "slack"),
        ("apache-airflow[amazon]==3.1.0", "http", "ssh"),
        ("apache-airflow[s3fs]==3.1.0", "amazon[s3fs]", "amazon[aiobotocore]"),
        ("apache-airflow-providers-amazon[S3FS]", "amazon[s3fs]", "amazon[aiobotocore]"),
        ("apache-airflow-providers-amazon\ns3fs", "amazon[s3fs]", "amazon[aiobotocore]"),
        ("apache-airflow-providers-google[cncf.kubernetes]", "cncf-kubernetes", "amazon"),
        ("astronomer-providers[snowflake]", "snowflake", "amazon"),
        ("celery[redis]", "common-sql", "redis"),
        ("apache-airflow-backport-providers-ssh", "ssh", "sftp"),
        ("apache-airflow==2.10.5", "http", "standard"),
        ("apache-airflow==3.0.1", "standard", "http"),
        ("apache-airflow-core==3.1", "standard", "http"),
        ("apache-airflow>=2.9", "standard", "http"),
        ("apache-airflow>=3", "standard", "http"),
        ("apache-airflow<3,>2.8", "http", "standard"),
        ("apache-airflow[all_dbs]", "mongo", ""),
        ("apache-airflow[all-core]==3.1.0", "standard", "mongo"),
    ],
)
def test_what_a_requirement_gives(read: Read, requirement: str, given: str, missing: str) -> None:
    dependencies = read({"requirements.txt": requirement})
    assert dependencies.declares(provider(given).distribution, provider(given).extra)
    assert not missing or not dependencies.declares(provider(missing).distribution, provider(missing).extra)


@pytest.mark.parametrize(
    ("files", "need", "how", "related"),
    [
        ({"pyproject.toml": PROJECT}, "amazon", "declared", []),
        ({"pyproject.toml": PROJECT}, "http", "brought", []),
        ({"pyproject.toml": PROJECT}, "standard", "preinstalled", []),
        ({"pyproject.toml": PROJECT}, "ssh", "missing", ["pyproject.toml:3"]),
        ({"pyproject.toml": PROJECT}, "amazon[s3fs]", "lacks-extra", ["pyproject.toml:3"]),
        ({"pyproject.toml": PROJECT, "Dockerfile": STOCK}, "ssh", "missing",
         ["pyproject.toml:3", "Dockerfile:1"]),
        ({"pyproject.toml": PROJECT, "Dockerfile": STOCK}, "mongo", "missing",
         ["pyproject.toml:3", "Dockerfile:1"]),
        ({"pyproject.toml": PROJECT, "Dockerfile": "FROM my/airflow\n"}, "ssh", "missing",
         ["pyproject.toml:3"]),
        ({"pyproject.toml": f"{PROJECT}{DEV}"}, "ssh", "outside", ["pyproject.toml:5"]),
        ({"pyproject.toml": f"{PROJECT}{DEV}", "Dockerfile": "RUN uv sync\n"}, "ssh", "declared", []),
        ({"pyproject.toml": f"{PROJECT}{DEV}", "Dockerfile": "RUN uv sync --no-dev\n"}, "ssh", "outside",
         ["pyproject.toml:5"]),
        ({"pyproject.toml": BARE, "Dockerfile": STOCK}, "ssh", "image", []),
        ({"pyproject.toml": BARE}, "ssh", "missing", ["pyproject.toml:2"]),
        ({"requirements.txt": "apache-airflow-providers-mongo\n", "Dockerfile": STOCK}, "ssh", "image", []),
        ({"requirements.txt": "apache-airflow-providers-mongo\n"}, "ssh", "unknown", []),
        ({"requirements.txt": "apache-airflow\n"}, "ssh", "missing", ["requirements.txt:1"]),
        ({"requirements.txt": "pandas\n"}, "ssh", "unknown", []),
    ],
)  # fmt: skip
def test_a_provision_shows_where_a_gap_could_be_closed(
    read: Read, files: dict[str, str], need: str, how: str, related: list[str]
) -> None:
    found = read(files).provision(provider(need), "dags/orders.py")
    assert found.how == how
    assert [f"{each.region.path}:{each.region.line}" for each in found.related] == related


def test_images_named_elsewhere_count_where_the_list_adds_to_an_image(read: Read) -> None:
    layered = read({"requirements.txt": "apache-airflow-providers-mongo\n"})
    assert layered.provision(provider("ssh"), "values.yaml", ["apache/airflow"]).how == "image"
    whole = read({"requirements.txt": "", "pyproject.toml": PROJECT})
    assert whole.provision(provider("ssh"), "values.yaml", ["apache/airflow"]).how == "missing"
    assert whole.provision(provider("ssh"), "values.yaml", ["apache/airflow"], True).how == "image"


@pytest.mark.parametrize(
    ("text", "images"),
    [
        ("FROM apache/airflow:3.1.0-python3.12\n", ["apache/airflow"]),
        (
            "FROM --platform=linux/amd64 docker.io/apache/airflow@sha256:00 AS base\nFROM base\n",
            ["apache/airflow"],
        ),
        ("FROM apache/airflow:slim-3.1.0\n", ["apache/airflow:slim"]),
        ("ARG BASE=apache/airflow:2.9.0\nFROM $BASE\n", ["apache/airflow"]),
        ("FROM ${BASE:-apache/airflow}\n", ["apache/airflow"]),
        ("FROM ${BASE}\nRUN airflow version\n", [build_files.UNKNOWN]),
        ("FROM ${BASE}\n", []),
        ("FROM example.com/data/airflow-base:1\n", [build_files.UNKNOWN]),
        ("from astrocrpublic.azurecr.io/runtime:3.1-2\n", ["astro-runtime"]),
        ("FROM quay.io/astronomer/astro-runtime:12.0.0-base\n", ["astro-runtime"]),
        ("# FROM apache/airflow\nFROM python:3.12\n", []),
    ],
)
def test_a_dockerfile_tells_its_base(text: str, images: list[str]) -> None:
    assert [image for image, _ in build_files.base_images(Source("Dockerfile", text))] == images


@pytest.mark.parametrize(
    ("path", "text", "image"),
    [
        ("compose.yaml", "image: ${AIRFLOW_IMAGE_NAME:-apache/airflow:2.9.1}\n", "apache/airflow"),
        ("values.yaml", "defaultAirflowRepository: apache/airflow\n", "apache/airflow"),
        (".env", "AIRFLOW_IMAGE_NAME=apache/airflow:2.9.1\n", "apache/airflow"),
        ("compose.yaml", "image: apache/airflow:slim-2.9.1\n", None),
        ("compose.yaml", "# image: apache/airflow:2.9.1\n", None),
        ("ci.yaml", "run: git clone https://github.com/apache/airflow\n", None),
        ("ci.yaml", "run: curl https://raw.githubusercontent.com/apache/airflow/main/x\n", None),
        ("ci.yaml", "image: quay.io/astronomer/astro-runtime:9.0.0\n", "astro-runtime"),
        ("main.tf", 'resource "google_composer_environment" "one" {}\n', "composer"),
        ("main.tf", 'resource "aws_mwaa_environment" "one" {}\n', "mwaa"),
        ("requirements-cloud-composer.txt", "", "composer"),
        ("mwaa/dags/orders.py", "", "mwaa"),
        ("docs/mwaa.md", "", None),
        ("composer.json", "", None),
    ],
)
def test_other_files_tell_the_image(read: Read, path: str, text: str, image: str | None) -> None:
    assert list(read({path: text}).images) == ([] if image is None else [image])


@pytest.mark.parametrize(
    ("path", "text", "versions"),
    [
        ("Dockerfile", "FROM apache/airflow:slim-2.10.5\n", {(2, 10)}),
        ("Dockerfile", "ARG AIRFLOW_VERSION=2.8.4\nFROM python:3.11\n", {(2, 8)}),
        ("Dockerfile", "FROM quay.io/astronomer/astro-runtime:9.1.0\n", {(2, 7)}),
        ("Dockerfile", "FROM astrocrpublic.azurecr.io/runtime:3.1-2\n", {(3, 1)}),
        ("requirements.txt", "-c https://example.com/constraints-2.9.3/constraints-3.11.txt\n", {(2, 9)}),
        ("requirements.txt", "apache-airflow[celery]==3.1.0\n", {(3, 1)}),
        ("requirements.txt", "# apache-airflow==3.1.0\n", set()),
        ("Pipfile", '[packages]\napache-airflow = "^2.7"\n', {(2, 7)}),
        ("Pipfile", '[packages]\napache-airflow = {extras = ["x"], version = "==3.0"}\n', {(3, 0)}),
        ("values.yaml", 'airflowVersion: "3.2.1"\n', {(3, 2)}),
        ("poetry.lock", '[[package]]\nname = "apache-airflow"\nversion = "2.11.0"\n', {(2, 11)}),
    ],
)  # fmt: skip
def test_files_tell_the_version(read: Read, path: str, text: str, versions: set[tuple[int, int]]) -> None:
    assert read({path: text}).versions == versions


@pytest.mark.parametrize(
    ("path", "text", "given"),
    [
        ("compose.yml", "PIP: ${X:- apache-airflow-providers-ssh==4}\n", True),
        ("deploy.sh", "uv pip install 'apache_airflow_providers_ssh[x]>=4'\n", True),
        ("deploy.sh", "# pip install apache-airflow-providers-ssh\n", False),
        ("Makefile", "\tpip install my-apache-airflow-providers-ssh\n", False),
        ("poetry.lock", '[[package]]\nname = "apache-airflow-providers-ssh"\n', True),
        ("poetry.lock", '[package.extras]\nssh = ["apache-airflow-providers-ssh (>=3)"]\n', False),
        ("Pipfile.lock", '{\n  "default": {\n    "apache-airflow-providers-ssh": {}}}\n', True),
        ("notes.md", "pip install apache-airflow-providers-ssh\n", False),
    ],
)
def test_traces_of_an_installation_count(read: Read, path: str, text: str, given: bool) -> None:
    dependencies = read({path: text})
    assert dependencies.declares("apache-airflow-providers-ssh") is given
    assert dependencies.nearest("dags/orders.py") is None


def test_a_heap_of_data_is_not_searched(read: Read) -> None:
    text = "x: apache-airflow-providers-ssh\n" + "y: 1\n" * 100_000
    assert not read({"cassette.yaml": text}).declares("apache-airflow-providers-ssh")


@pytest.mark.parametrize(
    ("copy", "path"),
    [
        ("COPY --chown=1 air/requirements.txt /opt/", "air/requirements.txt"),
        ("COPY requirements.txt setup.py /opt/", "air/requirements.txt"),
        ("COPY requirements/base.txt /opt/requirements.txt", "air/requirements/base.txt"),
        ("ADD deps.txt /opt/requirements.txt", "deps.txt"),
        ("COPY . /opt", "air/docker/requirements.txt"),
    ],
)
def test_a_dockerfile_installs_the_file_it_copies(read: Read, copy: str, path: str) -> None:
    dockerfile = f"FROM python:3.12\n{copy}\nRUN pip install -r /opt/requirements.txt\n"
    listed = read(
        {
            "air/docker/Dockerfile": dockerfile,
            path: "apache-airflow-providers-ssh\n",
            "other/requirements.txt": "apache-airflow-providers-mongo\n",
        }
    ).lists[0]
    assert not listed.is_open
    assert [each.name for each in listed.declarations] == ["apache-airflow-providers-ssh"]


def test_files_that_include_each_other_are_read_once(read: Read) -> None:
    dependencies = read(
        {"requirements.txt": "-r a.txt\napache-airflow\n", "a.txt": "-r requirements.txt\npandas\n"}
    )
    names = {each.path: [one.name for one in each.declarations] for each in dependencies.lists}
    assert names["requirements.txt"] == ["apache-airflow", "pandas"]


@pytest.mark.parametrize(
    ("files", "oldest"),
    [
        ({"requirements.txt": "apache-airflow>=2.9\n"}, (2, 9)),
        ({"requirements.txt": "apache-airflow>=3.1,<4\n"}, (3, 1)),
        ({"requirements.txt": "apache-airflow-core~=3.0.2\n"}, (3, 0)),
        ({"pyproject.toml": '[tool.poetry.dependencies]\napache-airflow = "^2.10.15"\n'}, (2, 10)),
        ({"setup.py": 'setup(install_requires=["apache-airflow >=3"])'}, (3, 0)),
        ({"requirements.txt": "apache-airflow>=2.9\n", "Dockerfile": "FROM apache/airflow:3.3.2\n"}, (3, 3)),
        ({"requirements.txt": "apache-airflow>=2.9\n", "a/requirements.txt": "apache-airflow>=3\n"}, (2, 9)),
        ({"a/requirements.txt": "apache-airflow==3.1.0\n", "Dockerfile": "FROM apache/airflow:2.9"}, (2, 9)),
        ({"requirements.txt": "apache-airflow @ git+https://example.com/airflow\n"}, None),
        ({"requirements.txt": "apache-airflow\n"}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_the_oldest_airflow_is_found(
    read: Read, files: dict[str, str], oldest: tuple[int, int] | None
) -> None:
    assert read(files).oldest_airflow == oldest


@pytest.mark.parametrize(
    ("files", "has"),
    [
        ({"requirements.txt": "apache-airflow-providers-slack==9.1.0\n"}, True),
        ({"requirements.txt": "apache-airflow-providers-slack>=10\n"}, True),
        ({"requirements.txt": "apache-airflow-providers-slack==10.2\n"}, True),
        ({"requirements.txt": "apache-airflow-providers-slack~=8.5\n"}, False),
        ({"requirements.txt": "apache-airflow-providers-slack<9\n"}, False),
        ({"requirements.txt": "apache-airflow-providers-slack>=8\n"}, None),
        ({"requirements.txt": "apache-airflow-providers-slack\n"}, None),
        ({"a/requirements.txt": "apache-airflow-providers-slack==8.1\n",
          "b/requirements.txt": "apache-airflow-providers-slack==9.1\n"}, None),
        ({"Dockerfile": "FROM python\nRUN pip install 'apache-airflow-providers-slack==8.9.2'\n"}, False),
        ({"Dockerfile": "FROM python\nRUN pip install apache-airflow-providers-slack[x]>=9,<10\n"}, True),
        ({"poetry.lock": '[[package]]\nname = "apache-airflow-providers-slack"\nversion = "9.0.5"\n'}, True),
        ({"uv.lock": '[[package]]\nname = "apache-airflow-providers-slack"\nversion = "8.0.0"\n'}, False),
        ({"requirements.txt": "apache-airflow==2.8.4\n"}, False),
        ({"requirements.txt": "apache-airflow<2.9\n"}, False),
        ({"requirements.txt": "apache-airflow==2.9.0\n"}, None),
        ({"requirements.txt": "apache-airflow==3.1.0\n"}, True),
        ({"requirements.txt": "apache-airflow==3.1.0\napache-airflow-providers-slack<9\n"}, False),
        ({"requirements.txt": "apache-airflow==3.1.0\napache-airflow-providers-slack>=7\n"}, True),
        ({"requirements.txt": "apache-airflow>=2.9\n"}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_a_major_version_of_a_provider_is_told(read: Read, files: dict[str, str], has: bool | None) -> None:
    assert has_major(read(files), "apache-airflow-providers-slack", 9, (2, 9)) is has
