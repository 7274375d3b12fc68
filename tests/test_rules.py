"""Every rule, over its own fixtures: the lines marked `# expect: rule-id` are flagged, and no others."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from airwarden.baseline import baseline_of, topic_of
from airwarden.config import Config
from airwarden.engine import check
from airwarden.findings import Finding
from airwarden.registry import Registry
from airwarden.repo import Repo
from airwarden.report import Report

FIXTURES = Path(__file__).parent / "fixtures"
REGISTRY = Registry()
CASES = sorted(path for path in FIXTURES.glob("*/*") if path.name != "__pycache__")
MARKER = re.compile(r"[ \t]*# expect: ([a-z0-9-]+)")
PLACES = {".py": "dags/{}.py", ".yaml": "values.yaml", ".toml": "pyproject.toml", ".cfg": "airflow.cfg"}
JUDGING_NO_FILE = ("expired-suppression", "unreadable-file", "unused-baseline-entry", "unused-suppression")
TODAY = date(2026, 1, 1)
SEEN_BY_ALL = "unreadable-file"
"""Runs beside the rule in question, so that no fixture passes because nobody could read it."""


def settle(fixture: Path, root: Path) -> set[tuple[str, int, str]]:
    """Copies a fixture without its markers, and returns them: path, line and rule."""
    single = fixture.is_file()
    files = [fixture] if single else [path for path in sorted(fixture.rglob("*")) if path.is_file()]
    marked = set()
    for file in files:
        name = PLACES[file.suffix].format(file.stem) if single else file.relative_to(fixture).as_posix()
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        text = file.read_bytes().decode("utf-8", "surrogateescape")
        lines = text.split("\n")
        marked |= {(name, n, rule) for n, line in enumerate(lines, 1) for rule in MARKER.findall(line)}
        target.write_bytes(MARKER.sub("", text).encode("utf-8", "surrogateescape"))
    return marked


def judge(rule_id: str, root: Path) -> Report:
    """Runs one rule over a repository; a rule that judges suppressions needs all the others beside it."""
    rules, crashes = REGISTRY.load([rule_id])
    assert not crashes, crashes
    one = rules[rule_id]
    if one.unused_checks or one.expired_checks or one.unmatched_checks:
        rules, _ = REGISTRY.load()
    rules |= REGISTRY.load([SEEN_BY_ALL])[0]
    config = Config.read(root)
    baseline = baseline_of(root, config)
    return check(
        Repo(root, config), None, config, rules, families=REGISTRY.families, baseline=baseline, today=TODAY
    )


@pytest.mark.parametrize("fixture", CASES, ids=lambda path: path.relative_to(FIXTURES).as_posix())
def test_the_marked_lines_are_flagged_and_no_others(fixture: Path, tmp_path: Path) -> None:
    rule_id = fixture.parent.name
    expected = settle(fixture, tmp_path)
    assert {rule for *_, rule in expected} <= {rule_id}, "a marker names another rule"
    report = judge(rule_id, tmp_path)
    assert not report.crashes
    assert report.checked or fixture.suffix == ".toml", "the fixture was not recognised as anything of ours"
    mine = [f for f in report.findings if f.rule in (rule_id, SEEN_BY_ALL)]
    assert sorted({(f.region.path, f.region.line, f.rule) for f in mine}) == sorted(expected)


@pytest.mark.parametrize("fixture", CASES, ids=lambda path: path.relative_to(FIXTURES).as_posix())
def test_a_fixture_says_in_its_name_what_it_is(fixture: Path, tmp_path: Path) -> None:
    marked = settle(fixture, tmp_path)
    assert fixture.name.startswith(("accepted", "flagged"))
    assert bool(marked) == fixture.name.startswith("flagged")


def one_of_each() -> list[Path]:
    """One flagged fixture of each rule that judges files."""
    flagged = {path.parent.name: path for path in CASES if path.name.startswith("flagged")}
    return [path for rule_id, path in flagged.items() if rule_id not in JUDGING_NO_FILE]


@pytest.mark.parametrize("fixture", one_of_each(), ids=lambda path: path.parent.name)
def test_what_a_finding_is_known_by_survives_moved_lines(fixture: Path, tmp_path: Path) -> None:
    """The baseline and code scanning know a finding by it, so it may hold no number of a line."""
    settle(fixture, tmp_path)
    before = Counter(map(known_by, judge(fixture.parent.name, tmp_path).findings))
    for file in [each for each in tmp_path.rglob("*") if each.suffix in PLACES and each.is_file()]:
        file.write_bytes(b"# one\n# two\n\n" + file.read_bytes())
    assert Counter(map(known_by, judge(fixture.parent.name, tmp_path).findings)) == before


def known_by(finding: Finding) -> tuple[str, str, str]:
    return finding.region.path, *topic_of(finding)


@pytest.mark.parametrize("rule_id", REGISTRY.files)
def test_every_rule_owns_both_kinds(rule_id: str) -> None:
    names = [path.name for path in CASES if path.parent.name == rule_id]
    assert [
        kind for kind in ("accepted", "flagged") if not any(name.startswith(kind) for name in names)
    ] == []


def test_every_folder_of_fixtures_has_its_rule() -> None:
    assert {path.name for path in FIXTURES.iterdir()} <= set(REGISTRY.files)
