"""What `airwarden init` sees in a repository, what it would write there, and what it leaves alone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml
from airwarden.adoption import origin
from airwarden.adoption.configuration import with_table
from airwarden.adoption.origin import Origin, installed_origin
from airwarden.adoption.precommit import has_hook, new_config, with_hook
from airwarden.adoption.steps import Plan, Step
from airwarden.adoption.survey import Survey, survey_of
from airwarden.cli import main
from airwarden.config import Config
from airwarden.formats.view import HOME
from airwarden.repo import Repo
from hypothesis import given
from hypothesis import strategies as some

from tests.git_folders import GitFolder

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

VALUES = "executor: KubernetesExecutor\nfernetKeySecretName: f\ndags: {gitSync: {}}\n"
HERE = Origin(HOME, "v1.2.3")
DAG = "from airflow.sdk import DAG\nwith DAG('orders'):\n    pass\n"
PAGED = "from airflow.providers.pagerduty.notifications.pagerduty import PagerdutyNotifier\n" + DAG


@pytest.fixture
def repository(tmp_path: Path) -> Callable[..., Path]:
    """Writes files below a folder of git's, given by path."""

    def made(files: dict[str, str]) -> Path:
        subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
        for path, text in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(text.encode())
        return tmp_path

    return made


def plan_of(root: Path) -> Plan:
    repo = Repo(root, Config.read(root))
    return Plan(repo, survey_of(repo), HERE)


def steps_of(root: Path) -> dict[str, Step]:
    return {step.path: step for step in plan_of(root).steps}


# What there is


def test_a_survey_names_what_is_read_and_nothing_else(repository: Callable[..., Path]) -> None:
    root = repository(
        {
            "dags/orders.py": DAG,
            "dags/sales/report.py": DAG,
            "deploy/values.yaml": VALUES,
            "requirements.txt": "apache-airflow==3.3.0\n",
            "notes.md": "",
            "scripts/mail.py": "print()\n",
        }
    )
    survey = survey_of(Repo(root))
    assert survey.dag_files == ("dags/orders.py", "dags/sales/report.py")
    assert survey.values_files == ("deploy/values.yaml",)
    assert survey.dependency_files == ("requirements.txt",)
    assert list(survey.lines()) == [
        "2 Python files that Airflow may load: dags/",
        "1 file of Helm values: deploy/values.yaml",
        "1 dependency file: requirements.txt",
    ]


@pytest.mark.parametrize(
    ("files", "forge"),
    [
        ({}, None),
        ({".github/CODEOWNERS": "* @data\n"}, "github"),
        ({".gitlab-ci.yml": "a: {script: b}\n"}, "gitlab"),
        ({".git/config": '[remote "origin"]\n\turl = git@github.com:acme/dags.git\n'}, "github"),
        ({".git/config": '[remote "origin"]\n\turl = https://gitlab.acme.org/data/dags\n'}, "gitlab"),
        ({".git/config": '[remote "origin"]\n\turl = https://git.acme.org/data/dags\n'}, None),
    ],
)
def test_the_forge_is_told_by_files_or_remotes(
    repository: Callable[..., Path], files: dict[str, str], forge: str | None
) -> None:
    assert survey_of(Repo(repository(files))).forge == forge


def test_many_names_are_cut_short() -> None:
    survey = Survey(values_files=tuple(f"{name}/values.yaml" for name in "abcde"))
    assert list(survey.lines()) == [
        "5 files of Helm values: a/values.yaml, b/values.yaml, c/values.yaml and 2 more"
    ]


# Settings


def test_settings_go_behind_all_others_of_a_pyproject(repository: Callable[..., Path]) -> None:
    old = '[project]\nname = "dags"\n'
    step = steps_of(repository({"pyproject.toml": old, "dags/orders.py": DAG}))["pyproject.toml"]
    assert step.text.startswith(f"{old}\n[tool.airwarden]\n")
    assert tomllib.loads(step.text)["tool"]["airwarden"] == {"profile": "recommended"}


def test_without_a_pyproject_they_have_a_file_of_their_own(repository: Callable[..., Path]) -> None:
    steps = steps_of(repository({"dags/orders.py": DAG}))
    assert tomllib.loads(steps["airwarden.toml"].text) == {"profile": "recommended"}
    assert steps["airwarden.toml"].old is None


def test_a_service_that_dags_notify_is_accepted(repository: Callable[..., Path]) -> None:
    steps = steps_of(repository({"dags/orders.py": PAGED}))
    assert tomllib.loads(steps["airwarden.toml"].text)["accepted-notifiers"] == ["pagerduty", "slack"]


@pytest.mark.parametrize("text", ["", "[a]\nb = 1", "[a]\r\nb = 1\r\n"])
def test_a_table_keeps_what_stands_before_it(text: str) -> None:
    new = with_table(text, 'profile = "core"\n')
    assert tomllib.loads(new) == {**tomllib.loads(text), "tool": {"airwarden": {"profile": "core"}}}
    assert ("\r\n" in text) == ("\r\n" in new)
    assert "\n" not in new.replace("\r\n", "") or "\r\n" not in text


