"""What is said of JSON with unknown parts holds for whatever these are: jsonschema is the measure."""

from __future__ import annotations

from typing import Any

import pytest
from airwarden.partial_json import UNKNOWN, OpenList, OpenMap
from airwarden.schema_policies.judgement import Judgement
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.conftest import some

SLOW = (HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.too_slow)
KEYS = st.sampled_from("abc")
NUMBERS = st.integers(0, 3)
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, st.sampled_from(["", "a", "team:x"]))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)
PARTIAL = st.recursive(
    SCALARS | st.just(UNKNOWN),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(OpenList),
        st.dictionaries(KEYS, inner, max_size=3),
        st.dictionaries(KEYS, inner, max_size=3).map(OpenMap),
    ),
    max_leaves=6,
)
TYPES = st.sampled_from(["array", "boolean", "integer", "null", "object", "string"])


def wider(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Schemas of which others are a part."""
    lists = st.lists(inner, min_size=1, max_size=2)
    named = st.dictionaries(KEYS, inner, max_size=2)
    keywords: dict[str, st.SearchStrategy[Any]] = {
        "additionalProperties": inner,
        "allOf": lists,
        "anyOf": lists,
        "contains": inner,
        "dependentSchemas": named,
        "else": inner,
        "if": inner,
        "items": inner,
        "not": inner,
        "oneOf": lists,
        "patternProperties": st.dictionaries(st.sampled_from(["a", "[bc]"]), inner, max_size=1),
        "prefixItems": lists,
        "properties": named,
        "propertyNames": st.fixed_dictionaries({"pattern": st.sampled_from(["a", "[bc]"])}),
        "then": inner,
        "unevaluatedItems": inner,
        "unevaluatedProperties": inner,
    }
    return st.fixed_dictionaries({}, optional=keywords).map(lambda schema: few(schema, 4))


def few(schema: dict[str, Any], most: int) -> dict[str, Any]:
    return dict(list(schema.items())[:most])


PLAIN: dict[str, st.SearchStrategy[Any]] = {
    "const": VALUES,
    "dependentRequired": st.dictionaries(KEYS, st.lists(KEYS, max_size=2, unique=True), max_size=1),
    "enum": st.lists(VALUES, min_size=1, max_size=2),
    "maxContains": NUMBERS,
    "maxItems": NUMBERS,
    "maxLength": NUMBERS,
    "maxProperties": NUMBERS,
    "maximum": NUMBERS,
    "minContains": NUMBERS,
    "minItems": NUMBERS,
    "minLength": NUMBERS,
    "minProperties": NUMBERS,
    "minimum": NUMBERS,
    "pattern": st.sampled_from(["^a$", "^team:"]),
    "required": st.lists(KEYS, max_size=2, unique=True),
    "type": TYPES | st.lists(TYPES, min_size=1, max_size=2, unique=True),
    "uniqueItems": st.booleans(),
}
ONE = st.sampled_from(sorted(PLAIN)).flatmap(lambda name: st.fixed_dictionaries({name: PLAIN[name]}))
SCHEMAS = st.recursive(ONE, lambda inner: st.one_of(wider(inner), ONE), max_leaves=5)


def filled(draw: Any, value: Any) -> Any:
    """A value with something in the place of each unknown part."""
    if value is UNKNOWN:
        return draw(VALUES)
    if isinstance(value, dict):
        found = {key: filled(draw, each) for key, each in value.items()}
        return (
            {**draw(st.dictionaries(KEYS, VALUES, max_size=2)), **found}
            if isinstance(value, OpenMap)
            else found
        )
    if isinstance(value, list):
        found_items = [filled(draw, each) for each in value]
        for each in draw(st.lists(VALUES, max_size=2)) if isinstance(value, OpenList) else ():
            found_items.insert(draw(st.integers(0, len(found_items))), each)
        return found_items
    return value


@settings(max_examples=some(200), deadline=None, suppress_health_check=SLOW)
@given(st.data(), SCHEMAS, PARTIAL)
def test_a_verdict_holds_for_whatever_is_not_known(
    data: st.DataObject, schema: dict[str, Any], value: Any
) -> None:
    judgement = Judgement(schema)
    whole = filled(data.draw, value)
    fits = Draft202012Validator(schema).is_valid(whole)
    assert not (fits and judgement.faults(value))
    assert fits or not judgement.surely_fits(value, schema)


@settings(max_examples=some(100), deadline=None, suppress_health_check=SLOW)
@given(SCHEMAS, VALUES)
def test_what_is_known_in_full_is_judged_as_ever(schema: dict[str, Any], value: Any) -> None:
    judgement = Judgement(schema)
    fits = Draft202012Validator(schema).is_valid(value)
    assert fits == (not judgement.faults(value)) == judgement.surely_fits(value, schema)


@pytest.mark.parametrize(
    ("schema", "value", "is_fault"),
    [
        ({"minimum": 2}, UNKNOWN, False),
        ({"properties": {"a": {"minimum": 2}}}, {"a": UNKNOWN}, False),
        ({"required": ["a"]}, OpenMap(), False),
        ({"required": ["a"]}, {}, True),
        ({"contains": {"pattern": "^team:"}}, ["a", UNKNOWN], False),
        ({"contains": {"pattern": "^team:"}}, OpenList(["a"]), False),
        ({"contains": {"pattern": "^team:"}}, ["a", "b"], True),
        ({"not": {"const": "a"}}, UNKNOWN, False),
        ({"not": {}}, UNKNOWN, True),
        ({"not": {"not": {"minimum": 2}}}, UNKNOWN, False),
        ({"uniqueItems": True}, [UNKNOWN, UNKNOWN], False),
        ({"prefixItems": [{"minimum": 2}]}, OpenList([1]), False),
        ({"prefixItems": [True], "items": {"minimum": 2}}, OpenList([3, 1]), True),
        ({"unevaluatedProperties": {"not": {}}, "properties": {"a": True}}, {"a": UNKNOWN}, False),
        ({"maxItems": 1}, OpenList(["a", "b"]), True),
        ({"items": {"minimum": 2}}, OpenList([UNKNOWN, 1]), True),
        ({"if": {"required": ["a"]}, "then": {"required": ["b"]}}, OpenMap(), False),
        ({"anyOf": [{"minimum": 2}, {"type": "string"}]}, UNKNOWN, False),
        ({"const": {"a": 1}}, {"a": 2, "b": UNKNOWN}, True),
        ({"$ref": "#/$defs/x", "$defs": {"x": {"minimum": 2}}}, 1, True),
    ],
)
def test_only_what_is_certain_is_a_fault(schema: dict[str, Any], value: Any, is_fault: bool) -> None:
    assert bool(Judgement(schema).faults(value)) == is_fault
