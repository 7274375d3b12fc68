"""The hooks, in a real git repository, with the real pre-commit, from a commit of this tree."""

from __future__ import annotations

import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from scripts.release import locks
from tests.git_folders import GitFolder, plain_environment

ROOT = Path(__file__).resolve().parent.parent
LOCKED = (*locks.pins("program"), *locks.pins("build"))
HOOKS = ["airwarden", "airwarden-repo", "airwarden-fix"]
BROKEN, MENDED = (ROOT / "examples" / name for name in ("broken", "mended"))

pytestmark = pytest.mark.real


@dataclass
class Git(GitFolder):
    """One git repository that takes files from an example."""

    def add(self, source: Path, name: str) -> None:
        target = self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source / name, target)
        self.must("git", "add", name)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """One in which hooks are installed with what is locked."""
    home = tmp_path_factory.mktemp("home")
    locked = tmp_path_factory.mktemp("locked") / "constraints.txt"
    locked.write_text("\n".join(pin.requirement for pin in LOCKED), encoding="utf-8")
    return {
        **plain_environment(),
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
        "PIP_BUILD_CONSTRAINT": str(locked),
        "PIP_CONSTRAINT": str(locked),
        "PIP_NO_COMPILE": "0",  # pip takes it for what `compile` is to be
        "PRE_COMMIT_HOME": str(home),
    }


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Git:
    """This tree as it stands, committed: what a user's configuration would name as `repo`."""
    git = Git(tmp_path_factory.mktemp("hooks"), environment)
    git.must("git", "init", "--quiet")
    own = Git(ROOT, environment).must("git", "ls-files", "--cached", "--others", "--exclude-standard")
    for name in own.splitlines():
        if (ROOT / name).is_file():
            (git.folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, git.folder / name)
    git.must("git", "add", "--all")
    git.must("git", "commit", "--quiet", "--message", "as it stands")
    return git


@pytest.fixture
def repository(tmp_path: Path, hooks: Git) -> Git:
    """A user's repository, with both hooks installed."""
    git = Git(tmp_path, hooks.environment)
    git.must("git", "init", "--quiet")
    revision = hooks.must("git", "rev-parse", "HEAD")
    both = [{"id": "airwarden"}, {"id": "airwarden-repo"}]
    configuration = {"repos": [{"repo": str(hooks.folder), "rev": revision, "hooks": both}]}
    (tmp_path / ".pre-commit-config.yaml").write_text(yaml.safe_dump(configuration), encoding="utf-8")
    git.must("git", "add", ".pre-commit-config.yaml")
    git.must("pre-commit", "install")
    return git


def test_a_bad_commit_is_refused_and_the_mended_one_goes_through(repository: Git) -> None:
    for name in ("pyproject.toml", "values.yaml", "dags/orders.py"):
        repository.add(BROKEN, name)
    refused = repository.run("git", "commit", "--message", "bad")
    assert refused.returncode == 1
    for said in ("values.yaml:6:12", "dataframe-in-xcom", "provider-not-declared"):
        assert said in refused.stderr
    assert "not-a-real" not in refused.stderr
    assert repository.run("git", "rev-parse", "--verify", "HEAD").returncode != 0

    for name in ("pyproject.toml", "values.yaml", "dags/orders.py", "dags/alerts.py"):
        repository.add(MENDED, name)
    repository.must("git", "commit", "--message", "mended")
    assert repository.must("git", "log", "--format=%s") == "mended"


def test_the_hooks_rest_when_nothing_of_ours_changed(repository: Git) -> None:
    repository.must("git", "commit", "--message", "configuration")
    for name in ("values.yaml", "dags/orders.py"):
        repository.add(BROKEN, name)
    repository.must("git", "commit", "--no-verify", "--message", "an old sin")
    (repository.folder / "notes.md").write_text("a note\n", encoding="utf-8")
    repository.must("git", "add", "notes.md")
    repository.must("git", "commit", "--message", "a note")


def test_the_repository_hook_sees_what_one_file_breaks_in_another(repository: Git) -> None:
    for name in ("pyproject.toml", "values.yaml", "dags/orders.py", "dags/alerts.py"):
        repository.add(MENDED, name)
    repository.must("git", "commit", "--message", "good")
    repository.add(BROKEN, "pyproject.toml")
    refused = repository.run("git", "commit", "--message", "without the providers")
    said = refused.stdout + refused.stderr
    assert refused.returncode == 1
    assert "dags/orders.py" in said
    assert "provider-not-declared" in said


