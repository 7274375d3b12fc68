"""The page of a rule: what it is made of, and how `explain` shows it."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from airwarden.cli import main
from airwarden.folders import folder
from airwarden.registry import Registry
from airwarden.rule import Rule
from airwarden.rule_pages import FAMILIES, for_terminals, index, language, page, prose, shipped

HELP = """Somebody is harmed.

Why that is so:

    [tool.airwarden]
    exclude = ["a"]

    dag-folders = []

And what to do.
"""
RULE = Rule("team.alerts.no_owner", HELP, "error", "name the owner", "https://example.org/owners")


class Screen:
    """Stands for a terminal."""

    def __init__(self) -> None:
        self.text = ""

    def isatty(self) -> bool:
        return True

    def flush(self) -> None:
        pass

    def write(self, text: str) -> None:
        self.text += text


def test_code_in_the_help_gets_a_fence_with_its_language() -> None:
    assert prose(HELP).splitlines()[4:10] == [
        "```toml",
        "[tool.airwarden]",
        'exclude = ["a"]',
        "",
        "dag-folders = []",
        "```",
    ]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("redis:\n  password: x", "yaml"),
        ("- name: A", "yaml"),
        ("[core]\nparallelism = 32", "ini"),
        ("[tool.airwarden]", "toml"),
        ('dependencies = [\n  "a",\n]', "toml"),
        ("def f():\n    pass", "python"),
        ("try:\n    pass", "python"),
        ('text="{{ ti }}"', "python"),
    ],
)
def test_the_language_is_told_by_the_first_line(code: str, name: str) -> None:
    assert language(code) == name


def test_a_rule_without_fixtures_has_a_page_too() -> None:
    text = page(RULE)
    assert text.startswith("# no-owner\n\nSomebody is harmed.\n\n| family | level | profile |")
    assert text.count("Somebody is harmed.") == 1
    for part in ("**The way out:** name the owner.", "ignore[no-owner]", 'no-owner = "warning"', RULE.see):
        assert part in text


def test_what_a_rule_applies_to_and_its_options_are_told() -> None:
    told = "Airflow 3"
    options = {"allow": {"description": "Names.", "default": [], "examples": [["a_*"]]}}
    facts: Any = SimpleNamespace(
        **{
            name: getattr(RULE, name)
            for name in ("id", "family", "level", "profile", "summary", "help", "remedy", "see")
        },
        applies_to=told,
        options=options,
    )
    text = page(facts)
    assert "| alerts | error | core | Airflow 3 |" in text
    assert "| `allow` | `[]` | Names. |" in text
    assert '[tool.airwarden.rules.no-owner]\nallow = ["a_*"]' in text


def test_every_family_of_ours_says_what_it_stands_for() -> None:
    assert set(Registry().families.values()) == set(FAMILIES)


def test_the_index_names_families_that_are_not_ours_too() -> None:
    other = Rule("team.ownership.no_owner", HELP, "note", "name the owner", "https://example.org")
    assert "".join(index([other], "rules/")).startswith("## ownership\n\n| rule | level | |\n")
    assert "](rules/no-owner.md)" in "".join(index([other], "rules/"))


def test_a_terminal_gets_no_links_to_other_pages() -> None:
    text = "<!-- Written. -->\n\nSee [this](../a.md) and [that](https://example.org).\n"
    assert for_terminals(text) == "See this and [that](https://example.org).\n"


def test_a_page_ships_with_each_rule_of_ours_and_with_no_other(tmp_path: Path) -> None:
    assert {name for name, file in Registry().files.items() if not shipped(file)} == set()
    assert shipped(tmp_path / "xcom" / "dataframe_in_xcom.py") is None


def test_explain_shows_the_page_of_the_documentation(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "inline-comment-in-config"]) == 0
    said = capsys.readouterr().out
    on_the_site = (folder("rule_docs") / "inline-comment-in-config.md").read_text(encoding="utf-8")
    assert said.splitlines()[:-1] == on_the_site.splitlines()[2:-1]


def test_explain_loads_no_rule_to_show_its_page(capsys: pytest.CaptureFixture[str]) -> None:
    sys.modules.pop("airwarden.rules.secrets.known_token", None)
    assert main(["explain", "known-token"]) == 0
    assert "known-token" in capsys.readouterr().out
    assert "airwarden.rules.secrets.known_token" not in sys.modules


def test_explain_draws_the_page_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    assert main(["explain", "inline-comment-in-config"]) == 0
    assert "\x1b[" in screen.text
    assert "```" not in screen.text
    assert "move the comment to a line of its own" in screen.text


@pytest.mark.parametrize("plain", [["--no-color"], []])
def test_explain_is_plain_where_colours_are_not_wanted(
    plain: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "" if plain else "1")
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    assert main(["explain", "inline-comment-in-config", *plain]) == 0
    assert "\x1b[" not in screen.text


def test_explain_without_a_name_lists_the_families(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain"]) == 0
    said = capsys.readouterr().out
    assert [line.split()[0] for line in said.splitlines()[: len(FAMILIES)]] == sorted(FAMILIES)
    assert "airwarden explain FAMILY" in said
