"""Finding and loading rules."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from airwarden.config import Config, ConfigError
from airwarden.folders import folder
from airwarden.registry import Registry, kinds_of, load_rule

RULE = """
'''Harm is done.'''
from airwarden.rule import Rule
rule = Rule(__name__, help=__doc__, level="error", remedy="Mend it.", see="https://example.org")
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder of rules: two families, one file that is no rule, one that fails."""
    texts = {
        "xcom/big_value.py": RULE,
        "secrets/open_door.py": RULE,
        "secrets/__init__.py": "",
        "secrets/_words.py": "",
        "secrets/no_rule.py": "rule = 3",
        "secrets/no_python.py": "raise ValueError('not-a-real-password')",
        "README.md": "",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_file_is_a_rule_and_its_folder_the_family(home: Path) -> None:
    registry = Registry([home])
    families = {"no-python": "secrets", "no-rule": "secrets", "open-door": "secrets", "big-value": "xcom"}
    assert registry.families == families
    assert registry.names == {*families, "secrets", "xcom"}


def test_listing_loads_nothing_and_loading_only_what_is_asked_for(home: Path) -> None:
    registry = Registry([home])
    before = set(sys.modules)
    assert registry.files
    assert not {name for name in set(sys.modules) - before if name.startswith("airwarden.rules")}
    rules, crashes = registry.load(["big-value"])
    assert list(rules) == ["big-value"]
    assert crashes == ()
    assert (rules["big-value"].id, rules["big-value"].family) == ("big-value", "xcom")
    assert rules["big-value"].summary == "Harm is done."


def test_a_rule_that_does_not_load_leaves_the_others_be(home: Path) -> None:
    rules, crashes = Registry([home]).load()
    assert sorted(rules) == ["big-value", "open-door"]
    assert [(crash.rule, crash.path) for crash in crashes] == [
        ("no-python", "no_python.py"),
        ("no-rule", "no_rule.py"),
    ]
    assert crashes[0].message == "ValueError in airwarden.rules.secrets.no_python, line 1"


def test_a_file_without_a_rule_is_none(home: Path) -> None:
    with pytest.raises(TypeError, match=r"no_rule\.py defines no rule"):
        load_rule(home / "secrets" / "no_rule.py")


def test_every_built_in_rule_loads_under_its_own_name() -> None:
    rules, crashes = Registry().load()
    assert crashes == ()
    assert rules
    assert all(rule.id == name for name, rule in rules.items())
    assert all((folder("rules") / rule.family).is_dir() for rule in rules.values())


@pytest.mark.parametrize(("name", "near"), [("xcon", "xcom"), ("open-dor", "open-door")])
def test_an_unknown_name_is_refused_with_its_place_and_the_nearest(home: Path, name: str, near: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Registry([home]).verify([("--select", "xcom"), ("--select", "open-door"), ("--ignore", name)])
    assert str(caught.value) == f"--ignore: there is no rule or family {name!r} (nearest: {near!r})"


def test_a_name_like_no_other_is_answered_with_where_to_look(home: Path) -> None:
    with pytest.raises(ConfigError, match=r"'QQQ' \(`airwarden rules` lists them\)"):
        Registry([home]).verify([("--select", "QQQ")])


def test_selected_are_those_that_the_settings_ask_for(home: Path) -> None:
    registry = Registry([home])
    assert registry.selected(Config(select=("xcom",))) == ["big-value"]
    assert registry.selected(Config(ignore=("secrets",))) == ["big-value"]


def test_unreadable_files_are_told_of_whatever_is_selected_unless_that_is_ignored() -> None:
    registry = Registry()
    assert registry.selected(Config(select=("unused-suppression",))) == [
        "too-big",
        "too-deep",
        "unreadable-file",
        "unused-suppression",
    ]
    assert "unreadable-file" not in registry.selected(Config(ignore=("unreadable-file",)))
    assert "unreadable-file" not in registry.selected(Config(levels={"unreadable-file": "off"}))


def test_a_selected_rule_is_loaded_only_where_checks_of_its_kind_are_needed(home: Path) -> None:
    text = f"{RULE}\n@rule.values\ndef check(file, repo):\n    yield from ()\n"
    (home / "secrets" / "open_door.py").write_text(text, encoding="utf-8")
    (home / "secrets" / "no_python.py").write_text("raise ValueError\n@rule.dag\n", encoding="utf-8")
    (home / "secrets" / "no_rule.py").unlink()
    sys.modules.pop("airwarden.rules.secrets.open_door", None)
    rules = Registry([home]).load_some(["open-door", "no-python"])
    assert not rules.of_kind("text")
    assert not rules.crashes(rules.ids)
    assert "airwarden.rules.secrets.open_door" not in sys.modules
    assert [rule.id for rule in rules.of_kind("values")] == ["open-door"]
    assert not rules.crashes(rules.ids)
    assert not rules.of_kind("dag")
    assert [crash.rule for crash in rules.crashes(rules.ids)] == ["no-python"]
    assert list(rules) == ["open-door"]
    assert "no-python" not in rules


def test_a_rule_without_a_mark_may_be_of_any_kind(home: Path) -> None:
    rules = Registry([home]).load_some()
    assert [rule.id for rule in rules.of_kind("unused")] == ["open-door", "big-value"]
    assert [crash.rule for crash in rules.crashes(rules.ids)] == ["no-python", "no-rule"]


def test_the_marks_in_a_built_in_rule_are_its_checks() -> None:
    registry = Registry()
    for name, rule in registry.load()[0].items():
        checks = {
            "dag": rule.dag_checks,
            "values": rule.values_checks,
            "deployment": rule.deployment_checks,
            "dependencies": rule.dependency_checks,
            "text": rule.text_checks,
            "unreadable": rule.unreadable_checks,
            "unused": rule.unused_checks,
            "expired": rule.expired_checks,
            "unmatched": rule.unmatched_checks,
        }
        assert kinds_of(registry.files[name]) == {kind for kind, found in checks.items() if found}
