"""Whether settings fit their schema, told without jsonschema wherever that can be told."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from airwarden.config.faults import ConfigError, dotted, nearest
from airwarden.folders import folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jsonschema import ValidationError


def validate(place: str, table: Any, schema: Mapping[str, Any] | None = None) -> None:
    """Raises `ConfigError` for a table that does not fit a schema, or that of all settings. `place` stands
    before a key in the message.
    """
    wanted = _own_schema() if schema is None else schema
    if surely_fits(table, wanted):
        return
    from jsonschema import Draft202012Validator

    errors = sorted(Draft202012Validator(wanted).iter_errors(table), key=lambda error: str(error.json_path))
    if errors:
        raise ConfigError(_sentence(place, errors[0]))


def _own_schema() -> Mapping[str, Any]:
    schema: Mapping[str, Any] = json.loads((folder("schemas") / "config.json").read_text(encoding="utf-8"))
    return schema


def surely_fits(table: Any, schema: Mapping[str, Any]) -> bool:
    """Whether a table is known to fit a schema without jsonschema, which takes long to import."""
    try:
        return _fits(table, schema, schema.get("$defs", {}))
    except LookupError:
        return False


def _fits(value: Any, schema: Mapping[str, Any] | str, definitions: Mapping[str, Any]) -> bool:
    """Whether a value fits a schema, or the one that is referred to. Raises `LookupError` for a keyword or a
    value of any other kind.
    """

    def fits(value: Any, schema: Mapping[str, Any] | str) -> bool:
        return _fits(value, schema, definitions)

    _TYPE_NAMES[type(value)]
    known = definitions[schema.removeprefix("#/$defs/")] if isinstance(schema, str) else schema
    keywords = known.keys() - _ANNOTATIONS
    return all(_obeys(value, keyword, known, fits) for keyword in keywords)


def _obeys(value: Any, keyword: str, schema: Mapping[str, Any], fits: Callable[[Any, Any], bool]) -> bool:
    wanted: Any = schema[keyword]
    match keyword:
        case "$ref":
            return fits(value, wanted)
        case "type":
            return _TYPE_NAMES[type(value)] in ([wanted] if isinstance(wanted, str) else wanted)
        case "enum":
            return isinstance(value, str) and value in wanted
        case "oneOf":
            return sum(fits(value, each) for each in wanted) == 1
        case "pattern":
            return not isinstance(value, str) or re.search(wanted, value) is not None
        case "minLength":
            return not isinstance(value, str) or len(value) >= wanted
        case "minimum":
            return not isinstance(value, int) or value >= wanted
        case "minItems":
            return not isinstance(value, list) or len(value) >= wanted
        case "maxItems":
            return not isinstance(value, list) or len(value) <= wanted
        case "items":
            return not isinstance(value, list) or all(fits(each, wanted) for each in value)
        case "required":
            return not isinstance(value, dict) or value.keys() >= set(wanted)
        case "propertyNames":
            return not isinstance(value, dict) or all(fits(key, wanted) for key in value)
        case "properties":
            return not isinstance(value, dict) or all(
                fits(value[key], each) for key, each in wanted.items() if key in value
            )
        case "additionalProperties":
            others = value.keys() - schema.get("properties", {}) if isinstance(value, dict) else ()
            return all(wanted and fits(value[key], wanted) for key in others)
    raise LookupError(keyword)


_TYPE_NAMES = {list: "array", bool: "boolean", int: "integer", dict: "object", str: "string"}
_ANNOTATIONS = frozenset({"$schema", "$id", "$defs", "title", "description", "default", "examples"})


def _sentence(place: str, error: ValidationError) -> str:
    keys = dotted(tuple(error.absolute_path))
    where = f"{place}{keys}" if keys else place.rstrip(". :")
    return f"{where}: {_fault(error)}"


def _fault(error: ValidationError) -> str:
    value: Any = error.instance
    wanted: Any = error.validator_value
    schema: Any = error.schema
    match error.validator:
        case "additionalProperties":
            known = schema["properties"]
            name = next(key for key in value if key not in known)
            what = "option" if "level" in known else "setting"
            return f"there is no {what} {name!r}" + (nearest(name, known) or f" (known: {', '.join(known)})")
        case "enum":
            return f"{value!r} is none of {', '.join(wanted)}{nearest(str(value), wanted)}"
        case "type":
            nouns = " or ".join(_NOUNS[each] for each in ([wanted] if isinstance(wanted, str) else wanted))
            return f"{_KINDS.get(type(value), 'this')} stands where {nouns} is wanted"
        case "minItems" if not value:
            return "the list is empty"
        case "required":
            return f"{next(name for name in wanted if name not in value)} is missing"
        case "oneOf":
            return f"either {' or '.join(each['required'][0] for each in wanted)} is wanted"
    return f"{value!r} is not {schema['description']}"


_KINDS = {
    str: "a string",
    bool: "a truth value",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "a table",
}
_NOUNS = {
    "array": "a list",
    "boolean": "a truth value",
    "integer": "a whole number",
    "object": "a table",
    "string": "a string",
}
