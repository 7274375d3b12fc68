"""What a value that does not fit a schema is told as: which one, what it is, and what it must be."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from airwarden.credentials.masks import mask_line
from airwarden.credentials.names import names_a_secret
from airwarden.partial_json import UNKNOWN, Path, has_unknown, known

if TYPE_CHECKING:
    from jsonschema import ValidationError

_LONGEST = 60
_ARTICLES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "a map",
    "string": "a text",
}
_FINITE = {"be": "is", "match": "matches", "have": "has", "hold": "holds", "fit": "fits"}


def dotted(path: Path) -> str:
    """A path as people write it: `tags[0]`, `default_args.retries`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def missing(error: ValidationError) -> list[str]:
    """The keys that are missing, where an object lacks some that it must have."""
    wanted: Any = error.validator_value
    instance: Any = error.instance
    return [name for name in wanted if name not in instance] if error.validator == "required" else []


def demand(error: ValidationError) -> str:
    """What is wanted in the place of a value, to be read behind "must"."""
    schema: Any = error.schema
    return _demand(str(error.validator), error.validator_value, schema) or "fit the policy"


def shown(value: Any, path: Path) -> str | None:
    """A value in short; None where it may be a secret, or is not known in full."""
    if value is UNKNOWN or any(names_a_secret(part) for part in path if isinstance(part, str)):
        return None
    text = _literal(value)
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    whole = f"{key}: {text}"
    return text if mask_line(whole) == whole else None


def _literal(value: Any) -> str:
    if isinstance(value, str):
        return f"'{value}'" if len(value) <= _LONGEST else f"a text of {len(value)} characters"
    if isinstance(value, list):
        parts = [_literal(each) for each in known(value)]
        text = f"[{', '.join([*parts, *(['...'] if has_unknown(value) else [])])}]"
        return text if len(text) <= _LONGEST else f"a list of {len(value)}"
    if isinstance(value, dict):
        return f"a {value['class']}" if value.keys() == {"class", "arguments"} else "a map"
    return json.dumps(value)


def _demand(keyword: str, wanted: Any, schema: Mapping[str, Any]) -> str:
    words = _DEMANDS.get(keyword)
    return words(wanted, schema) if words else ""


def _phrase(schema: Mapping[str, Any]) -> str:
    """What a schema wants."""
    parts = (_demand(keyword, wanted, schema) for keyword, wanted in schema.items())
    return " and ".join(dict.fromkeys(filter(None, parts))) or "fit"


def _says(phrase: str) -> str:
    """A phrase behind "must" as one that stands for itself: `be 1` as `is 1`."""
    return " and ".join(map(_finite, phrase.split(" and ")))


def _finite(phrase: str) -> str:
    word, _, rest = phrase.partition(" ")
    if word == "not":
        verb, _, rest = rest.partition(" ")
        return f"is not {rest}" if verb == "be" else f"does not {verb} {rest}"
    return f"{_FINITE.get(word, word)} {rest}".rstrip()


def _type(wanted: Any, _: Mapping[str, Any]) -> str:
    names = [wanted] if isinstance(wanted, str) else wanted
    return f"be {_listed(_ARTICLES[name] for name in names)}"


def _listed(texts: Iterable[str]) -> str:
    *most, last = texts
    return f"{', '.join(most)} or {last}" if most else last


def _not(unwanted: Any, _: Mapping[str, Any]) -> str:
    if isinstance(unwanted, dict) and unwanted.keys() == {"required"}:
        return f"not have {' and '.join(f'`{name}`' for name in unwanted['required'])}"
    if not unwanted:
        return "not be there"
    phrase = _phrase(unwanted)
    return phrase.removeprefix("not ") if phrase.startswith("not ") else f"not {phrase}"


def _contains(wanted: Any, schema: Mapping[str, Any]) -> str:
    least, most = schema.get("minContains", 1), schema.get("maxContains")
    count = "an item" if (least, most) == (1, None) else f"{_range(least, most)} items"
    return f"hold {count} that {_says(_phrase(wanted))}"


def _range(least: int, most: int | None) -> str:
    if most is None:
        return f"at least {least}"
    return f"at most {most}" if not least else f"{least} to {most}"


def _keys(schemas: Any, _: Mapping[str, Any]) -> str:
    return " and ".join(f"have `{name}` that {_says(_phrase(each))}" for name, each in schemas.items())


def _if(_: Any, schema: Mapping[str, Any]) -> str:
    return _phrase(schema.get("then", schema.get("else", True)))


def _count(amount: str, noun: str) -> Callable[[Any, Mapping[str, Any]], str]:
    return lambda count, _: f"have {amount} {count} {noun}{'' if count == 1 else 's'}"


def _is(words: str) -> Callable[[Any, Mapping[str, Any]], str]:
    return lambda wanted, _: f"be {words} {wanted}"


_DEMANDS: Mapping[str, Callable[[Any, Mapping[str, Any]], str]] = {
    "additionalProperties": lambda _, schema: (
        f"have no key but {_listed(schema.get('properties') or ['those'])}"
    ),
    "allOf": lambda wanted, _: " and ".join(map(_phrase, wanted)),
    "anyOf": lambda wanted, _: _listed(map(_phrase, wanted)),
    "const": lambda wanted, _: f"be {_literal(wanted)}",
    "contains": _contains,
    "dependentRequired": lambda wanted, _: (
        f"have {_listed({key for keys in wanted.values() for key in keys})}"
    ),
    "enum": lambda wanted, _: f"be {_listed(map(_literal, wanted))}",
    "exclusiveMaximum": _is("less than"),
    "exclusiveMinimum": _is("more than"),
    "if": _if,
    "items": lambda wanted, _: f"hold only items that {_says(_phrase(wanted))}",
    "maxItems": _count("at most", "item"),
    "maxLength": _count("at most", "character"),
    "maxProperties": _count("at most", "key"),
    "maximum": _is("at most"),
    "minItems": _count("at least", "item"),
    "minLength": _count("at least", "character"),
    "minProperties": _count("at least", "key"),
    "minimum": _is("at least"),
    "multipleOf": _is("a multiple of"),
    "not": _not,
    "oneOf": lambda wanted, _: _listed(map(_phrase, wanted)),
    "pattern": lambda wanted, _: f"match `{wanted}`",
    "properties": _keys,
    "propertyNames": lambda wanted, _: f"have only keys each of which {_says(_phrase(wanted))}",
    "required": lambda wanted, _: f"have {' and '.join(f'`{name}`' for name in wanted)}",
    "type": _type,
    "uniqueItems": lambda _, __: "hold each item once",
}
