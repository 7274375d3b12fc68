"""Every rule, over its own fixtures: the lines marked `# expect: rule-id` are flagged, and no others."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from airwarden.baseline import topic_of
from airwarden.findings import Finding
from airwarden.registry import Registry
from airwarden.trials import PLACES, fixtures_of, judge, lacking, settle, tried

__all__ = ["CASES", "FIXTURES", "settle"]

FIXTURES = Path(__file__).parent / "fixtures"
REGISTRY = Registry()
CASES = fixtures_of(FIXTURES)
JUDGING_NO_FILE = (
    "expired-suppression",
    "too-big",
    "too-deep",
    "unreadable-file",
    "unused-baseline-entry",
    "unused-suppression",
)


@pytest.mark.parametrize("fixture", CASES, ids=lambda path: path.relative_to(FIXTURES).as_posix())
def test_the_marked_lines_are_flagged_and_no_others(fixture: Path) -> None:
    assert not list(tried(fixture, REGISTRY).problems())


def one_of_each() -> list[Path]:
    """One flagged fixture of each rule that judges files."""
    flagged = {path.parent.name: path for path in CASES if path.name.startswith("flagged")}
    return [path for rule_id, path in flagged.items() if rule_id not in JUDGING_NO_FILE]


@pytest.mark.parametrize("fixture", one_of_each(), ids=lambda path: path.parent.name)
def test_what_a_finding_is_known_by_survives_moved_lines(fixture: Path, tmp_path: Path) -> None:
    """The baseline and code scanning know a finding by it, so it may hold no number of a line."""
    settle(fixture, tmp_path)
    before = Counter(map(known_by, judge(fixture.parent.name, tmp_path, REGISTRY).findings))
    for file in [each for each in tmp_path.rglob("*") if each.suffix in PLACES and each.is_file()]:
        file.write_bytes(b"# one\n# two\n\n" + file.read_bytes())
    assert Counter(map(known_by, judge(fixture.parent.name, tmp_path, REGISTRY).findings)) == before


def known_by(finding: Finding) -> tuple[str, str, str]:
    return finding.region.path, *topic_of(finding)


@pytest.mark.parametrize("rule_id", REGISTRY.files)
def test_every_rule_owns_both_kinds(rule_id: str) -> None:
    assert not list(lacking([rule_id], FIXTURES))


def test_every_folder_of_fixtures_has_its_rule() -> None:
    assert {path.name for path in FIXTURES.iterdir()} <= set(REGISTRY.files)
