"""Real installs are the judge: what airwarden says of providers is what fails to import."""

from __future__ import annotations

import sys
from typing import TypeAlias

import pytest

from tests.installs.judge import Outcome, judged
from tests.installs.repositories import BEYOND_FIXES, repositories

Outcomes: TypeAlias = list[tuple[Outcome, Outcome | None]]

SAMPLE = {
    "airflow-2",
    "dependency-groups",
    "drift",
    "excludes-airflow",
    "markers",
    "poetry-groups",
    "requirements",
    "retired-extra-winrm",
    "task-decorators",
    "too-old",
    "uv-workspace",
}
"""As many as a run of all tests has time for; `make oracle` judges all of them."""

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def outcomes() -> Outcomes:
    python = sys.version_info[:2]
    return [*judged([each for each in repositories() if each.name in SAMPLE and each.runs_on(python)], True)]


def test_there_are_enough_repositories() -> None:
    names = [each.name for each in repositories()]
    assert len(names) == len(set(names)) >= 25
    assert set(names) >= SAMPLE


def test_what_fails_to_import_is_what_is_reported(outcomes: Outcomes) -> None:
    assert sum(bool(before.failures) for before, _ in outcomes) > len(outcomes) // 2
    assert not [str(before) for before, _ in outcomes if before.wrong]


def test_after_the_fixes_everything_is_imported(outcomes: Outcomes) -> None:
    fixed = [after for _, after in outcomes if after is not None]
    assert not [str(each) for each in fixed if each.wrong]
    mended = [each for each in fixed if each.name not in BEYOND_FIXES]
    assert mended
    assert not [str(each) for each in mended if each.failures or each.refused]
