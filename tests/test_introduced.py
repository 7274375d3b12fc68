"""`--since` and `--staged`: what of the findings is reported, in real git repositories."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from airwarden.changes import Changed, Changes, since
from airwarden.cli import main
from airwarden.config import Config
from airwarden.findings import Edit, Finding, Fix
from airwarden.git import Git
from airwarden.introduced import introduced
from airwarden.registry import Registry
from airwarden.report import Report
from airwarden.snapshots import Snapshot
from airwarden.source import Source
from airwarden.workspace import Workspace
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import some
from tests.git_folders import GitFolder, plain_environment

ROOT = Path(__file__).resolve().parent.parent
MENDED, BROKEN = (
    {
        path.relative_to(home).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(home.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    for home in (ROOT / "examples" / "mended", ROOT / "examples" / "broken")
)

Found = list[tuple[str, str]]


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitFolder:
    for name in [name for name in os.environ if name.startswith(("GIT_", "GITHUB_"))]:
        monkeypatch.delenv(name)
    for name, value in plain_environment().items():
        monkeypatch.setenv(name, value)
    git = GitFolder.made(tmp_path / "repo")
    monkeypatch.chdir(git.folder)
    return git


@pytest.fixture(params=["a cache", "no cache"])
def found(
    request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Found]:
    """Runs `airwarden check`, and returns path and rule of each finding."""
    home = ["--no-cache"] if request.param == "no cache" else ["--cache-dir", str(tmp_path / "cache")]

    def run(*arguments: str) -> Found:
        main(["check", "--format", "json", *home, *arguments])
        report: dict[str, Any] = json.loads(capsys.readouterr().out)
        assert report["errors"] == []
        return [(finding["path"], finding["rule"]) for finding in report["findings"]]

    return run


def without(files: Mapping[str, str], path: str, word: str) -> dict[str, str]:
    """One of the files without the lines that hold a word."""
    return {path: "".join(line for line in files[path].splitlines(keepends=True) if word not in line)}


def test_old_findings_are_only_counted(git: GitFolder, capsys: pytest.CaptureFixture[str]) -> None:
    git.commit(BROKEN)
    git.write({"dags/orders.py": f"# moved by a line\n{BROKEN['dags/orders.py']}"})
    assert main(["check", "--since", "HEAD", "--no-cache"]) == 0
    assert capsys.readouterr().out.startswith("No findings in what changed, 24 elsewhere (6 files checked).")


def test_a_changed_line_is_reported_with_what_it_had_before(
    git: GitFolder, found: Callable[..., Found]
) -> None:
    git.commit(BROKEN)
    git.write({"values.yaml": BROKEN["values.yaml"].replace("fernetKey: ", "fernetKey:  ")})
    assert found("--since", "HEAD") == [("values.yaml", "inline-secret-in-values")]
    assert found("--staged") == []
    git.must("git", "add", "values.yaml")
    assert found("--staged") == [("values.yaml", "inline-secret-in-values")]


def test_what_a_removed_line_breaks_in_another_file(git: GitFolder, found: Callable[..., Found]) -> None:
    git.commit(MENDED)
    broken = [("dags/alerts.py", "provider-not-declared")]
    git.write(without(MENDED, "pyproject.toml", "slack"))
    assert found("--since", "HEAD") == broken
    assert found("--staged") == []
    git.must("git", "add", "--all")
    git.write(MENDED)
    assert found("--since", "HEAD") == []
    assert found("--staged") == broken
    assert found() == []


def test_what_a_removed_file_breaks_in_another(git: GitFolder, found: Callable[..., Found]) -> None:
    git.commit(MENDED)
    git.must("git", "rm", "--quiet", "dags/alerts.py")
    strict = ("--profile", "strict")
    assert found(*strict) == [("pyproject.toml", "unused-provider")]
    assert found("--since", "HEAD", *strict) == found("--staged", *strict) == found(*strict)


def test_what_was_broken_before_is_not_new_in_a_renamed_file(
    git: GitFolder, found: Callable[..., Found]
) -> None:
    git.commit(BROKEN)
    git.must("git", "mv", "dags/orders.py", "dags/all_orders.py")
    assert found("--since", "HEAD") == found("--staged") == []
    git.commit()
    assert found("--since", "HEAD~") == []


def test_another_level_of_an_old_finding_is_new(git: GitFolder, found: Callable[..., Found]) -> None:
    """A working backend for XCom makes a data frame in XCom a warning, and its end an error again."""
    frames = [("dags/orders.py", "dataframe-in-xcom")]
    dag = "\n".join(
        (
            "import pandas",
            "from airflow.sdk import dag, task",
            "@dag",
            "def orders():",
            "    @task",
            "    def extract():",
            "        return pandas.read_csv('x')",
            "    extract()",
            "orders()",
        )
    )
    git.commit({**MENDED, "dags/orders.py": dag})
    assert found("--select", "xcom") == frames
    git.write(without(MENDED, "values.yaml", "xcom"))
    assert found("--since", "HEAD", "--select", "dataframe-in-xcom") == frames


def test_paths_narrow_it_further(git: GitFolder, found: Callable[..., Found]) -> None:
    git.commit({})
    git.write(BROKEN)
    every = found("--since", "HEAD")
    assert every == found()
    assert found("--since", "HEAD", "dags") == [each for each in every if each[0].startswith("dags/")]
    assert found("--since", "HEAD", "values.yaml") == [each for each in every if each[0] == "values.yaml"]


def test_unstaged_edits_of_any_file_are_out_of_sight(git: GitFolder, found: Callable[..., Found]) -> None:
    git.commit({})
    git.write(BROKEN)
    git.must("git", "add", "--all")
    git.write({**MENDED, "dags/extra.py": "x = = 1\n"})
    on_disk = found()
    staged = found("--staged")
    assert on_disk == [("dags/extra.py", "unreadable-file")]
    git.commit()
    git.must("git", "rm", "--quiet", "-r", "dags")
    git.write(BROKEN)
    git.must("git", "add", "--all")
    assert found() == staged


def test_fixes_are_made_of_what_changed_alone(git: GitFolder, capsys: pytest.CaptureFixture[str]) -> None:
    git.commit(without(MENDED, "pyproject.toml", "slack") | {"dags/alerts.py": MENDED["dags/alerts.py"]})
    git.write({"dags/more.py": "from airflow.providers.postgres.hooks.postgres import PostgresHook\n"})
    git.write(
        without({"pyproject.toml": (git.folder / "pyproject.toml").read_text()}, "pyproject.toml", "postgres")
    )
    before = (git.folder / "pyproject.toml").read_text(encoding="utf-8")
    assert main(["check", "--since", "HEAD", "--diff"]) == 1
    shown = capsys.readouterr().out
    assert "+  " in shown
    assert "postgres" in shown
    assert "slack" not in shown
    main(["check", "--since", "HEAD", "--fix"])
    after = (git.folder / "pyproject.toml").read_text(encoding="utf-8")
    assert after != before
    assert "postgres" in after
    assert "slack" not in after


@pytest.mark.parametrize("others", [["--fix"], ["--diff"], ["--shard", "1/2"]])
def test_the_index_is_neither_mended_nor_divided(
    others: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--staged", *others]) == 2
    assert f"{others[0]} and --staged don't go together" in capsys.readouterr().err.replace(
        f"--staged and {others[0]}", f"{others[0]} and --staged"
    )


def test_since_and_staged_are_two_questions(git: GitFolder, capsys: pytest.CaptureFixture[str]) -> None:
    git.commit(MENDED)
    assert main(["check", "--staged", "--since", "HEAD"]) == 2
    assert "--since and --staged" in capsys.readouterr().err


def test_a_bad_ref_is_told(git: GitFolder, capsys: pytest.CaptureFixture[str]) -> None:
    git.commit(MENDED)
    assert main(["check", "--since", "no-such-branch"]) == 2
    said = "airwarden: --since no-such-branch: git knows no such branch, tag or commit here\n"
    assert capsys.readouterr() == ("", said)


def test_findings_keep_the_fingerprints_that_they_have_among_all(
    git: GitFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    def fingerprints(*arguments: str) -> list[str]:
        main(["check", "--format", "json", "--no-cache", *arguments])
        return [each["fingerprint"] for each in json.loads(capsys.readouterr().out)["findings"]]

    bad = "x = 1  # airwarden: ignore[no-such-rule]\n"
    git.commit({"dags/x.py": bad})
    git.write({"dags/x.py": bad * 2})
    assert fingerprints("--since", "HEAD") == fingerprints()[1:]


def test_a_secret_that_stands_elsewhere_is_shown_by_no_fix() -> None:
    """The fix of a finding in the same file would repeat it."""
    source = Source("values.yaml", "pass: not-a-real-password-1\nother: 1\n")
    place, changed = source.region(6, 27), source.region(28, 36)
    fix = Fix("", (Edit(changed, "other: not-a-real-password-1"),))
    secret = Finding("one", "secrets", "error", place, "", "", secret=True)
    fixable = Finding("two", "secrets", "error", changed, "", "", fix=fix)
    report = Report("/", (secret, fixable), sources={"values.yaml": source})
    files = {"values.yaml": Changed("values.yaml", ((2, 1, 2, 1),))}
    changes = Changes(Path("/"), files, (), Snapshot(Git(Path("/")), {}))
    narrow = introduced(report, changes, lambda _: report)
    assert (narrow.findings, narrow.elsewhere) == ((fixable,), (secret,))
    assert narrow.shown_fix(fixable) is None
    assert narrow.fingerprints == report.fingerprints[1:]


# Any edits, beside a check of the state before that knows nothing of git


EDITED = sorted(path for path in BROKEN if path.endswith((".py", ".yaml", ".toml")))
drops = st.lists(st.tuples(st.sampled_from(EDITED), st.integers(0, 60)), max_size=6)
swaps = st.lists(st.sampled_from(EDITED), max_size=2)


def edited(lines: list[tuple[str, int]], others: list[str]) -> dict[str, str]:
    """The broken example with some files of the mended one, and without some lines."""
    files = BROKEN | {path: MENDED[path] for path in others}
    for path, number in lines:
        kept = files[path].splitlines(keepends=True)
        files[path] = "".join(line for place, line in enumerate(kept) if place != number)
    return files


@settings(max_examples=some(6), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(drops, swaps, drops, swaps)
def test_the_state_before_is_the_one_that_a_checkout_of_it_has(
    lines: list[tuple[str, int]], others: list[str], more: list[tuple[str, int]], further: list[str]
) -> None:
    registry = Registry()
    with TemporaryDirectory() as folder:
        home = Path(folder).resolve()
        git, before = GitFolder.made(home / "now" / "shop"), GitFolder.made(home / "before" / "shop")
        before.write(edited(lines, others))
        git.commit(edited(lines, others))
        git.write(edited(more, further))
        git.write({"dags/new.py": "from airflow.providers.http.hooks.http import HttpHook\n"})

        changes = since(git.folder, "HEAD")
        workspace = Workspace(git.folder, registry, Config(), home / "cache")
        found = [workspace.check(workspace.repo(), changes=changes) for _ in range(2)]
        plain = Workspace(before.folder, registry, Config())
        exact = introduced(
            workspace.check(workspace.repo()), changes, lambda paths: plain.check(plain.repo(), paths)
        )
        for report in found:
            assert (report.findings, report.elsewhere) == (exact.findings, exact.elsewhere)
