"""Nothing that is linted is run, imported or written to, and nothing goes over the network: it is watched."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from airwarden.formats import FORMATS

from tests import traps
from tests.git_folders import plain_environment

ROOT = Path(__file__).resolve().parent.parent

COMMANDS = [
    ["check", "--jobs", "2"],
    ["check", "--jobs", "1"],
    ["check", "--no-cache", "--profile", "strict", "--show-suppressed"],
    *(["check", "--format", name, "-q"] for name in FORMATS),
    [
        "check",
        "--no-cache",
        "--output",
        "{out}/report.sarif",
        "--format",
        "sarif",
        "--also",
        "html={out}/a.html",
    ],
    ["check", "--since", "HEAD"],
    ["check", "--staged", "--jobs", "2"],
    ["check", "--shard", "1/2", "--format", "json", "--output", "{out}/1.json"],
    ["check", "--shard", "2/2", "--format", "json", "--output", "{out}/2.json"],
    ["check", "--diff", "--unsafe-fixes"],
    ["merge", "{out}/1.json", "{out}/2.json"],
    ["init", "--dry-run"],
    ["config"],
    ["config", "dags/orders.py"],
    ["config", "--rule", "runs-code"],
    ["explain", "runs-code"],
    ["explain", "known-token"],
    ["explain", "own"],
    ["rules"],
    ["baseline", "write", "--baseline", "{out}/baseline.json", "--reason", "x"],
    ["baseline", "prune", "--baseline", "{out}/baseline.json"],
    ["baseline", "show", "--baseline", "{out}/baseline.json"],
    ["suppressions"],
    ["new", "rule", "own", "another-one", "--in", "{out}/new"],
    ["new", "pack", "a-pack", "--in", "{out}/pack"],
    ["test"],
    ["completion", "bash"],
    ["server"],
    ["check", "--fix", "--no-cache"],
    ["--version"],
]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the repository, and room for all that may be written."""
    traps.plant(tmp_path / "repository", tmp_path / "ran")
    for name in ("out", "home", "temp"):
        (tmp_path / name).mkdir()
    return tmp_path


def surroundings(place: Path) -> dict[str, str]:
    """The environment of a run."""
    home = str(place / "home")
    python = os.pathsep.join(filter(None, (str(ROOT / "linter"), os.environ.get("PYTHONPATH"))))
    kept = {
        name: text
        for name, text in plain_environment().items()
        if not name.startswith(("XDG_", "AIRWARDEN_"))
    }
    own = {"HOME": home, "TMPDIR": str(place / "temp"), "PYTHONPATH": python, "PYTHONDONTWRITEBYTECODE": "1"}
    return {**kept, **own, **traps.environment(place / "repository")}


def watched(place: Path, commands: list[list[str]], *writable: Path) -> list[str]:
    """Runs commands in the repository under audit; the lines of the log."""
    driver, log = ROOT / "tests" / "watched.py", place / "log"
    log.unlink(missing_ok=True)
    filled = [[word.replace("{out}", str(place / "out")) for word in command] for command in commands]
    allowed = os.pathsep.join(map(str, (place / "out", place / "home", place / "temp", *writable)))
    run = subprocess.run(
        [sys.executable, str(driver), str(log), str(place / "repository"), allowed],
        cwd=place / "repository",
        env=surroundings(place),
        input=json.dumps(filled),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    lines = log.read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line.startswith("- ")]) == len(commands)
    return lines


def traces(place: Path) -> list[str]:
    """What was run."""
    return sorted(path.name for path in (place / "ran").iterdir())


def states(root: Path) -> dict[str, object]:
    """What there is in a folder: bytes, and when they were written."""
    return {
        path.relative_to(root).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def test_no_command_runs_anything_of_a_hostile_repository(place: Path) -> None:
    *commands, fix, version = COMMANDS
    before = states(place / "repository")
    lines = watched(place, commands)
    assert [line for line in lines if not line.startswith("- ")] == []
    assert not [line for line in lines if line.startswith("- 2 check")], lines
    assert traces(place) == []
    assert states(place / "repository") == before
    lines = watched(
        place, [fix, version], place / "repository" / "pyproject.toml", place / "repository" / "dags"
    )
    assert [line for line in lines if not line.startswith("- ")] == []
    assert traces(place) == []


def test_the_traps_go_off_where_they_are_sprung(place: Path) -> None:
    """What is found by nobody above is no accident."""
    lines = watched(place, [["check", "--no-cache", "--jobs", "2", "--trust-policies"]])
    assert {"outside", "policy"} <= set(traces(place))
    assert [line for line in lines if line.startswith("exec ") and line.endswith("policies/own/runs_code.py")]
    assert [line for line in lines if line.startswith("open ") and line.endswith("ran/policy")]
    shutil.rmtree(place / "ran")
    (place / "ran").mkdir()
    run = subprocess.run(
        ["git", "diff", "HEAD"], cwd=place / "repository", env=surroundings(place), check=False
    )
    assert run.returncode == 3
    assert "program-git" in traces(place)
    path = {"PATH": os.environ["PATH"]}
    command = ["git", "-c", "core.pager=cat", "diff", "HEAD"]
    subprocess.run(
        command,
        cwd=place / "repository",
        env={**plain_environment(), **path},
        check=False,
        capture_output=True,
    )
    assert any(name.startswith("git-") for name in traces(place))


def test_a_folder_that_looks_like_a_repository_of_git_runs_nothing(place: Path) -> None:
    root, ran = place / "repository" / "dags", place / "ran"
    for folder in ("objects", "refs"):
        (root / folder).mkdir()
    (root / "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
    run = f"sh -c ': > {ran}/bare'"
    text = f'[core]\nrepositoryformatversion = 0\nfsmonitor = "{run}"\n[diff]\nexternal = "{run}"\n'
    (root / "config").write_text(text, encoding="utf-8")
    (root / "airwarden.toml").write_text("", encoding="utf-8")
    commands = [["check", "--since", "HEAD", "dags"], ["suppressions", "dags"], ["check", "--staged", "dags"]]
    lines = watched(place, commands)
    assert [line for line in lines if not line.startswith("- ")] == []
    assert traces(place) == []


def test_settings_and_schemas_that_refer_elsewhere_are_refused_and_nothing_is_fetched(place: Path) -> None:
    out = place / "out"
    names = [
        *(
            "http://127.0.0.1:9/a.toml",
            "file:///etc/a.toml",
            "git+ssh://127.0.0.1/a",
            "a @ http://127.0.0.1:9/a",
        ),
        *("airwarden_pack", "evil", "json", "policies", "../outside/own/runs_outside.py"),
    ]
    texts = [f"extends = {json.dumps(name)}\n" for name in names]
    for number, reference in enumerate(
        ("http://127.0.0.1:9/schema", "file:///etc/passwd", "ftp://127.0.0.1:9/a")
    ):
        schema = {"$schema": reference, "properties": {"tags": {"$ref": reference}}}
        file = out / f"pack-{number}" / "own" / f"away-{number}.json"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps({"title": "A.", "x-rule": {"on": "dag"}, **schema}), encoding="utf-8")
        texts.append(f'policies = ["pack-{number}"]\n')
    commands = []
    for number, text in enumerate(texts):
        (out / f"{number}.toml").write_text(text, encoding="utf-8")
        commands.append(["check", "--no-cache", "--config", str(out / f"{number}.toml")])
    lines = watched(place, commands)
    assert [line[:4] for line in lines] == ["- 2 "] * len(commands)
    assert traces(place) == []
