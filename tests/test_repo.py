from __future__ import annotations

import os
from pathlib import Path

import pytest
from airwarden.config import Config
from airwarden.repo import Repo, find_root
from airwarden.source import Source, Unreadable

from tests.conftest import MakeRepository

DAG = "from airflow.sdk import DAG\n"


def test_the_root_is_the_configured_folder_else_the_versioned_one(tmp_path: Path) -> None:
    inner = tmp_path / "platform" / "dags"
    inner.mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    assert find_root(inner) == tmp_path.resolve()
    (tmp_path / "platform" / "pyproject.toml").write_text("[tool.black]\n")
    assert find_root(inner) == tmp_path.resolve()
    (tmp_path / "platform" / "pyproject.toml").write_text("[tool.airwarden]\n")
    assert find_root(inner) == (tmp_path / "platform").resolve()


def test_files_that_git_ignores_are_left_out(make_repository: MakeRepository) -> None:
    root = make_repository(
        {
            ".gitignore": "build/\n*.tmp.py\n",
            "a.py": "",
            "b.tmp.py": "",
            "build/c.py": "",
            "deep/.gitignore": "!kept.tmp.py\n/only_here.py\n",
            "deep/kept.tmp.py": "",
            "deep/only_here.py": "",
            "deep/er/only_here.py": "",
            "node_modules/d.py": "",
        }
    )
    assert Repo(root).files == (
        ".gitignore",
        "a.py",
        "deep/.gitignore",
        "deep/er/only_here.py",
        "deep/kept.tmp.py",
    )
    assert "a.py" not in Repo(root, Config(exclude=("*.py",))).files


