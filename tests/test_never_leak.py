"""No output gives four characters in a row of a secret away, whatever the repository looks like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache

import pytest
from airwarden.baseline import Baseline, text_of
from airwarden.config import Config
from airwarden.crashes import crash
from airwarden.engine import check
from airwarden.findings import Finding, Region
from airwarden.formats import FORMATS, job_summary, renderer
from airwarden.formats.view import Detail, View
from airwarden.justification import Justification
from airwarden.registry import Registry
from airwarden.repo import Repo
from airwarden.report import Report
from airwarden.rule import Rule
from airwarden.upkeep import Change, written

from tests.conftest import MakeRepository, some
from tests.planting import Planted, plant

SHAPES = range(some(21))
REGISTRY = Registry()
DETAILS: tuple[Detail, ...] = ("summary", "usual", "everything")


@cache
def rules() -> dict[str, Rule]:
    """Every rule there is, those too that run only where they are named."""
    return REGISTRY.load()[0]


def outputs(report: Report) -> Iterator[str]:
    for name in FORMATS:
        for detail in DETAILS:
            yield renderer(name)(report, View(detail=detail, width=200, suppressed=True))
    yield job_summary.render(report)
    yield text_of(everything_accepted(report).entries)


def everything_accepted(report: Report) -> Change:
    return written(Baseline(), report, lambda finding: finding.level, Justification(), date(2026, 11, 27))


def checked(planted: Planted, make_repository: MakeRepository) -> Report:
    root = make_repository(planted.files)
    return check(Repo(root), None, Config(), rules(), families=REGISTRY.families)


def everything_shown(planted: Planted, make_repository: MakeRepository) -> tuple[str, int]:
    """All that any format shows of a repository, a crash on each of its secrets included; and how many
    findings there are.
    """
    report = checked(planted, make_repository)
    faults = [crash("rule", "values.yaml", ValueError(secret)) for secret in planted.secrets]
    return "\n".join(outputs(replace(report, crashes=(*report.crashes, *faults)))), len(report.findings)


def runs(text: str) -> set[str]:
    """All stretches of four characters."""
    return {text[place : place + 4] for place in range(len(text) - 3)}


@pytest.mark.parametrize("shape", SHAPES)
def test_no_output_holds_four_characters_of_a_secret(shape: int, make_repository: MakeRepository) -> None:
    planted, other = plant(shape, 1), plant(shape, 2)
    shown, findings = everything_shown(planted, make_repository)
    control, _ = everything_shown(other, make_repository)
    assert findings, "there is something to show"
    given_away = {run for secret in planted.secrets for run in runs(secret)} & (runs(shown) - runs(control))
    lines = [line for line in shown.splitlines() if any(run in line for run in given_away)]
    assert not given_away, lines[:3]


def test_a_reason_that_repeats_a_secret_is_masked(make_repository: MakeRepository) -> None:
    invented = "".join(["invented", "-", "pass", "word", "-", "77"])
    line = (
        f"# airwarden: ignore[hardcoded-credential, {invented}] {invented} owner={invented} until={invented}"
    )
    text = f'import airflow\n\n{line}\npassword = "{invented}"\n'
    root = make_repository({"dags/a.py": text})
    report = check(Repo(root), None, Config(), rules(), families=REGISTRY.families)
    (silenced,) = report.silenced
    assert silenced.why == Justification("***", "***", "", "***")
    assert invented not in "".join(outputs(report))


@pytest.mark.parametrize("shape", [1, 2, 3])
def test_no_fingerprint_depends_on_a_secret(shape: int, make_repository: MakeRepository) -> None:
    one, other = (checked(plant(shape, filling), make_repository) for filling in (1, 2))
    names = [dict(zip(map(_place, each.findings), each.fingerprints, strict=True)) for each in (one, other)]
    shared = names[0].keys() & names[1].keys()
    assert shared
    assert {names[0][place] for place in shared} == {names[1][place] for place in shared}


def _place(finding: Finding) -> tuple[str, Region]:
    return finding.rule, finding.region


def test_two_of_one_shape_differ_in_their_secrets_alone() -> None:
    one, other = plant(7, 1), plant(7, 2)
    assert one.files.keys() == other.files.keys()
    assert set(one.secrets).isdisjoint(other.secrets)
    assert [len(text) for text in one.files.values()] == [len(text) for text in other.files.values()]
