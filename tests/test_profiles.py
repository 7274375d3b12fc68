"""Profiles, and the rules that run under each: on a repository, on some of its files, by name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from airwarden.cli import main
from airwarden.config import PROFILES, Config, Profile, Settings
from airwarden.registry import Registry, profile_of
from airwarden.workspace import Workspace

if TYPE_CHECKING:
    from airwarden.report import Report

    from tests.conftest import MakeRepository

DAG = """
from airflow import DAG
from airflow.models import Variable
from airflow.utils.session import create_session

BUCKET = Variable.get("bucket")
with create_session() as session:
    pass
with DAG("orders"):
    pass
"""
STRICT, RECOMMENDED, CORE = "variable-at-parse-time", "metadata-database-in-dag", "dag-without-failure-alert"


def report(root: Path, home: Path | None = None, **asked: object) -> Report:
    settings = Settings.read(root, asked={key.replace("_", "-"): said for key, said in asked.items()})
    workspace = Workspace(root, Registry(), settings.config, home)
    return workspace.check(workspace.repo())


def rules(found: Report) -> set[str]:
    return {each.rule for each in found.findings}


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ("core", {CORE}),
        ("recommended", {CORE, RECOMMENDED}),
        ("strict", {CORE, RECOMMENDED, STRICT}),
    ],
)
def test_each_profile_has_what_the_one_before_has_and_more(
    make_repository: MakeRepository, profile: str, expected: set[str], tmp_path: Path
) -> None:
    root = make_repository({"dags/orders.py": DAG})
    assert rules(report(root, profile=profile)) == expected
    make_repository({"pyproject.toml": f'[tool.airwarden]\nprofile = "{profile}"\n'})
    assert rules(report(root)) == expected
    for _ in range(2):
        cached = report(root, tmp_path / "cache")
        assert rules(cached) == expected
        assert cached.checked == report(root).checked
        assert set(cached.rules) >= expected


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (f'select = ["{STRICT}"]', {STRICT}),
        (f'levels.{STRICT} = "note"', {STRICT, CORE}),
        (f"rules.{STRICT}.allow = []", {STRICT, CORE}),
        (f'rules.{STRICT}.level = "error"', {STRICT, CORE}),
        (f'rules.{STRICT} = {{ level = "off", allow = [] }}', {CORE}),
        (f'levels.{STRICT} = "off"', {CORE}),
        ('levels.secrets = "note"', {CORE}),
        ('select = ["secrets"]', set()),
        (f'levels.{STRICT} = "note"\nignore = ["{STRICT}"]', {CORE}),
        (f'overrides = [{{ paths = ["dags/"], levels.{STRICT} = "note" }}]', {STRICT, CORE}),
        (f'overrides = [{{ paths = ["other/"], levels.{STRICT} = "note" }}]', {CORE}),
        (f'overrides = [{{ paths = ["dags/"], select = ["{STRICT}"] }}]', {STRICT}),
    ],
)
def test_a_rule_that_is_named_runs_whatever_the_profile(
    make_repository: MakeRepository, settings: str, expected: set[str], tmp_path: Path
) -> None:
    text = f'[tool.airwarden]\nprofile = "core"\n{settings}\n'
    root = make_repository({"dags/orders.py": DAG, "pyproject.toml": text})
    assert rules(report(root)) == expected
    assert rules(report(root, tmp_path / "cache")) == expected


def test_a_run_under_one_profile_serves_another(make_repository: MakeRepository, tmp_path: Path) -> None:
    root, home = make_repository({"dags/orders.py": DAG}), tmp_path / "cache"
    for profile, expected in (("core", {CORE}), ("strict", {CORE, RECOMMENDED, STRICT}), ("core", {CORE})):
        assert rules(report(root, home, profile=profile)) == expected


def test_a_suppression_of_a_rule_that_does_not_run_is_not_idle(make_repository: MakeRepository) -> None:
    text = f"x = 1  # airwarden: ignore[{STRICT}] for later\nfrom airflow import DAG\n"
    root = make_repository({"dags/a.py": text})
    assert rules(report(root)) == set()
    assert rules(report(root, profile="strict")) == {"unused-suppression"}
    make_repository({"dags/a.py": text.replace(STRICT, CORE)})
    assert rules(report(root)) == {"unused-suppression"}
    assert rules(report(root, profile="core")) == set()


def test_an_unreadable_file_is_told_of_under_every_profile(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": "def airflow(:\n"})
    for profile in PROFILES:
        assert rules(report(root, profile=profile, select=("xcom",))) == {"unreadable-file"}


def test_the_profile_that_a_file_names_is_its_rules() -> None:
    registry = Registry()
    named: dict[str, Profile] = {name: profile_of(file) for name, file in registry.files.items()}
    assert named == {name: rule.profile for name, rule in registry.load()[0].items()}
    assert set(named.values()) == set(PROFILES)


def test_without_a_cache_no_rule_of_a_wider_profile_is_loaded() -> None:
    registry, config = Registry(), Config(profile="core")
    wanted = registry.wanted(registry.selected(config), config)
    assert CORE in wanted
    assert {STRICT, RECOMMENDED}.isdisjoint(wanted)
    assert registry.wanted(["x"], Config(profile="strict")) == ["x"]


def test_the_option_lies_over_the_setting(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make_repository(
        {"dags/orders.py": DAG, "pyproject.toml": '[tool.airwarden]\nprofile = "strict"\n'}
    )
    monkeypatch.chdir(root)
    assert main(["check", "--no-cache", "--profile", "core"]) == 1
    assert "1 error" in capsys.readouterr().out
    assert main(["check", "--no-cache"]) == 1
    assert STRICT in capsys.readouterr().out
