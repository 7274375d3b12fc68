"""The guide to policies: every command in it does what it shows, with the files that it shows."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from airwarden import api
from airwarden.cli import main
from airwarden.schema_policies.reading import FACTS, PLACEHOLDERS, verify
from airwarden.trust import VARIABLE

from tests.conftest import MakeRepository

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "docs" / "policies.md").read_text(encoding="utf-8")
BLOCK = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```', re.DOTALL | re.MULTILINE)
BLOCKS = BLOCK.findall(GUIDE)
PARTS = [text for kind, path, text in BLOCKS if kind == "json" and not path]


def commands(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of a block with the lines that it is said to print."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, *lines = part.rstrip("\n").split("\n")
        yield command, lines


def test_every_command_does_what_the_guide_shows(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make_repository({})
    monkeypatch.chdir(root)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("HOME", str(root / "home"))
    for name in (VARIABLE, "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    ran = 0
    for kind, path, text in BLOCKS:
        if path:
            make_repository({path: text})
        for command, lines in commands(text) if kind == "console" else ():
            name, *arguments = shlex.split(command)
            assert name == "airwarden"
            assert main([*arguments, *(["--no-cache"] if arguments[0] == "check" else [])]) in (0, 1)
            said = capsys.readouterr()
            shown = [*said.err.splitlines(), *said.out.splitlines()]
            wanted = [line for line in lines if line != "..."]
            assert [line for line in wanted if line not in shown] == [], command
            assert "..." in lines or wanted == shown, command
            ran += 1
    assert ran == GUIDE.count("\n$ ")


@pytest.mark.parametrize("text", PARTS)
def test_every_example_is_a_sound_schema(tmp_path: Path, text: str) -> None:
    file = tmp_path / "example.json"
    whole = {"title": "Harm.", FACTS: {"on": "dag"}, **json.loads(text)}
    file.write_text(json.dumps(whole), encoding="utf-8")
    verify(file)


def test_every_kind_of_checks_and_every_placeholder_stands_in_the_guide() -> None:
    assert set(re.findall(r"`@rule\.(\w+)`", GUIDE)) <= set(api.PROMISED["Rule"])
    assert {f"{{{name}}}" for name in PLACEHOLDERS} <= set(re.findall(r"`(\{\w+\})`", GUIDE))