def test_settings_that_are_there_stay(repository: Callable[..., Path]) -> None:
    plan = plan_of(repository({"pyproject.toml": "[tool.airwarden]\n", "dags/orders.py": DAG}))
    assert [str(step.path) for step in plan.steps] == [".pre-commit-config.yaml"]
    assert [(left.path, left.reason) for left in plan.left] == [
        ("pyproject.toml", "has settings of airwarden already")
    ]


# Hooks

HOOK = {"id": "trailing-whitespace"}
OLD = {"repo": "https://example.org/hooks", "rev": "v4", "hooks": [HOOK, {"id": "other", "args": ["--a"]}]}


@given(
    some.integers(1, 3),
    some.integers(2, 6),
    some.booleans(),
    some.sampled_from(["", "# the end\n", "\n\n"]),
    some.sampled_from(["", "default_stages: [pre-commit]\n"]),
    some.sampled_from(["\n", "\r\n"]),
)
def test_hooks_are_added_and_nothing_else_changes(
    number: int, indent: int, is_indented: bool, tail: str, behind: str, line_end: str
) -> None:
    class Indented(yaml.SafeDumper):
        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
            super().increase_indent(flow, indentless and not is_indented)

    body = yaml.dump({"repos": [OLD] * number}, Dumper=Indented, indent=indent, sort_keys=False)
    text = f"# ours\nfail_fast: true\n{body}{tail}{behind}".replace("\n", line_end)
    new = with_hook(text, HERE)
    assert new is not None
    before, after = yaml.safe_load(text), yaml.safe_load(new)
    *kept, added = after.pop("repos")
    assert kept == before.pop("repos")
    assert after == before
    assert (added["repo"], added["rev"]) == (HOME, "v1.2.3")
    assert [hook["id"] for hook in added["hooks"]] == ["airwarden-repo"]
    assert line_end == "\n" or "\n" not in new.replace("\r\n", "")
    assert not has_hook(text)
    assert has_hook(new)


def test_hooks_stand_apart_where_others_do() -> None:
    text = "repos:\n- repo: a\n  hooks: []\n\n- repo: b\n  hooks: []\n"
    assert (with_hook(text, HERE) or "").startswith(f"{text}\n- repo: {HOME}\n  rev: v1.2.3\n")


def test_a_last_line_without_an_end_gets_one() -> None:
    new = with_hook("repos:\n  - repo: local\n    hooks: []", HERE)
    assert new is not None
    assert len(yaml.safe_load(new)["repos"]) == 2


@pytest.mark.parametrize(
    "text", ["repos: []\n", "repos: [{repo: local, hooks: []}]\n", "a: 1\n", "{", "- 1\n"]
)
def test_hooks_are_for_the_user_to_add_where_it_is_not_sure_how(
    repository: Callable[..., Path], text: str
) -> None:
    assert with_hook(text, HERE) is None
    plan = plan_of(repository({".pre-commit-config.yaml": text, "dags/orders.py": DAG}))
    assert ".pre-commit-config.yaml" not in [step.path for step in plan.steps]
    (left,) = [left for left in plan.left if left.path == ".pre-commit-config.yaml"]
    assert f"the hook airwarden-repo of {HOME} at v1.2.3 by hand" in left.reason


def test_an_empty_file_of_hooks_is_filled() -> None:
    assert with_hook("\n", HERE) == new_config(HERE)
    assert has_hook(new_config(HERE))


# CI


def test_github_gets_a_workflow_once(repository: Callable[..., Path]) -> None:
    root = repository({".github/CODEOWNERS": "* @data\n", "dags/orders.py": DAG})
    step = steps_of(root)[".github/workflows/airwarden.yml"]
    workflow = yaml.safe_load(step.text)
    uses = [each.get("uses", "") for job in workflow["jobs"].values() for each in job["steps"]]
    assert "airwarden/airwarden@v1.2.3" in uses
    assert "REVISION" not in step.text
    (root / ".github/workflows").mkdir()
    (root / ".github/workflows/lint.yml").write_text("run: airwarden check\n", encoding="utf-8")
    plan = plan_of(root)
    assert ".github/workflows/airwarden.yml" not in [each.path for each in plan.steps]
    assert ".github/workflows/lint.yml" in [left.path for left in plan.left]


def test_elsewhere_there_is_none(repository: Callable[..., Path]) -> None:
    plan = plan_of(repository({".gitlab-ci.yml": "a: {script: b}\n", "dags/orders.py": DAG}))
    assert not [step for step in plan.steps if "github" in step.path]
    assert ".gitlab-ci.yml" in [left.path for left in plan.left]


