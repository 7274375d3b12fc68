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
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
ONE_STORY = {"policies.md"}
"""Pages whose commands need what the page wrote before: `test_policies_guide.py` plays it from the start."""

BLOCK = re.compile(r"^```(sh|console)\n(.*?)^```", re.DOTALL | re.MULTILINE)

NOT_RUN = (
    r"pip install ",
    r"(pipx|uv tool) install ",
    r"make ",
    r"\.venv/bin/",
    r"(mkdir|cd) .*corpus",
    r"git (push|commit|clone) ",
    r"pre-commit ",
    r"gh ",
    r".*\| reviewdog ",
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
"""What has to be run before a block with commands that begin so."""

FAILED = 2


@dataclass(frozen=True)
class Shown:
    """A command that a page shows, and what the page says that it tells."""

    command: str
    told: tuple[str, ...] = ()

    @property
    def is_run(self) -> bool:
        return not any(re.match(left_out, self.command) for left_out in NOT_RUN)


@dataclass(frozen=True)
class Block:
    """The commands of one block, which are run one after the other."""

    page: str
    commands: tuple[Shown, ...]

    def __str__(self) -> str:
        return f"{self.page}: {self.commands[0].command}"


def blocks(page: Path) -> Iterator[Block]:
    """The blocks of a page with commands that can be run."""
    for language, text in BLOCK.findall(page.read_text(encoding="utf-8")):
        commands = tuple(each for each in shown(language, text.replace("\\\n", " ")) if each.is_run)
        if commands:
            yield Block(page.name, commands)


def shown(language: str, text: str) -> Iterator[Shown]:
    """The commands of a block: lines of `sh`, and what stands behind `$` in a `console`."""
    if language == "sh":
        lines = (re.sub(r"(^|\s)#.*", "", line).strip() for line in text.splitlines())
        yield from (Shown(line) for line in lines if line)
        return
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, *told = part.splitlines()
        yield Shown(re.sub(r"\s#.*", "", command).strip(), tuple(told))


BLOCKS = [block for page in PAGES if page.name not in ONE_STORY for block in blocks(page)]


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example that breaks every policy, under git, with a commit and a change."""
    root = tmp_path_factory.mktemp("commands") / "committed"
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


@pytest.fixture
def repository(committed: Path) -> Path:
    """The same afresh, in one place, so that what is kept of a run serves the next."""
    root = committed.with_name("repository")
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(committed, root)
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
    commands = [each.command for block in BLOCKS for each in block.commands]
    assert len(commands) > 30
    assert {command.split()[0] for command in commands} <= {"airwarden", "git", "mkdir"}


@pytest.mark.real
@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_the_commands_of_a_block_work(block: Block, repository: Path) -> None:
    starts = [start for start in SETTING if any(each.command.startswith(start) for each in block.commands)]
    for line in dict.fromkeys(line for start in starts for line in SETTING[start]):
        assert ran(line, repository).returncode < FAILED, line
    for each in block.commands:
        run = ran(each.command, repository)
        assert run.returncode < FAILED, f"{each.command}\n{run.stderr}"
        assert "Traceback" not in run.stderr
        wanted = [line for line in each.told if line not in ("", "...")]
        lines = (run.stdout + run.stderr).splitlines()
        assert [line for line in wanted if line not in lines] == []


def test_no_page_shows_a_command_that_is_none() -> None:
    """Commands in the text too, such as `airwarden check --fix`."""
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    named = set(re.findall(r"`airwarden ([a-z][a-z-]*)", text))
    assert named - set(COMMANDS) == set()
