"""What the program asks of the system, as strace sees it: no network, no process but git, and no file written
but those that were asked for. `tests/test_no_execution.py` looks at the same from within Python, everywhere.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editor import Editor
from tests.test_no_execution import states, surroundings, traces
from tests.traps import plant

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not there"),
]

CALL = re.compile(r"^\d+ +(\w+)\((.*)")
WRITING = re.compile(r"\bO_(WRONLY|RDWR|CREAT|TRUNC|APPEND|TMPFILE)\b")
CHANGING = (
    *("chmod", "chown", "creat", "fchmodat", "fchmodat2", "fchownat", "lchown", "link", "linkat", "mkdir"),
    *("mkdirat", "mknod", "mknodat", "rename", "renameat", "renameat2", "rmdir", "symlink", "symlinkat"),
    *(
        "truncate",
        "unlink",
        "unlinkat",
        "utime",
        "utimensat",
        "utimes",
        "mount",
        "umount2",
        "chroot",
        "pivot_root",
    ),
)
REACHING = ("accept", "accept4", "bind", "connect", "listen")
LOCAL = ("socket(AF_UNIX", "socketpair(AF_UNIX")
"""Pairs that workers and event loops talk over; without another kind of socket nothing leaves the machine."""

OF_THE_LIBRARY = 'sun_path="/var/run/nscd/socket"'
"""Whom the C library asks for the names of users, on this machine and nowhere else."""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a hostile repository, and room for all that may be written."""
    plant(tmp_path / "repository", tmp_path / "ran")
    for name in ("out", "home", "temp"):
        (tmp_path / name).mkdir()
    return tmp_path


def strace(place: Path, *arguments: str) -> list[str]:
    """A command line that runs airwarden under strace, which writes into the folder."""
    asked = "--trace=%network,%process,%file"
    isolated = ["-P"] if sys.version_info >= (3, 11) else []
    program = [sys.executable, *isolated, "-m", "airwarden"]
    return [
        "/usr/bin/env",
        "strace",
        "-f",
        "-qq",
        "--seccomp-bpf",
        asked,
        "-s",
        "4096",
        "-o",
        str(place / "calls"),
        *program,
        *arguments,
    ]


def run(place: Path, *arguments: str) -> int:
    command = strace(place, *(each.replace("{out}", str(place / "out")) for each in arguments))
    found = {**surroundings(place), "PATH": os.environ["PATH"]}
    return subprocess.run(
        command, cwd=place / "repository", env=found, capture_output=True, check=False
    ).returncode


def faults(place: Path, *writable: str) -> list[str]:
    """The calls that should not have been made."""
    lines = (place / "calls").read_text(encoding="utf-8", errors="replace").splitlines()
    calls = [(match[1], match[2]) for line in lines if (match := CALL.match(line))]
    assert len(calls) > 100
    allowed = [*(str(place / name) for name in ("out", "home", "temp")), *writable]
    return [
        f"{name}({rest}" for name, rest in calls if list(_wrong(name, rest, place / "repository", allowed))
    ]


def _wrong(name: str, rest: str, root: Path, allowed: list[str]) -> Iterator[str]:
    if name in ("socket", "socketpair") or "sa_family=AF_INET" in rest:
        if not f"{name}({rest}".startswith(LOCAL):
            yield "network"
    elif name in REACHING and OF_THE_LIBRARY not in rest:
        yield "network"
    elif name in ("execve", "execveat"):
        program = re.match(r'"(.*?)"', rest)
        if program is None or not is_known(Path(program[1]), root):
            yield "process"
    elif name in CHANGING or (name in ("open", "openat", "openat2") and WRITING.search(rest)):
        named = re.findall(r'"(.*?)"', rest)[-1 if "link" in name else 0 :]
        paths = [Path(os.path.normpath(root / path)) for path in named]
        if not all(any(path.is_relative_to(one) for one in ("/dev/null", *allowed)) for path in paths):
            yield "file"


def is_known(program: Path, root: Path) -> bool:
    """Python itself and git, which stand outside of the repository."""
    is_outside = program.is_absolute() and not program.resolve().is_relative_to(root)
    return is_outside and (str(program) == sys.executable or program.name == "git")


def test_checks_write_into_the_cache_alone_and_start_nothing(place: Path) -> None:
    before = states(place / "repository")
    assert run(place, "check", "--jobs", "1") == 1
    assert faults(place) == [], "cold"
    assert run(place, "check", "--jobs", "2") == 1
    assert faults(place) == [], "warm"
    assert (
        run(place, "check", "--jobs", "2", "--no-cache", "--format", "sarif", "--output", "{out}/a.sarif")
        == 1
    )
    assert faults(place) == []
    assert "execve" not in "".join((place / "calls").read_text(encoding="utf-8").splitlines()[1:])
    assert (states(place / "repository"), traces(place)) == (before, [])


def test_what_asks_git_starts_git_alone(place: Path) -> None:
    before = states(place / "repository")
    for arguments in ("check --since HEAD", "check --staged", "suppressions", "check --diff --unsafe-fixes"):
        assert run(place, *arguments.split()) in (0, 1)
        assert faults(place) == [], arguments
        assert (states(place / "repository"), traces(place)) == (before, []), arguments


def test_fixes_are_written_where_they_belong(place: Path) -> None:
    root = place / "repository"
    assert run(place, "check", "--fix", "--no-cache") in (0, 1)
    assert (
        faults(place, str(root / "dags"), str(root / "pyproject.toml"), str(root / "requirements.txt")) == []
    )
    assert traces(place) == []


def test_the_server_talks_to_nobody_but_its_editor(place: Path) -> None:
    root = place / "repository"
    editor = Editor(
        root, start=strace(place, "server"), **{**surroundings(place), "PATH": os.environ["PATH"]}
    )
    uri = editor.open(root / "dags" / "orders.py")
    assert "hardcoded-credential" in editor.rules(uri)
    assert editor.leave() == 0
    for stream in (editor.process.stdout, editor.process.stderr):
        assert stream
        stream.close()
    assert faults(place) == []
    assert traces(place) == []


def test_a_policy_that_is_allowed_to_run_is_seen(place: Path) -> None:
    """What is found by nobody above is no accident."""
    assert run(place, "check", "--no-cache", "--trust-policies") == 1
    assert [fault for fault in faults(place) if f"{place}/ran/policy" in fault]
