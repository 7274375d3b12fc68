"""A link in a checkout is from whoever made it: it leads no write out of it, and no reading."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from airwarden import cli, disk
from airwarden.repo import Repo

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links need rights elsewhere")

DAG = 'from airflow import DAG\npassword = "n0tareal"\nwith DAG("a"):\n    pass\n'
BASELINE = '{"version": 1, "entries": [{"rule": "a", "path": "b.py", "subject": "c"}]}'
LEADS_OUT = "leads out of the repository, to "


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository, the current folder; beside it stands `outside`."""
    for folder in ("repository/.git", "repository/dags", "outside/inside"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "repository/dags/a.py").write_text(DAG)
    (tmp_path / "repository/airwarden.toml").write_text("")
    monkeypatch.chdir(tmp_path / "repository")
    return tmp_path / "repository"


def state(folder: Path) -> Mapping[str, bytes]:
    return {str(each): each.read_bytes() if each.is_file() else b"" for each in folder.rglob("*")}


CHECK = ("check", "--no-cache", "--select", "secrets")
WAYS = {
    "output": ("link.json", "new.json", (*CHECK, "--output", "link.json")),
    "also": ("link.json", "new.json", (*CHECK, "--also", "json=link.json")),
    "over a file": ("link.json", "there", (*CHECK, "--output", "link.json")),
    "below a folder": ("reports", "inside", (*CHECK, "--output", "reports/a.json")),
    "a new baseline": (".airwarden-baseline.json", "new.json", ("baseline", "write", "--no-cache")),
    "a baseline": (".airwarden-baseline.json", "baseline.json", ("baseline", "write", "--no-cache")),
    "prune": (".airwarden-baseline.json", "baseline.json", ("baseline", "prune", "--no-cache")),
    "a named baseline": ("b", "inside", ("baseline", "write", "--no-cache", "--baseline", "b/c.json")),
    "cache": ("cache", "inside", ("check", "--cache-dir", "cache")),
    "below the cache": ("cache", "inside", ("check", "--cache-dir", "cache/a")),
    "new rule": ("policies", "inside", ("new", "rule", "--in", "policies", "own", "thing-missing")),
    "new pack": ("pack", "inside", ("new", "pack", "pack")),
}


