"""Every command that a page shows is run, in a copy of an example, and tells what the page says."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from airwarden.cli import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
PAGES = [
    ROOT / "README.md",
    *sorted(path for path in (ROOT / "docs").glob("*.md") if path.name != "design.md"),
]
BLOCK = re.compile(r"^```(sh|console)\n(.*?)^```", re.DOTALL | re.MULTILINE)

NOT_RUN = (
    r"pip install ",
    r"(pipx|uv tool) install ",
    r"make ",
    r"\.venv/bin/",
    r"(mkdir|cd) .*corpus",
    r"git (push|commit|clone) ",
    r"pre-commit ",
)
"""What needs a network, a clone of this repository, or another program."""

SETTING = {
    "airwarden merge": (
        "airwarden check --shard 1/2 --format json --output 1.json",
        "airwarden check --shard 2/2 --format json --output 2.json",
    ),
    "airwarden baseline": ('airwarden baseline write --reason "from before airwarden"',),
    "airwarden suppressions": ('airwarden baseline write --reason "from before airwarden"',),
}
"""What has to be run before commands that begin so."""

FAILED = 2


@dataclass(frozen=True)
class Shown:
    """A command that a page shows, and what the page says that it tells."""

    page: str
    command: str
    told: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.page}: {self.command}"


def shown(page: Path) -> Iterator[Shown]:
    """The commands of a page: lines of `sh` blocks, and what stands behind `$` in `console` blocks."""
    for language, block in BLOCK.findall(page.read_text(encoding="utf-8")):
        text = block.replace("\\\n", " ")
        if language == "sh":
            lines = (re.sub(r"(^|\s)#.*", "", line).strip() for line in text.splitlines())
            yield from (Shown(page.name, line) for line in lines if line)
            continue
        for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            command, *told = part.splitlines()
            yield Shown(page.name, re.sub(r"\s#.*", "", command).strip(), tuple(told))


ALL = [each for page in PAGES for each in shown(page)]
RUN = [each for each in ALL if not any(re.match(left_out, each.command) for left_out in NOT_RUN)]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A copy of the example that breaks every policy, under git, with a commit and a change."""
    root = tmp_path / "repository"
    shutil.copytree(ROOT / "examples" / "broken", root)
    (root / "orders.py").write_text("", encoding="utf-8")
    git = ["git", "-C", str(root), "-c", "user.name=t", "-c", "user.email=t@example.org"]
    for arguments in (
        ["init", "-q", "-b", "main"],
        ["add", "."],
        ["commit", "-qm", "all"],
        ["branch", "origin/main"],
    ):
        subprocess.run([*git, *arguments], check=True, capture_output=True)
    return root


def ran(command: str, root: Path) -> subprocess.CompletedProcess[str]:
    """A command in a shell that knows `airwarden` as this copy of the program."""
    programs = root.parent / "bin"
    programs.mkdir(exist_ok=True)
    program = programs / "airwarden"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m airwarden "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    home = root.parent / "home"
    (home / ".local/share/bash-completion/completions").mkdir(parents=True, exist_ok=True)
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("GITHUB_", "CI"))}
    python = os.pathsep.join(filter(None, (str(ROOT / "linter"), os.environ.get("PYTHONPATH"))))
    added = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "HOME": str(home), "COLUMNS": "100"}
    return subprocess.run(
        ["bash", "-c", command],
        cwd=root,
        env={**kept, **added, "PYTHONPATH": python},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_there_are_commands_and_few_are_left_out() -> None:
    assert len(RUN) > 20
    assert {each.command.split()[0] for each in RUN} <= {"airwarden", "cd", "git"}


@pytest.mark.parametrize("each", RUN, ids=str)
def test_a_command_that_is_shown_works(each: Shown, repository: Path) -> None:
    for line in (
        line for start, lines in SETTING.items() if each.command.startswith(start) for line in lines
    ):
        assert ran(line, repository).returncode < FAILED, line
    run = ran(each.command, repository)
    assert run.returncode < FAILED, run.stderr
    assert "Traceback" not in run.stderr
    wanted = [line for line in each.told if line not in ("", "...")]
    lines = (run.stdout + run.stderr).splitlines()
    assert [line for line in wanted if line not in lines] == []


def test_no_page_shows_a_command_that_is_none() -> None:
    """Commands in the text too, such as `airwarden check --fix`."""
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    named = set(re.findall(r"`airwarden ([a-z]+)", text))
    assert named - set(COMMANDS) == set()
