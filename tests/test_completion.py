"""What shells complete behind `airwarden`: asked of the shells themselves."""

from __future__ import annotations

import os
import pty
import re
import select
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from airwarden.cli import COMMANDS, main, parser_of
from airwarden.grammar import Command, command_of
from airwarden.registry import Registry

PROGRAM = command_of(parser_of(COMMANDS), ("airwarden",))
NAMES = {*Registry().families, *Registry().families.values()}
PATIENCE = 20


def script(shell: str) -> str:
    """The script that the program prints."""
    command = [sys.executable, "-m", "airwarden", "completion", shell]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with something to complete."""
    (tmp_path / "dags").mkdir()
    (tmp_path / "values.yaml").touch()
    return tmp_path


def bash(line: str, folder: Path) -> list[str]:
    """What bash would offer at the end of a line."""
    words = [word for part in re.split(r"(=)", line) for word in part.split()]
    words += [""] if line[-1] == " " else []
    typed = " ".join(map(shlex.quote, words))
    ask = f'COMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}; _airwarden; printf "%s\\n" "${{COMPREPLY[@]}}"'
    command = ["bash", "--norc", "-c", f"{script('bash')}\n{ask}"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    assert not run.stderr
    return run.stdout.split()


def fish(line: str, folder: Path) -> list[str]:
    """What fish would offer at the end of a line."""
    command = ["fish", "--no-config", "-c", f"{script('fish')}\ncomplete -C {shlex.quote(line)}"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    assert not run.stderr
    return [found.partition("\t")[0] for found in run.stdout.splitlines()]


def zsh(line: str, folder: Path) -> list[str]:
    """What zsh offers at the end of a line, typed into a terminal of its own."""
    (folder / ".completion").write_text(script("zsh"), encoding="utf-8")
    start = [
        "autoload -Uz compinit && compinit -D -u",
        "source .completion",
        "zstyle ':completion:*' list-colors ''; setopt noautomenu nomenucomplete; LISTMAX=0",
        "bindkey '^I' list-choices",
        "PS1='rea''dy> '",
    ]
    child, terminal = pty.fork()
    if not child:
        os.chdir(folder)
        os.execvpe(
            "zsh", ["zsh", "-f", "-i"], {**os.environ, "TERM": "dumb", "COLUMNS": "200", "LINES": "999"}
        )
    try:
        os.write(terminal, ("; ".join(start) + "\n").encode())
        read_until(terminal, "ready> ")  # by then the shell reads keys, and no lines
        os.write(terminal, f"{line}\t".encode())
        read_until(terminal, line[-8:])
        shown = read_on(terminal)
    finally:
        os.kill(child, 9)
        os.close(terminal)
        os.waitpid(child, 0)
    return re.findall(r"[\w./,-]+", re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\s--\s.*", " ", shown))


def read_until(terminal: int, text: str) -> None:
    """Reads what a terminal shows up to a text."""
    shown, end = "", time.monotonic() + PATIENCE
    while text not in shown and time.monotonic() < end:
        if select.select([terminal], [], [], 0.2)[0]:
            shown += os.read(terminal, 1 << 16).decode(errors="replace")
    assert text in shown, shown


def read_on(terminal: int) -> str:
    """Reads what a terminal lists below the line that was typed, until it is silent."""
    shown, end = "", time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if select.select([terminal], [], [], 1.5)[0]:
            shown += os.read(terminal, 1 << 16).decode(errors="replace")
        elif re.search(r"\n.*\w", shown):
            break
        else:
            os.write(terminal, b"\t")  # a shell that was still busy has listed nothing
    return shown


def there(ask: Callable[[str, Path], list[str]]) -> Callable[[str, Path], list[str]]:
    """A shell, or a reason to skip where there is none."""
    if shutil.which(ask.__name__) is None:
        pytest.skip(f"there is no {ask.__name__} here")
    return ask


@pytest.mark.real
@pytest.mark.parametrize("shell", [bash, fish, zsh])
@pytest.mark.parametrize(
    ("line", "offered", "not_offered"),
    [
        ("airwarden ", {"check", "explain", "completion"}, {"values.yaml", "--fix"}),
        ("airwarden check --f", {"--fix", "--format", "--fail-on"}, {"--select"}),
        ("airwarden check --format ", {"text", "json", "sarif"}, {"dags/"}),
        ("airwarden check --format=s", {"sarif"}, {"text"}),
        ("airwarden check --fail-on ", {"error", "warning", "note"}, {"text"}),
        ("airwarden check --select x", {"xcom", "xcom-path-local"}, {"secrets"}),
        ("airwarden check --select alerts,xcom-pa", {"xcom-path-local"}, {"xcom"}),
        ("airwarden check v", {"values.yaml"}, {"dags/"}),
        ("airwarden explain da", {"dag-without-failure-alert", "dataframe-in-xcom"}, {"dags/"}),
        ("airwarden completion ", {"bash", "zsh", "fish"}, {"dags/"}),
    ],
)
def test_a_shell_offers(
    shell: Callable[[str, Path], list[str]], line: str, offered: set[str], not_offered: set[str], folder: Path
) -> None:
    found = {re.split(r"[,=]", each)[-1] for each in there(shell)(line, folder)}
    assert offered <= found
    assert not not_offered & found


@pytest.mark.real
@pytest.mark.parametrize("shell", [bash, fish])
@pytest.mark.parametrize("command", [*PROGRAM.every()], ids=lambda command: " ".join(command.words))
def test_every_option_is_offered(
    shell: Callable[[str, Path], list[str]], command: Command, folder: Path
) -> None:
    found = there(shell)(f"{' '.join(command.words)} --", folder)
    options = {name for option in command.options for name in option.names if name.startswith("--")}
    assert set(found) == options


@pytest.mark.real
def test_every_name_is_offered_in_bash(folder: Path) -> None:
    assert set(bash("airwarden explain ", folder)) == NAMES


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_names_every_command_and_every_rule(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    said = capsys.readouterr().out
    assert {name for name in {*NAMES, *COMMANDS} if name not in said} == set()


def test_an_argument_is_known_for_what_it_takes() -> None:
    (check,) = (command for command in PROGRAM.commands if command.name == "check")
    kinds = {name: option.kind for option in check.options for name in option.names}
    assert {name: kinds[name] for name in ("--fix", "--format", "--output", "--cache-dir", "--select")} == {
        "--fix": "nothing",
        "--format": "choice",
        "--output": "file",
        "--cache-dir": "folder",
        "--select": "rules",
    }
    assert check.usage == "airwarden check [OPTIONS] [PATH ...]"
