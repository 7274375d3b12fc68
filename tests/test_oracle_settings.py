"""Real Airflow is the oracle of settings too: what is flagged fails or is inert, what is accepted works."""

from __future__ import annotations

from pathlib import Path

import pytest
from airwarden.registry import Registry

from tests.oracle.settings import Case, cases
from tests.oracle.settings_truth import REFUSED, findings, fixed, truth_of, written
from tests.test_oracle import AIRFLOW

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_rule_flags_what_the_table_says(case: Case, tmp_path: Path) -> None:
    found = findings(written(case.files, tmp_path / "repository"), case.rule)
    assert bool(found) == case.flagged, found
    here = [each for each in found if each.fix and each.fix.edits[0].region.path == each.region.path]
    assert any(each.fix and each.fix.safe for each in here) == bool(case.mended)
    assert {each.level for each in found} == {case.level} or not case.level


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.outcome == "large"], ids=lambda case: case.id
)
def test_what_works_no_rule_flags(case: Case, tmp_path: Path) -> None:
    assert not findings(written(case.files, tmp_path / "repository"), *{each.rule for each in CASES})


def test_every_rule_has_cases_of_both_kinds() -> None:
    of_settings = {name for name in Registry().files if name.startswith("xcom-") or name in OTHERS}
    kinds = {(case.rule, case.flagged) for case in CASES}
    assert {name for name in of_settings if not {(name, True), (name, False)} <= kinds} <= NO_SETTINGS


OTHERS = {"credential-in-url", "inline-comment-in-config", "number-in-scientific-notation"}
NO_SETTINGS = {"xcom-carried-across-retry"}


@pytest.mark.real
@pytest.mark.skipif(not Path(AIRFLOW).exists(), reason="there is no Airflow here: make oracle")
def test_airflow_makes_of_the_settings_what_the_table_says(tmp_path: Path) -> None:
    """Every case, and every case again after the safe fixes of its rule."""
    after = [fixed(case, tmp_path / f"mended-{n}") for n, case in enumerate(CASES) if case.mended]
    told = [*CASES, *after]
    truth = truth_of(AIRFLOW, told, tmp_path / "homes")
    pairs = zip(told, truth, strict=True)
    wrong = [f"{case.id}: {found}, not {case.outcome}" for case, found in pairs if not is_so(case, found)]
    assert not wrong, "\n".join(wrong)
    again = [
        case
        for n, case in enumerate(after)
        if findings(written(case.files, tmp_path / f"again-{n}"), case.rule)
    ]
    assert not [case.id for case in again]


def is_so(case: Case, found: str) -> bool:
    return found == case.outcome or (found == REFUSED and case.flagged)
