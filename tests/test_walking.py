"""Which files are the repository's, and what of an earlier walk is heeded."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from airwarden.cli import main
from airwarden.repo import Repo
from airwarden.walking import Decisions, Walk

from tests.conftest import MakeRepository


def walked(root: Path, earlier: Decisions | None = None) -> tuple[list[str], Decisions]:
    walk = Walk(root, lambda path: (root / path).read_text("utf-8"), earlier=earlier)
    return sorted(walk.files()), walk.decisions


def write(root: Path, **texts: str) -> None:
    for name, text in texts.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_what_was_decided_is_what_would_be_decided(tmp_path: Path) -> None:
    write(
        tmp_path,
        **{".gitignore": "*.log\n/build/\n", "a.py": "", "b.log": "", "build__c.py": "", "d__e.py": ""},
    )
    files, decisions = walked(tmp_path)
    assert files == [".gitignore", "a.py", "d/e.py"]
    assert walked(tmp_path, decisions) == (files, decisions)


def test_a_changed_ignore_file_counts_for_all_below_it(tmp_path: Path) -> None:
    write(tmp_path, **{".gitignore": "*.log\n", "a.log": "", "b__c.log": "", "b__d.py": ""})
    _, decisions = walked(tmp_path)
    write(tmp_path, **{".gitignore": "d.py\n"})
    assert walked(tmp_path, decisions)[0] == [".gitignore", "a.log", "b/c.log"]
    (tmp_path / ".gitignore").unlink()
    assert walked(tmp_path, decisions)[0] == ["a.log", "b/c.log", "b/d.py"]


def test_a_new_ignore_file_counts_in_its_folder_alone(tmp_path: Path) -> None:
    write(tmp_path, **{"a.log": "", "b__c.log": "", "b__inner__d.log": ""})
    _, decisions = walked(tmp_path)
    write(tmp_path, **{"b__.gitignore": "*.log\n"})
    assert walked(tmp_path, decisions)[0] == ["a.log", "b/.gitignore"]


def test_what_is_new_is_decided_afresh(tmp_path: Path) -> None:
    write(tmp_path, **{".gitignore": "*.log\n", "a.py": ""})
    _, decisions = walked(tmp_path)
    write(tmp_path, **{"new.log": "", "new.py": ""})
    assert walked(tmp_path, decisions)[0] == [".gitignore", "a.py", "new.py"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
def test_pipes_and_links_are_no_files(tmp_path: Path) -> None:
    write(tmp_path, **{"a.py": ""})
    os.mkfifo(tmp_path / "values.yaml")
    os.mkfifo(tmp_path / ".gitignore")
    (tmp_path / "circle").symlink_to(".")
    (tmp_path / "zero.py").symlink_to("/dev/zero")
    assert [*Repo(tmp_path).files] == ["a.py"]


def closed(monkeypatch: pytest.MonkeyPatch, name: str, number: int) -> None:
    """Has the system refuse to show a folder."""
    real = os.scandir

    def scandir(folder: object) -> object:
        if str(folder).rstrip("/").endswith(f"/{name}"):
            raise OSError(number, os.strerror(number))
        return real(folder)  # type: ignore[call-overload]

    monkeypatch.setattr(os, "scandir", scandir)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO, errno.EMFILE, errno.ESTALE])
def test_a_folder_that_is_closed_is_told_and_not_passed_over(
    number: int,
    make_repository: MakeRepository,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    root = make_repository({"dags/a.py": "", "more/dags/b.py": ""})
    closed(monkeypatch, "more", number)
    for path in (root, root / "more/dags/b.py"):
        assert main(["check", "--no-cache", str(path)]) == 1
        out = capsys.readouterr().out
        assert f"more:1:1 error unreadable-file The file cannot be read: {os.strerror(number)}" in out


def test_a_folder_that_is_gone_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, **{"a.py": "", "more__b.py": ""})
    closed(monkeypatch, "more", errno.ENOENT)
    assert walked(tmp_path)[0] == ["a.py"]


def test_a_root_that_is_closed_is_told(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make_repository({"dags/a.py": ""})
    closed(monkeypatch, root.name, errno.EACCES)
    assert main(["check", "--no-cache", str(root)]) == 2
    assert capsys.readouterr().err == f"airwarden: {root}: cannot be read: Permission denied\n"


def refused(monkeypatch: pytest.MonkeyPatch, name: str, number: int) -> None:
    """Has the system refuse to open a file."""
    real = os.open

    def opened(path: str | Path, *means: int, **named: int) -> int:
        if str(path).endswith(name):
            raise OSError(number, os.strerror(number))
        return real(path, *means, **named)

    monkeypatch.setattr(os, "open", opened)


@pytest.mark.parametrize("path", ["values.yaml", "code/flow.py", "dags/a.py", "requirements.txt"])
def test_a_file_that_is_closed_is_told_wherever_it_stands(
    path: str,
    make_repository: MakeRepository,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    root = make_repository({path: "import airflow\n", "flow.py": "import airflow.providers.http\n"})
    refused(monkeypatch, path, errno.EACCES)
    assert main(["check", "--no-cache", str(root)]) == 1
    assert (
        f"{path}:1:1 error unreadable-file The file cannot be read: Permission denied"
        in capsys.readouterr().out
    )


def test_a_file_that_vanishes_is_none(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make_repository({"dags/a.py": "x = 1\n", "dags/b.py": "x = 1\n"})
    refused(monkeypatch, "a.py", errno.ENOENT)
    assert main(["check", "--no-cache", str(root)]) == 0
    assert "1 file checked" in capsys.readouterr().out


def test_a_pattern_that_means_nothing_leaves_nothing_out(tmp_path: Path) -> None:
    write(tmp_path, **{".gitignore": "[z-a]\n\\#\\\n[[:alpha:]]\n*.log\n", "a.log": "", "b.py": ""})
    assert walked(tmp_path)[0] == [".gitignore", "b.py"]