@pytest.mark.parametrize(("link", "target", "command"), WAYS.values(), ids=WAYS)
def test_nothing_is_written_through_a_link_of_the_repository(
    link: str, target: str, command: tuple[str, ...], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outside = home.parent / "outside"
    (outside / "there").write_text("mine")
    (outside / "baseline.json").write_text(BASELINE)
    (home / link).symlink_to(f"../outside/{target}")
    before = state(outside)
    assert cli.main(list(command)) == 2
    assert state(outside) == before
    told = capsys.readouterr().err
    assert f"the link {home / link} {LEADS_OUT}{outside / target}: delete it, or name the place" in told
    assert told.count("\n") == 1


@pytest.mark.parametrize("path", ["../outside/a.json", "{outside}/a.json"])
def test_the_settings_name_no_baseline_elsewhere(
    path: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outside = home.parent / "outside"
    (home / "airwarden.toml").write_text(f'baseline = "{path.format(outside=outside)}"\n')
    assert cli.main(["baseline", "write", "--no-cache"]) == 2
    assert "stands outside of the repository; name a file in it, or use --baseline" in capsys.readouterr().err
    assert not list(outside.glob("*.json"))


def test_init_neither_reads_nor_writes_through_a_link(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outside = home.parent / "outside"
    (home / "airwarden.toml").unlink()
    for name in ("pyproject.toml", ".pre-commit-config.yaml"):
        (outside / name).write_text("# not to be seen\n")
        (home / name).symlink_to(outside / name)
    before = state(outside)
    assert cli.main(["init", "--yes"]) == 0
    assert state(outside) == before
    said = capsys.readouterr()
    assert "not to be seen" not in said.out + said.err
    assert ".pre-commit-config.yaml is a link that leads to no file of the repository" in said.out + said.err


def test_links_that_stay_and_links_of_the_user_lead_where_they_like(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "inside").symlink_to("dags")
    disk.put(home / "inside" / "report", b"1")
    assert (home / "dags/report").read_bytes() == b"1"
    (home.parent / "mine").symlink_to("outside")
    disk.put(Path("../mine/report"), b"2")
    disk.append(home.parent / "mine/report", b"3")
    assert (home.parent / "outside/report").read_bytes() == b"23"
    (home / "circle").symlink_to("circle")
    with pytest.raises(OSError, match=r"symbolic links|leads out"):
        disk.put(home / "circle" / "report", b"4")
    (home / ".git").rmdir()
    (home / "out").symlink_to("../outside")
    with pytest.raises(OSError, match=LEADS_OUT):
        disk.append(Path("out/report"), b"5")
    monkeypatch.chdir(home.parent / "outside")
    disk.append(home / "out/report", b"6")
    disk.put(Path("/dev/stdout" if Path("/dev/stdout").exists() else os.devnull), b"")


def test_what_stands_outside_is_no_file_of_the_repository(home: Path) -> None:
    outside = home.parent / "outside"
    (outside / "a.py").write_text("SECRET = 1\n")
    (home / "link.py").symlink_to(outside / "a.py")
    (home / "folder").symlink_to(outside)
    (home / ".gitignore").symlink_to(outside / "a.py")
    (home / "dags/same.py").symlink_to("a.py")
    named = ("link.py", "folder/a.py", "../outside/a.py", "dags/../../outside/a.py", ".gitignore")
    for is_walked in (False, True):
        repo = Repo(home)
        assert not is_walked or repo.files == ("airwarden.toml", "dags/a.py")
        for path in (*named, str(outside / "a.py")):
            assert not repo.is_file(path)
            assert repo.data(path) == b""
            assert repo.signature(path) is None
        assert repo.data("dags/same.py") == DAG.encode()


SETTINGS = {
    "settings": ("airwarden.toml", 'profile = "not-to-be-seen"', ""),
    "extended": ("more.toml", 'profile = "not-to-be-seen"', 'extends = ["more.toml"]'),
    "baseline": (".airwarden-baseline.json", '{"not-to-be-seen": 1}', ""),
    "history": ("runs/a.json", '{"not-to-be-seen": 1}', ""),
}


@pytest.mark.parametrize(("link", "text", "settings"), SETTINGS.values(), ids=SETTINGS)
def test_settings_that_a_link_finds_elsewhere_are_refused(
    link: str, text: str, settings: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = home.parent / "outside" / "file"
    target.write_text(text)
    (home / "airwarden.toml").write_text(settings)
    (home / link).unlink(missing_ok=True)
    (home / link).parent.mkdir(parents=True, exist_ok=True)
    (home / link).symlink_to(target)
    history = ["--history", "runs"] if link.startswith("runs") else []
    assert cli.main([*CHECK, "--format", "html", *history]) == 2
    said = capsys.readouterr()
    assert LEADS_OUT in said.err
    assert "not-to-be-seen" not in said.out + said.err


@pytest.mark.parametrize("text", ['{"auths": {"not-to-be-seen": 1}}', "not-to-be-seen", '{"title": "a", 1'])
def test_what_is_no_policy_is_not_quoted(text: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home.parent / "outside" / "file").write_text(text)
    (home / "airwarden.toml").write_text('policies = ["own"]')
    (home / "own/family").mkdir(parents=True)
    (home / "own/family/thing.json").symlink_to(home.parent / "outside" / "file")
    assert cli.main(["check", "--no-cache", "--format", "html"]) == 2
    said = capsys.readouterr()
    assert "thing.json" in said.out + said.err
    assert "not-to-be-seen" not in said.out + said.err


def test_owners_that_a_link_finds_elsewhere_are_none(home: Path) -> None:
    from airwarden.codeowners import CodeOwners

    (home.parent / "outside/CODEOWNERS").write_text("* @not-to-be-seen\n")
    (home / ".github").symlink_to("../outside")
    assert CodeOwners.of(home).owner("dags/a.py") == ""


def test_files_have_the_same_names_whatever_the_locale(home: Path) -> None:
    (home / "dags/grüße.py").write_text(DAG)
    names = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-P", "-m", "airwarden"] if sys.version_info >= (3, 11) else []
    command = command or [sys.executable, "-m", "airwarden"]
    command += ["baseline", "write", "--no-cache", "--select", "secrets"]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, **names}, cwd=home)
    assert '"dags/grüße.py"' in (home / ".airwarden-baseline.json").read_text("utf-8")