def configured(repository: Git, *hooks: dict[str, object]) -> None:
    """Leaves just these hooks, which is committed."""
    file = repository.folder / ".pre-commit-config.yaml"
    configuration = yaml.safe_load(file.read_text(encoding="utf-8"))
    configuration["repos"][0]["hooks"] = [*hooks]
    file.write_text(yaml.safe_dump(configuration), encoding="utf-8")
    repository.must("git", "commit", "--quiet", "--no-verify", "--all", "--message", "other hooks")


@pytest.mark.parametrize("hook", ["airwarden", "airwarden-repo"])
def test_a_repository_with_old_sins_answers_for_new_ones_alone(repository: Git, hook: str) -> None:
    for name in ("pyproject.toml", "values.yaml", "dags/orders.py"):
        repository.add(BROKEN, name)
    configured(repository, {"id": hook, "args": ["--staged"]})
    dag = repository.folder / "dags/orders.py"
    values = repository.folder / "values.yaml"
    dag.write_text(f"# one line more\n{dag.read_text(encoding='utf-8')}", encoding="utf-8")
    repository.must("git", "commit", "--all", "--message", "harmless")
    values.write_text(
        values.read_text(encoding="utf-8").replace("fernetKey: ", "fernetKey:  "), encoding="utf-8"
    )
    dag.write_text(f"# one line more\n{dag.read_text(encoding='utf-8')}", encoding="utf-8")
    refused = repository.run("git", "commit", "--message", "a sin", "values.yaml")
    assert refused.returncode == 1
    assert "values.yaml:6:13" in refused.stderr
    assert "Found 1 error in what changed" in refused.stderr


def test_fixes_stop_the_commit_and_are_there_to_be_looked_at(repository: Git) -> None:
    lines = (MENDED / "pyproject.toml").read_text(encoding="utf-8").splitlines(keepends=True)
    poorer = "".join(line for line in lines if "slack" not in line)
    (repository.folder / "pyproject.toml").write_text(poorer, encoding="utf-8")
    repository.must("git", "add", "pyproject.toml")
    configured(repository, {"id": "airwarden-fix"})
    repository.add(MENDED, "dags/alerts.py")
    refused = repository.run("git", "commit", "--message", "without the provider")
    assert refused.returncode == 1
    assert "files were modified by this hook" in refused.stderr
    assert "apache-airflow-providers-slack" in repository.must("git", "diff")
    repository.must("git", "add", "--update")
    repository.must("git", "commit", "--message", "with the provider")


def test_the_repository_hook_wakes_for_every_kind_of_file_that_is_read() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    (wakes,) = [hook["files"] for hook in hooks if hook["id"] == "airwarden-repo"]
    read = [path for path in (ROOT / "tests" / "fixtures").rglob("*") if path.is_file()]
    assert [path.name for path in read if not re.search(wakes, path.as_posix())] == []


def test_the_hook_for_changed_files_wakes_where_something_can_be_found() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    (wakes,) = [hook["files"] for hook in hooks if hook["id"] == "airwarden"]
    fixtures = [path for path in (ROOT / "tests" / "fixtures").rglob("*") if path.is_file()]
    marked = [path for path in fixtures if b"# expect: " in path.read_bytes() and path.suffix != ".toml"]
    named = [path.with_name("airflow.cfg") if path.suffix == ".cfg" else path for path in marked]
    assert {path.suffix for path in named} >= {"", ".cfg", ".py", ".yaml"}
    assert [path.name for path in named if not re.search(wakes, path.as_posix())] == []


def test_all_hooks_can_be_tried(hooks: Git, tmp_path: Path) -> None:
    git = Git(tmp_path, hooks.environment)
    git.must("git", "init", "--quiet")
    git.add(BROKEN, "values.yaml")
    tried = git.run("pre-commit", "try-repo", str(hooks.folder), "--files", "values.yaml")
    assert tried.returncode == 1
    assert sorted(re.findall(r"^- hook id: (.*)", tried.stdout, re.MULTILINE)) == sorted(HOOKS)
    assert "inline-secret-in-values" in tried.stdout
    assert "not-a-real" not in tried.stdout
