"""No regular expression of the program takes more than linear time, whatever text it is given."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from airwarden.credentials.tokens import forms

from tests.pumping import Expression, expressions, steep_attack

ROOT = Path(__file__).resolve().parent.parent

NAMES_OF_FILES = {
    "linter/airwarden/dependencies/reader.py:_CONSTRAINTS",
    "linter/airwarden/dependencies/reader.py:_ENVIRONMENT",
    "linter/airwarden/dependencies/reader.py:_REQUIREMENTS",
    "linter/airwarden/deployment/chart_values.py:_EXAMPLE",
    "linter/airwarden/deployment/config_file.py:_NAME",
    "linter/airwarden/deployment/container_files.py:_COMPOSE",
    "linter/airwarden/deployment/container_files.py:_DOCKERFILE",
    "linter/airwarden/deployment/container_files.py:_VARIABLES",
    "linter/airwarden/deployment/effective.py:_CODE",
    "linter/airwarden/deployment/effective.py:_TELLING",
    "linter/airwarden/server/ignoring.py:_CONTAINER_FILE",
    "rules/secrets/placeholder_secret.py:TO_FILL_IN",
    "rules/secrets/published_default_key.py:FOR_TRIAL",
    "rules/secrets/published_default_key.py:IN_PRODUCTION",
}
"""They are given the name of a file or folder alone, which has no more than 255 bytes."""
PARTS = {
    "linter/airwarden/credentials/sensitive.py:_FROM_ELSEWHERE",
    "linter/airwarden/credentials/sensitive.py:_REQUEST_BEHIND",
    "linter/airwarden/interpreter/methods.py:_LONG_SPEC",
    "linter/airwarden/needs/mentions.py:_SCHEME",
    "rules/deployment/number_in_scientific_notation.py:ANCHOR",
}
"""They are given no more of a text than a fixed number of characters."""
MATCHED_ONLY = {
    "linter/airwarden/needs/calls.py:_STORAGE": "fullmatch",
    "linter/airwarden/placeholders.py:_LOOKS": "fullmatch",
    "linter/airwarden/releases/hcl.py:_BLANK": "match",
    "linter/airwarden/releases/hcl.py:_BLANK_LINES": "match",
    "linter/airwarden/toml_file.py:_BLANK": "match",
    "linter/airwarden/toml_file.py:_STRING": "match",
}
"""They are handed on to a function that uses them in this way."""


@cache
def collected() -> list[Expression]:
    return expressions("linter/airwarden", "rules")


def schema_patterns(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (value for key, value in node.items() if key == "pattern" and isinstance(value, str))
        yield from (found for value in node.values() for found in schema_patterns(value))
    elif isinstance(node, list):
        yield from (found for value in node for found in schema_patterns(value))


def test_no_expression_takes_more_than_linear_time() -> None:
    short = NAMES_OF_FILES | PARTS
    steep = {}
    for each in collected():
        if each.place in short:
            continue
        if each.place in MATCHED_ONLY:
            each = Expression(each.place, each.pattern, each.flags, frozenset({MATCHED_ONLY[each.place]}))
        attack = steep_attack(each)
        if attack is not None:
            steep[each.place] = attack
    assert not steep, "mend them, or bound the text that they are given"


def test_no_pattern_of_a_schema_takes_more_than_linear_time() -> None:
    schemas = [json.loads(path.read_text("utf-8")) for path in (ROOT / "schemas").glob("*.json")]
    patterns = {pattern for schema in schemas for pattern in schema_patterns(schema)}
    assert patterns
    assert not [each for each in patterns if steep_attack(Expression("", each, 0))]


def test_what_is_left_out_exists_and_needs_it() -> None:
    places = {each.place for each in collected()}
    assert places >= NAMES_OF_FILES | PARTS | MATCHED_ONLY.keys()


def test_all_expressions_are_collected() -> None:
    found = collected()
    assert len(found) > 500
    assert len({each.place.partition(":")[0] for each in found}) > 100
    text = {path: path.read_text("utf-8") for path in (ROOT / "linter" / "airwarden").rglob("*.py")}
    written = sum(
        len(re.findall(r"= regex\($|= regex\([rb\"']", each, re.MULTILINE)) for each in text.values()
    )
    assert len([each for each in found if each.place.startswith("linter/")]) >= written


def test_the_forms_of_tokens_are_no_others() -> None:
    """They are pumped in tests/test_tokens.py, each by itself."""
    assert len(forms()) > 300


@pytest.mark.parametrize(
    ("pattern", "way"),
    [
        (r"(?:a+)+b", "match"),
        (r"(?:a|a)*b", "match"),
        (r"(?:\w+\s?)*:", "match"),
        (r"(?:#[^\n]*)+", "fullmatch"),
        (r"\w+@\w+", "search"),
        (r"\s+$", "search"),
        (r"a\s*,?\s*b", "match"),
        (r"\{\{.*?\}\}", "search"),
        (r"\[[^\]]*\]", "search"),
        (r"'(?:\\.|[^'\\])*'", "search"),
        (r"where.*id(?!.*or)", "search"),
        (r"[\w.-]*xcom[\w.-]*path", "search"),
        (r"(?:.*[-_])?dev(?:[-_].*)?", "fullmatch"),
        (r"^\s*FROM", "search"),
    ],
)
def test_a_bad_expression_is_found_out(pattern: str, way: str) -> None:
    flags = re.MULTILINE if pattern.startswith("^") else 0
    assert steep_attack(Expression("", pattern, flags, frozenset({way})))


@pytest.mark.parametrize(
    "pattern", [r"[a-z]{3,50}@", r"(?<!\w)\w+@", r"\{\{[^{}]*\}\}", r"a.*", r"(?<!\s)\s+$"]
)
def test_a_good_expression_is_let_be(pattern: str) -> None:
    assert steep_attack(Expression("", pattern, 0)) is None