def test_links_are_not_followed(
    make_repository: MakeRepository, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.py").write_text(DAG)
    root = make_repository({"dags/a.py": DAG})
    (root / "link.py").symlink_to(outside / "secret.py")
    (root / "folder").symlink_to(outside)
    (root / "circle").symlink_to(root)
    assert Repo(root).files == ("dags/a.py",)
    assert Repo(root).relative(root / "link.py") is None


@pytest.mark.parametrize(
    ("path", "text", "is_dag"),
    [
        ("dags/sales.py", DAG, True),
        ("jobs/sales.py", DAG, True),
        ("jobs/other.py", "import os\n", False),
        ("dags/settings.py", "HOST = 'db'\n", True),
        ("tests/test_dags.py", DAG, False),
        ("dags/test_sales.py", DAG + "def test_sales(): ...\n", False),
        ("dags/sales_test.py", "import pytest\n" + DAG, False),
        ("dags/test_slack.py", DAG, True),
        ("conftest.py", DAG + "import pytest\n", False),
        ("chart/files/webserver_config.py", "import airflow\nA = {{ .Values.a }}\n", False),
        ("dags/templated.py", "import airflow\nA = '{{ ds }}'\n", True),
    ],
)
def test_what_is_a_dag_file(make_repository: MakeRepository, path: str, text: str, is_dag: bool) -> None:
    root = make_repository({path: text, "chart/Chart.yaml": "name: airflow\n"})
    assert Repo(root).is_dag_file(path) is is_dag


@pytest.mark.parametrize(
    ("importer", "module", "path"),
    [
        ("dags/sales.py", "common.alerts", "dags/common/alerts.py"),
        ("dags/sales.py", "helpers", "plugins/helpers/__init__.py"),
        ("dags/sales.py", "company.package.deep", "src/company/package/deep.py"),
        ("dags/common/alerts.py", ".mail", "dags/common/mail.py"),
        ("dags/common/alerts.py", "..settings", "dags/settings.py"),
        ("dags/sales.py", "dags.common.mail", "dags/common/mail.py"),
        ("dags/sales.py", "mail", None),
        ("dags/sales.py", "airflow.sdk", None),
        ("dags/sales.py", "....far", None),
    ],
)
def test_modules_of_the_repository(
    make_repository: MakeRepository, importer: str, module: str, path: str | None
) -> None:
    files = [
        "dags/common/__init__.py",
        "dags/common/alerts.py",
        "dags/common/mail.py",
        "dags/sales.py",
        "dags/settings.py",
        "plugins/helpers/__init__.py",
        "src/company/package/deep.py",
        "other/mail.py",
    ]
    found = Repo(make_repository(dict.fromkeys(files, ""))).module(module, importer)
    assert (found.path if found else None) == path


@pytest.mark.parametrize(
    ("line", "path", "ignored"),
    [
        ("drafts/", "dags/drafts/a.py", True),
        ("drafts/", "dags/a.py", False),
        (".*_draft", "dags/b_draft.py", True),
        ("# drafts/", "dags/drafts/a.py", False),
        ("*\n!kept.py", "dags/kept.py", False),
    ],
)
def test_airflowignore_in_both_syntaxes(
    make_repository: MakeRepository, line: str, path: str, ignored: bool
) -> None:
    repo = Repo(make_repository({"dags/.airflowignore": line + "\n", path: DAG}))
    assert repo.is_airflow_ignored(path) is ignored


@pytest.mark.parametrize(
    "line",
    [
        "(a+)+$",
        "(a|a)*b$",
        ".*.*.*.*.*.*.*x$",
        "((a*)b?)*c$",
        f"{'(' * 5000}",
        "[[:alpha:]]\\.x",
        "a{99999999999}",
    ],
)
def test_a_regular_expression_that_would_take_for_ever_ignores_nothing(
    make_repository: MakeRepository, line: str
) -> None:
    path = f"dags/{'a' * 100}.py"
    repo = Repo(make_repository({"dags/.airflowignore": line + "\n", path: DAG}))
    assert not repo.is_airflow_ignored(path)


def test_what_cannot_be_read_is_told_each_time(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": "a = (\n"})
    (root / "dags" / "b.py").write_bytes(b"a = '\xff'\n")
    repo = Repo(root)
    for path in ("dags/a.py", "dags/a.py", "dags/b.py", "dags/missing.py"):
        with pytest.raises(Unreadable):
            repo.dag_file(path)


def test_the_checkout_may_be_the_package(tmp_path: Path) -> None:
    root = tmp_path / "sales-dags"
    (root / "common").mkdir(parents=True)
    (root / "common" / "alerts.py").write_text("")
    repo = Repo(root)
    found = repo.module("sales_dags.common.alerts", "daily/dag.py")
    assert found is not None
    assert found.path == "common/alerts.py"
    assert repo.module("other_dags.common.alerts", "daily/dag.py") is None


BASE = "airflowVersion: 3.1.5\nexecutor: CeleryExecutor\n"


@pytest.mark.parametrize(
    ("path", "text", "is_found"),
    [
        ("deploy/values-prod.yaml", "config:\n  core:\n    parallelism: 4\n", True),
        ("deploy/prod.values.yaml", "env:\n  - name: A\n    value: b\n", True),
        ("deploy/values-prod.yaml", "config:\n  core:\n    parallelism: 4\nreplicas: 3\n", False),
        ("deploy/values-prod.yaml", "", False),
        ("deploy/prod.yaml", "config:\n  core:\n    parallelism: 4\n", False),
        ("other/values-prod.yaml", "config:\n  core:\n    parallelism: 4\n", False),
    ],
)
def test_what_lies_over_values_of_the_chart_is_such_too(
    make_repository: MakeRepository, path: str, text: str, is_found: bool
) -> None:
    repo = Repo(make_repository({"deploy/values.yaml": BASE, path: text}))
    assert bool(repo.values_files(path)) is is_found
    assert repo.is_values_file(path) or not is_found


def test_what_lies_over_values_of_an_umbrella_starts_where_they_do(make_repository: MakeRepository) -> None:
    below = "airflow:\n  dagProcessor: {enabled: true}\n  migrateDatabaseJob: {}\n  fernetKeySecretName: a\n"
    above = "airflow:\n  config:\n    core:\n      parallelism: 4\n"
    repo = Repo(make_repository({"values.yaml": below, "values-prod.yaml": above}))
    (base,), (over,) = repo.values_files("values.yaml"), repo.values_files("values-prod.yaml")
    assert over.roots == base.roots
    assert over.at("config.core.parallelism") is not None


def rest(root: Path) -> None:
    """Makes all files old enough to be told by what stat says of them."""
    for file in root.rglob("*"):
        os.utime(file, (1, 1))


def test_what_was_made_of_a_file_is_taken_over_as_long_as_it_holds_the_same(
    make_repository: MakeRepository,
) -> None:
    root = make_repository({"dags/a.py": DAG, "dags/b.py": DAG, "requirements.txt": "apache-airflow\n"})
    rest(root)
    old = Repo(root)
    parsed = {path: old.dag_file(path) for path in ("dags/a.py", "dags/b.py")}
    declared = old.dependencies
    (root / "dags" / "b.py").write_text(f"{DAG}x = 1\n")
    new = old.renewed({})
    assert new.dag_file("dags/a.py") is parsed["dags/a.py"]
    assert new.dag_file("dags/b.py").source.text.endswith("x = 1\n")
    assert new.dependencies is declared
    (root / "requirements.txt").write_text("apache-airflow==2.10.2\n")
    assert new.renewed({}).dependencies.versions != declared.versions


def test_texts_stand_for_what_files_hold_as_long_as_they_are_given(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": DAG})
    text = Source("dags/a.py", "import os\n")
    shown = Repo(root).renewed({"dags/a.py": text})
    assert shown.source("dags/a.py") is text
    assert shown.data("dags/a.py") == b"import os\n"
    assert shown.afresh().source("dags/a.py").text == "import os\n"
    assert shown.renewed({}).source("dags/a.py").text == DAG
    assert shown.digest("dags/a.py") != Repo(root).digest("dags/a.py")
    assert Repo(root, changed={"dags/a.py": Source("dags/a.py", DAG)}).digest("dags/a.py") == (
        Repo(root).digest("dags/a.py")
    )


def test_a_text_that_its_file_would_decode_in_another_way_is_another_one(
    make_repository: MakeRepository,
) -> None:
    root = make_repository({"dags/a.py": ""})
    text = "# coding: latin-1\nx = 'é'\n"
    (root / "dags" / "a.py").write_bytes(text.encode())
    shown = Repo(root).renewed({"dags/a.py": Source("dags/a.py", text)})
    assert shown.digest("dags/a.py") != Repo(root).digest("dags/a.py")
    assert "Ã©" in shown.renewed({}).dag_file("dags/a.py").source.text


def test_a_text_of_a_file_that_is_not_there_yet_is_one_of_ours(make_repository: MakeRepository) -> None:
    root = make_repository({".gitignore": "*.tmp.py\n/build/\n", "dags/.gitignore": "/no.py\n"})
    new = (
        "dags/a.py",
        "dags/no.py",
        "dags/deep/no.py",
        "b.tmp.py",
        "build/c.py",
        "build/d/e.py",
        ".venv/f.py",
    )
    repo = Repo(root, Config(exclude=("g.py",)), {path: Source(path, DAG) for path in (*new, "g.py")})
    assert repo.files == (".gitignore", "dags/.gitignore", "dags/a.py", "dags/deep/no.py")
