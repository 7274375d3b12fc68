"""Nothing that is linted is run, imported or written to, and nothing goes over the network: planted, and watched."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from airwarden.formats import FORMATS

from tests import hostile
from tests.git_folders import plain_environment

ROOT = Path(__file__).resolve().parent.parent

COMMANDS = [
    ["check", "--jobs", "2"],
    ["check", "--jobs", "1"],
    ["check", "--no-cache", "--profile", "strict", "--show-suppressed"],
    *(["check", "--format", name, "-q"] for name in FORMATS),
    ["check", "--no-cache", "--output", "{out}/report.sarif", "--format", "sarif", "--also", "html={out}/a.html"],
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
    ["completion", "zsh"],
    ["completion", "fish"],
    ["server"],
    ["check", "--fix", "--no-cache"],
    ["--version"],
]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the repository, and room for all that may be written."""
    hostile.plant(tmp_path / "repository", tmp_path / "ran")
    for name in ("out", "home", "temp"):
        (tmp_path / name).mkdir()
    return tmp_path


def surroundings(place: Path) -> dict[str, str]:
    """The environment of a run."""
    home = str(place / "home")
    python = os.pathsep.join(filter(None, (str(ROOT / "linter"), os.environ.get("PYTHONPATH"))))
    kept = {name: text for name, text in plain_environment().items() if not name.startswith(("XDG_", "AIRWARDEN_"))}
    own = {"HOME": home, "TMPDIR": str(place / "temp"), "PYTHONPATH": python, "PYTHONDONTWRITEBYTECODE": "1"}
    return {**kept, **own, **hostile.environment(place / "repository")}


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
    assert os.listdir(place / "ran") == []
    assert states(place / "repository") == before
    lines = watched(place, [fix, version], place / "repository" / "pyproject.toml", place / "repository" / "dags")
    assert [line for line in lines if not line.startswith("- ")] == []
    assert os.listdir(place / "ran") == []
