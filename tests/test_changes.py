"""Which lines of a repository were changed, and what it was before: held against real git."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from airwarden.changes import Changed, Changes, since, staged
from airwarden.config import ConfigError
from airwarden.findings import Finding, Region, Related
from airwarden.repo import Repo
from airwarden.snapshots import Snapshot
from airwarden.source import Source
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import some
from tests.git_folders import GitFolder, plain_environment

ODD = (
    "plain.py",
    "with space.py",
    "älter.py",
    "new\nline.py",
    'quo"te\t.py',
    "-x.py",
    "b/re\\mote.py",
    "a/x.py",
)
TEXT = b"".join(b"line %d\n" % number for number in range(1, 10))


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name, value in plain_environment().items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def git(tmp_path: Path) -> GitFolder:
    return GitFolder.made(tmp_path / "repo")


def at(path: str, line: int, end: int = 0, column: int = 2) -> Region:
    return Region(path, line, 1, end or line, column)


def finding(region: Region, *related: Region, steps: tuple[Region, ...] = ()) -> Finding:
    others = tuple(Related(each, "") for each in related), tuple(Related(each, "") for each in steps)
    return Finding("a-rule", "family", "error", region, "said", "", *others)


def touched(changes: Changes, path: str, count: int = 30) -> list[int]:
    return [line for line in range(1, count) if changes.touch(finding(at(path, line)))]


# Any edits


paths = st.sampled_from(ODD)
lines = st.lists(
    st.sampled_from((b"a", b"b", b"++ b/a", b"-- a", b"@@ -1 +1 @@", b"\\", b"", b"c\r")), max_size=6
)
ends = st.sampled_from((b"\n", b"\n", b""))
texts = st.builds(lambda each, end: b"\n".join(each) + end, lines, ends)
trees = st.dictionaries(paths, texts, max_size=5)


def put(git: GitFolder, files: dict[str, bytes]) -> None:
    """Leaves just these files in the folder."""
    for entry in git.folder.iterdir():
        if entry.name != ".git":
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    git.write(files)


def split(text: bytes) -> list[bytes]:
    return text.removesuffix(b"\n").split(b"\n") if text else []


def agrees(changed: Changed, old: bytes, new: bytes, is_touched: list[bool]) -> bool:
    """Whether the lines that were not changed are the old ones, in their order, and no old one is missing."""
    before, after = split(old), split(new)
    taken = {line for first, count, _, _ in changed.hunks for line in range(first, first + count)}
    kept = [number for number in range(1, len(after) + 1) if not is_touched[number - 1]]
    stood = [changed.line_before(number) for number in kept]
    rest = [number for number in range(1, len(before) + 1) if number not in taken]
    same = all(before[was - 1] == after[now - 1] for was, now in zip(stood, kept, strict=True))
    return stood == rest and same


def compare(changes: Changes, old: dict[str, bytes], new: dict[str, bytes]) -> None:
    for path, text in new.items():
        changed = changes.files.get(path)
        if changed is None:
            assert old[path] == text
        elif changed.before is None:
            assert changed.is_whole
        else:
            marks = [changed.touches(at(path, number)) for number in range(1, len(split(text)) + 1)]
            assert agrees(changed, old[changed.before], text, marks)
    assert {path for path, each in changes.files.items() if each.hunks or each.is_whole} <= new.keys()


def held(root: Path, snapshot: Snapshot | None = None) -> dict[str, bytes]:
    """What a repository says of itself."""
    repo = Repo(root, snapshot=snapshot)
    assert all(repo.is_file(path) for path in repo.files)
    assert all(repo.size(path) == len(repo.data(path)) for path in repo.files)
    return {path: repo.data(path) for path in repo.files}


@settings(max_examples=some(20), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees, trees, trees)
def test_unchanged_lines_and_earlier_states_are_what_they_were(
    old: dict[str, bytes], index: dict[str, bytes], new: dict[str, bytes]
) -> None:
    with TemporaryDirectory() as folder:
        git = GitFolder.made(Path(folder).resolve())
        put(git, old)
        git.commit()
        put(git, index)
        git.must("git", "add", "--all")
        put(git, new)

        work = since(git.folder, "HEAD")
        compare(work, old, new)
        assert held(git.folder, work.before) == old

        ready = staged(git.folder)
        compare(ready, old, index)
        assert held(git.folder, ready.now) == index
        assert held(git.folder, ready.before) == old
        for path, text in new.items():
            assert Repo(git.folder).data(path) == text


@given(texts, texts)
def test_texts_that_are_not_on_the_disk_are_compared_with_the_state_before(old: bytes, new: bytes) -> None:
    texts = {"a.py": old.decode().replace("\r", ""), "b.py": new.decode().replace("\r", "")}
    snapshot = Snapshot(None, {})  # type: ignore[arg-type]
    with TemporaryDirectory() as folder:
        (Path(folder) / "a.py").write_text(texts["a.py"], encoding="utf-8")
        changes = Changes(Path(folder), {}, (), snapshot).with_texts({"a.py": Source("a.py", texts["b.py"])})
        count = len(split(texts["b.py"].encode()))
        marks = [changes.touch(finding(at("a.py", number + 1))) for number in range(count)]
        assert agrees(changes.files["a.py"], texts["a.py"].encode(), texts["b.py"].encode(), marks)


# Which lines count


def test_a_changed_line_an_added_one_and_the_ends_of_a_removed_one(git: GitFolder) -> None:
    git.commit({"x.py": TEXT})
    git.write(
        {
            "x.py": TEXT.replace(b"line 2\n", b"other\n")
            .replace(b"line 5\n", b"line 5\nnew\n")
            .replace(b"line 8\n", b"")
        }
    )
    changes = since(git.folder, "HEAD")
    assert touched(changes, "x.py") == [2, 6]
    around = [(first, last) for first in range(7, 10) for last in range(first, 10)]
    assert [each for each in around if changes.touch(finding(at("x.py", *each)))] == [(7, 9), (8, 9)]


def test_a_region_that_ends_before_a_line_does_not_reach_it(git: GitFolder) -> None:
    git.commit({"x.py": TEXT})
    git.write({"x.py": TEXT.replace(b"line 3\n", b"other\n")})
    changes = since(git.folder, "HEAD")
    assert not changes.touch(finding(at("x.py", 1, 3, column=1)))
    assert changes.touch(finding(at("x.py", 1, 3, column=2)))


def test_a_related_place_and_a_step_count_too(git: GitFolder) -> None:
    git.commit({"x.py": TEXT, "y.py": TEXT})
    git.write({"x.py": TEXT.replace(b"line 3\n", b"other\n")})
    changes = since(git.folder, "HEAD")
    assert not changes.touch(finding(at("y.py", 3), at("x.py", 4)))
    assert changes.touch(finding(at("y.py", 3), at("x.py", 3)))
    assert changes.touch(finding(at("y.py", 3), steps=(at("x.py", 3),)))


def test_a_file_that_git_takes_for_binary_counts_as_changed_everywhere(git: GitFolder) -> None:
    utf_16 = "line\nline\n".encode("utf-16")
    git.commit({"x.yaml": utf_16, "y.yaml": TEXT, ".gitattributes": "y.yaml -diff\n"})
    git.write({"x.yaml": utf_16 + "\n".encode("utf-16-le"), "y.yaml": TEXT + b"new\n"})
    changes = since(git.folder, "HEAD")
    assert touched(changes, "x.yaml") == touched(changes, "y.yaml") == [*range(1, 30)]


def test_a_file_with_lone_carriage_returns_counts_as_changed_everywhere(git: GitFolder) -> None:
    git.commit({"x.py": b"a\rb\nc\nd\n", "y.py": b"a\r\nb\r\nc\r\n"})
    git.write({"x.py": b"a\rb\nc\nother\n", "y.py": b"a\r\nb\r\nother\r\n"})
    changes = since(git.folder, "HEAD")
    assert touched(changes, "x.py", 5) == [1, 2, 3, 4]
    assert touched(changes, "y.py", 5) == [3]


def test_another_mode_is_no_changed_line(git: GitFolder) -> None:
    git.commit({"x.py": TEXT})
    (git.folder / "x.py").chmod(0o755)
    assert since(git.folder, "HEAD").files == {}


def test_a_renamed_file_keeps_its_lines(git: GitFolder) -> None:
    git.commit({"x.py": TEXT})
    git.must("git", "mv", "x.py", "y z.py")
    git.write({"y z.py": b"first\n" + TEXT})
    changes = since(git.folder, "HEAD")
    assert touched(changes, "y z.py") == [1]
    assert changes.place_before(at("y z.py", 5)) == ("x.py", 4)
    assert changes.place_before(at("other.py", 5)) == ("other.py", 5)


def test_a_file_that_git_does_not_know_is_new_and_an_ignored_one_is_not(git: GitFolder) -> None:
    git.commit({".gitignore": "secret.py\n"})
    git.write({"new.py": TEXT, "secret.py": TEXT, "announced.py": TEXT})
    git.must("git", "add", "--intent-to-add", "announced.py")
    changes = since(git.folder, "HEAD")
    assert touched(changes, "new.py") == touched(changes, "announced.py") == [*range(1, 30)]
    assert touched(changes, "secret.py") == []
    assert set(held(git.folder, staged(git.folder).now)) == {".gitignore"}


def test_commits_on_the_other_branch_are_no_changes(git: GitFolder) -> None:
    git.commit({"x.py": TEXT, "y.py": TEXT})
    git.must("git", "switch", "--quiet", "--create", "work")
    git.commit({"x.py": TEXT.replace(b"line 3\n", b"other\n")})
    git.must("git", "switch", "--quiet", "main")
    git.commit({"y.py": TEXT.replace(b"line 3\n", b"other\n")})
    git.must("git", "switch", "--quiet", "--detach", "work")
    changes = since(git.folder, "main")
    assert (touched(changes, "x.py"), touched(changes, "y.py")) == ([3], [])


def test_links_are_no_files_in_any_state(git: GitFolder) -> None:
    git.commit({"x.py": TEXT})
    (git.folder / "link.py").symlink_to("x.py")
    git.commit()
    (git.folder / "link.py").unlink()
    git.write({"link.py": TEXT})
    (git.folder / "x.py").unlink()
    (git.folder / "x.py").symlink_to("link.py")
    changes = since(git.folder, "HEAD")
    assert touched(changes, "link.py") == [*range(1, 30)]
    assert held(git.folder, changes.before) == {"x.py": TEXT}
    assert held(git.folder) == {"link.py": TEXT}


# Which repository


def test_a_root_below_the_top_of_the_repository(git: GitFolder) -> None:
    git.commit({"team/dags/x.py": TEXT, "other/x.py": TEXT})
    git.must("git", "mv", "other/x.py", "team/moved.py")
    git.write({"team/dags/x.py": TEXT.replace(b"line 3\n", b"other\n"), "team/new.py": TEXT, "new.py": TEXT})
    root = git.folder / "team"
    changes = since(root, "HEAD")
    assert set(changes.files) == {"dags/x.py", "moved.py", "new.py"}
    assert touched(changes, "dags/x.py") == [3]
    assert held(root, changes.before) == {"dags/x.py": TEXT}
    assert set(held(root, staged(root).now)) == {"dags/x.py", "moved.py"}


def test_a_submodule_of_another_commit_counts_as_changed(git: GitFolder, tmp_path: Path) -> None:
    inner = GitFolder.made(tmp_path / "inner")
    inner.commit({"x.py": TEXT})
    git.commit({"y.py": TEXT})
    git.must(
        "git", "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.folder), "sub"
    )
    git.commit()
    (git.folder / "sub/x.py").write_bytes(b"edited\n")
    assert touched(since(git.folder, "HEAD"), "sub/x.py") == []
    assert set(held(git.folder, staged(git.folder).now)) == {".gitmodules", "y.py", "sub/.git", "sub/x.py"}
    GitFolder(git.folder / "sub", git.environment).commit()
    changes = since(git.folder, "HEAD")
    assert touched(changes, "sub/x.py") == [*range(1, 30)]
    assert touched(changes, "y.py") == []


def test_a_worktree_and_what_git_tells_its_hooks(
    git: GitFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git.commit({"x.py": TEXT})
    linked = GitFolder(tmp_path / "linked", git.environment)
    git.must("git", "worktree", "add", "--quiet", str(linked.folder))
    linked.write({"x.py": TEXT.replace(b"line 3\n", b"other\n")})
    said = tmp_path / "said"
    hook = git.folder / ".git/hooks/pre-commit"
    hook.write_text(
        f"#!/bin/sh\nenv | grep ^GIT_ >{said}\ncp $GIT_INDEX_FILE {tmp_path}/index\n", encoding="utf-8"
    )
    hook.chmod(0o755)
    linked.must("git", "commit", "--quiet", "--message", "x", "x.py")
    linked.must("git", "reset", "--quiet", "HEAD~")
    for line in said.read_text(encoding="utf-8").splitlines():
        monkeypatch.setenv(*line.split("=", 1))
    assert "GIT_DIR" in os.environ
    shutil.copy(tmp_path / "index", os.environ["GIT_INDEX_FILE"])
    assert touched(staged(linked.folder), "x.py") == [3]
    assert touched(staged(git.folder), "x.py") == [], "another repository has its own index"


def test_the_index_of_a_partial_commit_counts(git: GitFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    git.commit({"x.py": TEXT, "y.py": TEXT})
    git.write({"x.py": b"x\n", "y.py": b"y\n"})
    shutil.copy(git.folder / ".git/index", git.folder / ".git/next-index")
    monkeypatch.chdir(git.folder)
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index")
    GitFolder(git.folder, {**git.environment, "GIT_INDEX_FILE": ".git/next-index"}).must("git", "add", "x.py")
    assert set(staged(git.folder).files) == {"x.py"}
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert set(staged(git.folder).files) == set()


def test_a_repository_that_only_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = GitFolder(tmp_path / "work", {**plain_environment(), "GIT_DIR": "../bare", "GIT_WORK_TREE": "."})
    git.folder.mkdir()
    git.must("git", "init", "--quiet")
    git.commit({"dags/x.py": TEXT})
    git.write({"dags/x.py": TEXT + b"new\n"})
    monkeypatch.chdir(git.folder)
    monkeypatch.setenv("GIT_DIR", "../bare")
    assert touched(since(git.folder / "dags", "HEAD"), "x.py") == [10]


def test_settings_of_the_user_change_nothing(
    git: GitFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch = tmp_path / "ran"
    settings = {
        "diff.noprefix": "true",
        "diff.mnemonicPrefix": "true",
        "diff.external": f"touch {touch}",
        "diff.interHunkContext": "9",
        "diff.suppressBlankEmpty": "true",
        "diff.renames": "copies",
        "diff.loud.textconv": f"touch {touch}; cat",
        "color.ui": "always",
        "core.quotePath": "true",
        "core.fsmonitor": f"touch {touch}; false",
        "diff.submodule": "log",
    }
    git.commit({"ä.py": TEXT, ".gitattributes": "*.py diff=loud\n"})
    for name, value in settings.items():
        git.must("git", "config", name, value)
    monkeypatch.setenv("GIT_DIFF_OPTS", "--unified=5")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", f"touch {touch}")
    git.write({"ä.py": TEXT.replace(b"line 3\n", b"other\n").replace(b"line 7\n", b"\n")})
    assert touched(since(git.folder, "HEAD"), "ä.py") == [3, 7]
    git.must("git", "-c", "core.fsmonitor=false", "add", "--all")
    assert touched(staged(git.folder), "ä.py") == [3, 7]
    assert not touch.exists()


def test_files_out_of_a_sparse_checkout_are_staged_too(git: GitFolder) -> None:
    git.commit({"dags/x.py": TEXT, "other/y.py": TEXT})
    git.must("git", "sparse-checkout", "set", "dags")
    assert not (git.folder / "other/y.py").exists()
    assert held(git.folder, staged(git.folder).now) == {"dags/x.py": TEXT, "other/y.py": TEXT}


# What can't be done


def said(folder: Path, ref: str) -> str:
    with pytest.raises(ConfigError) as caught:
        since(folder, ref)
    return str(caught.value)


@pytest.mark.parametrize("ref", ["nope", "", "-x", "--output=/tmp/x", "main..main", "main^{tree}", "x.py"])
def test_what_names_no_commit_is_told(git: GitFolder, ref: str) -> None:
    git.commit({"x.py": TEXT})
    assert said(git.folder, ref) == f"--since {ref}: git knows no such branch, tag or commit here"


def test_no_history_at_all_is_told(git: GitFolder, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    assert said(outside, "HEAD").startswith(
        f"--since: {outside} has no git history to compare with: not a git"
    )
    assert said(git.folder, "HEAD") == "--since HEAD: git knows no such branch, tag or commit here"
    git.write({"x.py": TEXT})
    git.must("git", "add", "x.py")
    assert touched(staged(git.folder), "x.py") == [*range(1, 30)]


def test_a_machine_without_git_is_told(git: GitFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(git.folder))
    assert said(git.folder, "HEAD").endswith("git is not there; install it")


def test_a_folder_of_somebody_else_is_told(git: GitFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    git.commit({"x.py": TEXT})
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert "dubious ownership" in said(git.folder, "HEAD")


def test_a_shallow_clone_is_told_how_to_get_more(git: GitFolder, tmp_path: Path) -> None:
    for number in range(3):
        git.commit({"x.py": b"%d\n" % number})
    clone = tmp_path / "clone"
    git.must("git", "clone", "--quiet", "--depth=1", "--no-single-branch", f"file://{git.folder}", str(clone))
    assert "fetch-depth: 0" in said(clone, "HEAD~")
    git.must("git", "switch", "--quiet", "--orphan", "alone")
    git.commit({"y.py": TEXT})
    unshallow = said(git.folder, "main")
    assert unshallow == "--since main: it has no commit in common with HEAD"


def test_a_clone_without_what_files_held_is_told_and_nothing_is_fetched(
    git: GitFolder, tmp_path: Path
) -> None:
    git.must("git", "config", "uploadpack.allowFilter", "true")
    git.commit({"x.py": TEXT})
    git.commit({"x.py": TEXT + b"new\n"})
    clone = tmp_path / "clone"
    git.must("git", "clone", "--quiet", "--filter=blob:none", f"file://{git.folder}", str(clone))
    assert said(clone, "HEAD~").startswith("this clone was made with a filter")
    assert touched(since(clone, "HEAD"), "x.py") == []


def test_a_conflict_is_told_or_counts_as_changed(git: GitFolder) -> None:
    git.commit({"x.py": TEXT})
    git.must("git", "switch", "--quiet", "--create", "work")
    git.commit({"x.py": TEXT.replace(b"line 3", b"mine")})
    git.must("git", "switch", "--quiet", "main")
    git.commit({"x.py": TEXT.replace(b"line 3", b"yours")})
    assert git.run("git", "merge", "work").returncode == 1
    assert touched(since(git.folder, "HEAD"), "x.py") == [3, 5, 6, 7]
    with pytest.raises(ConfigError, match=r"x\.py has a conflict"):
        staged(git.folder)
