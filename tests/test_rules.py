"""Every rule, over its own fixtures: the lines marked `# expect: rule-id` are flagged, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest
from airwarden.registry import Registry
from airwarden.trials import fixtures_of, lacking, settle, tried

__all__ = ["CASES", "FIXTURES", "settle"]

FIXTURES = Path(__file__).parent / "fixtures"
REGISTRY = Registry()
CASES = fixtures_of(FIXTURES)


@pytest.mark.parametrize("fixture", CASES, ids=lambda path: path.relative_to(FIXTURES).as_posix())
def test_the_marked_lines_are_flagged_and_no_others(fixture: Path) -> None:
    assert not list(tried(fixture, REGISTRY).problems())


@pytest.mark.parametrize("rule_id", REGISTRY.files)
def test_every_rule_owns_both_kinds(rule_id: str) -> None:
    assert not list(lacking([rule_id], FIXTURES))


def test_every_folder_of_fixtures_has_its_rule() -> None:
    assert {path.name for path in FIXTURES.iterdir()} <= set(REGISTRY.files)
