"""A pattern of others never keeps the linter busy."""

from __future__ import annotations

import pytest
from airwarden.foreign_patterns import MOST_GROUPS, is_found, longest_text
from airwarden.repo import Repo
from airwarden.schema_policies.judgement import Judgement

from tests.conftest import MakeRepository

EVIL = [
    "(a+)+$",
    "(a|aa)+$",
    "(.*a){30}$",
    r"^(\w+\s?)*$",
    "(?:(?:a*)*)*b",
    r"(a*)*\1b",
    "(a?){40}a{40}b",
    "a?" * 30 + "a" * 30,
    "(a?){20}" * 2 + "b",
]
LONG = "a" * 5000 + "!"


@pytest.mark.parametrize("pattern", EVIL)
def test_what_may_take_long_is_not_searched_for(pattern: str) -> None:
    assert is_found(pattern, LONG) is None


@pytest.mark.parametrize("pattern", ["a*a*a*a*a*b", ".*.*.*.*=.*", r"^\s*a*\s*a*\s*$"])
def test_the_longer_a_text_the_fewer_parts_may_repeat(pattern: str) -> None:
    assert is_found(pattern, LONG) is None
    assert is_found(pattern, "a" * 20) is not None


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r".*/tests/.*", f"{'dags/' * 60}tests/a.py"),
        (r"^[a-z0-9]+(-[a-z0-9]+)*$", "-".join(["team"] * 30)),
        (r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$", "airflow.providers.slack.hooks"),
        (r"^(?:[^:]+:)+[^:]+$", "registry:5000:1"),
        (r"^\d+\.\d+\.\d+(-[\w.]+)?$", "2.10.4-python3.12"),
        (r"^(?!.*latest).*$", "registry.internal/airflow:2.10.4" * 10),
        (r"^([0-9]{1,3}\.){3}[0-9]{1,3}$", "10.0.0.1"),
        ("airflow", LONG + "airflow"),
    ],
)
def test_usual_patterns_are_searched_for(pattern: str, text: str) -> None:
    assert is_found(pattern, text)


@pytest.mark.parametrize("pattern", ["(", "[", "a{9999999999999}", "(" * 5000])
def test_what_is_no_pattern_is_not_searched_for(pattern: str) -> None:
    assert longest_text(pattern) == -1
    assert is_found(pattern, "a") is None


def test_an_airflowignore_can_not_keep_a_run_busy(make_repository: MakeRepository) -> None:
    path = f"dags/{'a' * 100}!.py"
    files = {"dags/.airflowignore": "(a+)+$\n(.*a){20}b\n.*skipped.*\n", path: "", "dags/skipped.py": ""}
    repo = Repo(make_repository(files))
    assert not repo.is_airflow_ignored(path)
    assert repo.is_airflow_ignored("dags/skipped.py")


@pytest.mark.parametrize(
    "schema",
    [
        {"pattern": "^(a+)+$"},
        {"patternProperties": {"^(a+)+$": False}},
        {"patternProperties": {"^(a+)+$": True}, "additionalProperties": False},
    ],
)
def test_a_policy_can_not_keep_a_run_busy(schema: dict[str, object]) -> None:
    value = LONG if "pattern" in schema else {LONG: 1}
    judgement = Judgement(schema)
    assert judgement.faults(value) == []
    assert not judgement.surely_fits(value, schema)


def test_a_policy_reads_what_does_not_take_long() -> None:
    assert Judgement({"pattern": "^[a-z]+$"}).faults("A")
    assert Judgement({"pattern": "^[a-z]+$"}).faults("a") == []
    assert Judgement({"patternProperties": {"^x-": False}}).faults({"x-a": 1})


def test_a_pattern_of_groups_inside_one_another_is_not_read() -> None:
    assert longest_text("(" * MOST_GROUPS + "a" + ")" * MOST_GROUPS) > 0
    assert longest_text("(" * 5_000 + "a" + ")" * 5_000) == -1
