"""docs/reliability.md says how to try again what it says was tried."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
COMMANDS = sorted(set(re.findall(r"\| `(pytest .+?)`", TEXT)))


def test_every_row_says_how_it_is_tried_again() -> None:
    tables = re.findall(r"(?:^\|.*again \|\n)(?:^\|.*\n)+", TEXT, re.MULTILINE)
    rows = [row for table in tables for row in table.splitlines()[2:]]
    way = re.compile(r"\| (?:`[^`]+`(?:, by hand| \(.+\))?|the same) \|$")
    assert len(tables) > 4
    assert [row for row in rows if not way.search(row)] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_what_a_command_names_is_there(command: str) -> None:
    files = [ROOT / word for word in command.split() if word.startswith("tests/")]
    assert files
    assert all(file.is_file() for file in files)
    words = re.findall(r"\w+", (re.search(r'-k ("[^"]+"|\w+)', command) or [""])[0].removeprefix("-k"))
    names = "".join(file.read_text(encoding="utf-8") for file in files)
    defined = " ".join(re.findall(r"^def (test_\w+)", names, re.MULTILINE))
    assert all(word in defined or word == "or" for word in words), words