# Which airwarden


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (None, Origin(HOME, "v9.9")),
        ("no json", Origin(HOME, "v9.9")),
        (json.dumps({"url": "file:///tmp/airwarden", "dir_info": {}}), Origin(HOME, "v9.9")),
        (
            json.dumps({"url": "https://github.com/acme/airwarden.git", "vcs_info": {"commit_id": "abc"}}),
            Origin("https://github.com/acme/airwarden", "abc"),
        ),
        (
            json.dumps(
                {"url": "https://me:word@github.com/acme/airwarden", "vcs_info": {"commit_id": "abc"}}
            ),
            Origin(HOME, "v9.9"),
        ),
    ],
)
def test_others_get_the_airwarden_that_was_installed(
    monkeypatch: pytest.MonkeyPatch, told: str | None, expected: Origin
) -> None:
    class Installed:
        def read_text(self, _: str) -> str | None:
            return told

    monkeypatch.setattr(metadata, "distribution", lambda _: Installed())
    monkeypatch.setattr(origin, "__version__", "9.9")
    assert installed_origin() == expected


# The command


def run(monkeypatch: pytest.MonkeyPatch, root: Path, *arguments: str) -> int:
    monkeypatch.chdir(root)
    monkeypatch.setenv("XDG_CACHE_HOME", str(root.parent / "cache"))
    return main(["init", *arguments])


def texts(root: Path) -> dict[str, bytes]:
    files = (path for path in root.rglob("*") if path.is_file() and ".git/" not in path.as_posix())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize("arguments", [[], ["--dry-run"], ["--yes", "--dry-run"]])
def test_nothing_is_written_unasked(
    repository: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
) -> None:
    root = repository({"dags/orders.py": DAG})
    before = texts(root)
    assert run(monkeypatch, root, *arguments) == 0
    assert texts(root) == before
    said = capsys.readouterr().out
    assert "Create airwarden.toml" in said
    assert "+profile = " in said
    assert "Nothing is written." in said


def test_what_was_shown_is_written_and_the_second_time_there_is_nothing_to_do(
    repository: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = repository({"dags/orders.py": DAG, ".github/CODEOWNERS": "* @data\n"})
    repo = Repo(root)
    plan = Plan(repo, survey_of(repo), installed_origin())
    planned = {step.path: step.text for step in plan.steps}
    assert run(monkeypatch, root, "--yes") == 0
    after = texts(root)
    assert {path: after[path].decode() for path in planned} == planned
    said = capsys.readouterr().out
    assert "Written: airwarden.toml, .pre-commit-config.yaml, .github/workflows/airwarden.yml." in said
    assert "Found 1 error" in said
    assert "airwarden baseline write" in said
    assert run(monkeypatch, root, "--yes") == 0
    assert texts(root) == after
    assert "Written" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("answer", "is_written"), [("y\n", True), ("yes\n", True), ("\n", False), ("", False)]
)
def test_a_user_is_asked(
    repository: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, answer: str, is_written: bool
) -> None:
    root = repository({"dags/orders.py": DAG})

    class Terminal:
        def isatty(self) -> bool:
            return True

        def readline(self) -> str:
            return answer

        def write(self, _: str) -> None:
            pass

        def flush(self) -> None:
            pass

    stand_in: Any = Terminal()
    monkeypatch.setattr(sys, "stdin", stand_in)
    monkeypatch.setattr(sys, "stdout", stand_in)
    assert run(monkeypatch, root) == 0
    assert (root / "airwarden.toml").is_file() is is_written


def test_a_file_that_cannot_be_written_is_told(
    repository: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = repository({"dags/orders.py": DAG, "airwarden.toml/keep": ""})
    assert run(monkeypatch, root, "--yes") == 2
    assert capsys.readouterr().err == "airwarden: airwarden.toml: cannot be written: File exists\n"


def test_a_folder_without_dags_is_noticed(
    repository: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, repository({"notes.md": ""}), "--dry-run") == 0
    assert "is this the repository with your DAGs?" in capsys.readouterr().out


def test_a_checkout_that_was_installed_is_known_by_its_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = GitFolder.made(tmp_path / "own checkout")
    commit = checkout.commit({"pyproject.toml": ""})

    class Installed:
        def read_text(self, _: str) -> str:
            return json.dumps({"url": checkout.folder.as_uri(), "dir_info": {}})

    monkeypatch.setattr(metadata, "distribution", lambda _: Installed())
    assert installed_origin() == Origin(HOME, commit)


def test_several_lists_are_shown_for_the_user_to_choose_from(repository: Callable[..., Path]) -> None:
    one = {"dags/orders.py": DAG, "requirements.txt": "apache-airflow==3.3.0\n"}
    assert "dependency-files" not in steps_of(repository(one))["airwarden.toml"].text
    steps = steps_of(repository({**one, "requirements-dev.txt": "pytest\n"}))
    assert (
        '\n# dependency-files = ["requirements-dev.txt", "requirements.txt"]' in steps["airwarden.toml"].text
    )


def test_settings_in_a_file_of_their_own_are_named_by_it(repository: Callable[..., Path]) -> None:
    plan = plan_of(repository({"airwarden.toml": "", "pyproject.toml": "", "dags/orders.py": DAG}))
    assert [left.path for left in plan.left] == ["airwarden.toml"]
