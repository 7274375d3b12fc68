"""Which git is asked, and what it may run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from airwarden.git import Git, GitError

from tests.git_folders import GitFolder, plain_environment

STUB = "#!/bin/sh\n: > {trace}\nexit 7\n"


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitFolder:
    """A repository with a commit and a change, around the current folder."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name, value in plain_environment().items():
        monkeypatch.setenv(name, value)
    folder = GitFolder.made(tmp_path / "repository")
    folder.commit({"a.py": "x = 1\n", "b/c.py": "x = 1\n"})
    folder.write({"a.py": "x = 2\n"})
    monkeypatch.chdir(folder.folder)
    return folder


def program(file: Path, trace: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(STUB.format(trace=trace), encoding="utf-8")
    file.chmod(0o755)
    return file


@pytest.mark.parametrize(
    "entry", ["", ".", "b", "..", "{root}", "{root}/b", "{link}", "{root}/../repository/b"]
)
def test_a_git_of_the_repository_is_no_git(
    git: GitFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: str
) -> None:
    for folder in (git.folder, git.folder / "b", tmp_path):
        program(folder / "git", tmp_path / "ran")
    (tmp_path / "link").symlink_to(git.folder)
    named = entry.format(root=git.folder, link=tmp_path / "link")
    monkeypatch.setenv("PATH", os.pathsep.join((named, os.environ["PATH"])))
    for folder in (git.folder, git.folder / "b"):
        assert Git(folder).answer("rev-parse", "--is-inside-work-tree") == "true"
    monkeypatch.setenv("PATH", named)
    with pytest.raises(GitError, match="git is not there; install it"):
        Git(git.folder).ask("rev-parse", "HEAD")
    assert not (tmp_path / "ran").exists()


def test_a_git_that_can_not_be_run_is_told(
    git: GitFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = program(tmp_path / "bin" / "git", tmp_path / "ran")
    file.write_text("#!/nowhere/at/all\n", encoding="utf-8")
    monkeypatch.setenv("PATH", str(file.parent))
    with pytest.raises(GitError, match=r"bin/git can't be run: No such file or directory"):
        Git(git.folder).ask("rev-parse", "HEAD")


@pytest.mark.parametrize("name", ["evil", "with space", "a=b", "a.b"])
def test_filters_that_the_repository_sets_do_not_run(git: GitFolder, tmp_path: Path, name: str) -> None:
    file = program(tmp_path / "filter", tmp_path / "ran")
    for key in ("clean", "smudge", "process"):
        git.must("git", "config", f"filter.{name}.{key}", str(file))
    git.must("git", "config", f"filter.{name}.required", "true")
    (git.folder / ".git" / "info").mkdir(exist_ok=True)
    (git.folder / ".git" / "info" / "attributes").write_text(
        f'"*.py" filter={name}\n* filter={name}\n', encoding="utf-8"
    )
    assert b"+x = 2" in Git(git.folder).ask("diff-index", "--patch", "HEAD")
    assert b"x = 2" in Git(git.folder).ask("blame", "--no-textconv", "--porcelain", "--", "a.py")
    assert not (tmp_path / "ran").exists()


def test_a_filter_of_the_users_own_settings_stays(
    git: GitFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").write_text('[filter "own"]\n\tclean = sed s/2/3/\n', encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    git.write({".gitattributes": "*.py filter=own\n"})
    git.must("git", "config", "filter.other.clean", "cat")
    assert b"+x = 3" in Git(git.folder).ask("diff-index", "--patch", "HEAD")


def test_settings_of_the_environment_stay(git: GitFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    git.must("git", "config", "filter.other.clean", "false")
    given = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "user.name", "GIT_CONFIG_VALUE_0": "somebody"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert Git(git.folder).answer("config", "user.name") == "somebody"
    assert Git(git.folder).answer("config", "filter.other.clean") == ""


def test_no_hook_runs_and_nothing_is_written(git: GitFolder, tmp_path: Path) -> None:
    for name in ("post-index-change", "reference-transaction", "pre-commit", "fsmonitor-watchman"):
        program(git.folder / ".git" / "hooks" / name, tmp_path / "ran")
    index = git.folder / ".git" / "index"
    before = index.read_bytes()
    os.utime(git.folder / "b" / "c.py", (1, 1))
    for asked in (("status", "--porcelain"), ("diff-index", "HEAD"), ("ls-files",), ("blame", "b/c.py")):
        Git(git.folder).ask(*asked)
    assert index.read_bytes() == before
    assert not (tmp_path / "ran").exists()


ANSWERS = {
    "exec yes": "git answered with more than 1 MiB: run it yourself",
    "head -c 9000000 /dev/zero | tr '\\0' x >&2; exit 1": "x{300}[.]{3}$",
    "head -c 300000 /dev/zero": "git gave an answer that is none of git's",
}


@pytest.mark.parametrize("script", ANSWERS)
def test_a_git_that_says_too_much_or_nonsense_is_told(
    git: GitFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    file = program(tmp_path / "bin" / "git", tmp_path / "ran")
    file.write_text(f'#!/bin/sh\ncase "$*" in *--null*) :;; *) {script};; esac\n')
    monkeypatch.setenv("PATH", os.pathsep.join((str(file.parent), os.environ["PATH"])))
    monkeypatch.setattr("airwarden.git.MOST", 1 << 20)
    with pytest.raises(GitError, match=ANSWERS[script]):
        list(Git(git.folder).blobs(["0" * 40]))
