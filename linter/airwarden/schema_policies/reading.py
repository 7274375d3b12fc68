"""Reads policies that are schemas, and tells where one is not sound."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from string import Formatter
from typing import Any, Literal, TypeAlias, cast, get_args

from airwarden import disk
from airwarden.bounded import json_of
from airwarden.config import PROFILES, ConfigError, Profile, nearest
from airwarden.findings import LEVELS, Level
from airwarden.records import dataclass
from airwarden.yaml_tree import Mapping as YamlMapping
from airwarden.yaml_tree import NotYaml, compose
from airwarden.yaml_tree import Sequence as YamlSequence

Subject: TypeAlias = Literal["dag", "values", "pyproject"]
"""What a policy judges: the arguments of a DAG, the Helm values of a release, or a pyproject.toml."""

FACTS = "x-rule"
NO_EVIDENCE = "https://github.com/airwarden/airwarden/blob/main/docs/policies.md"
"""What a policy that names no address leads to: what a policy is."""

PLACEHOLDERS = ("argument", "dag_id", "value", "wanted")
"""What a message may name."""

_Route: TypeAlias = "tuple[str | int, ...]"
_KNOWN_FACTS = ("on", "chart", "level", "remedy", "see", "profile", "message")
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "on": get_args(Subject),
    "chart": ("official", "community"),
    "level": LEVELS,
    "profile": PROFILES,
}
_BY_NAME = ("$defs", "dependentSchemas", "patternProperties", "properties")
_LISTED = ("allOf", "anyOf", "oneOf", "prefixItems")
_SINGLE = (
    *("additionalProperties", "contains", "else", "if", "items", "not", "propertyNames", "then"),
    *("unevaluatedItems", "unevaluatedProperties"),
)
_PLAIN = (
    *("$anchor", "$comment", "$dynamicAnchor", "$dynamicRef", "$id", "$ref", "$schema", "const", "default"),
    *("dependentRequired", "deprecated", "description", "enum", "examples", "exclusiveMaximum"),
    *("exclusiveMinimum", "format", "maxContains", "maxItems", "maxLength", "maxProperties", "maximum"),
    *("minContains", "minItems", "minLength", "minProperties", "minimum", "multipleOf", "pattern"),
    *("readOnly", "required", "title", "type", "uniqueItems", "writeOnly"),
)
_KEYWORDS = frozenset((*_BY_NAME, *_LISTED, *_SINGLE, *_PLAIN))


@dataclass(frozen=True)
class SchemaPolicy:
    """One policy: its facts and its schema. `chart` is the one whose values it is about, empty for any.
    `message` is a template, empty where the policy has none.
    """

    file: Path
    summary: str
    description: str
    on: Subject
    chart: str
    level: Level
    remedy: str
    see: str
    profile: Profile
    message: str
    schema: Mapping[str, Any]


class _Text:
    """The text of a policy's file, and the line of each part of it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            self.text = disk.text(file)
            self.value = json_of(self.text)
        except OSError as error:
            raise ConfigError(f"{file}: cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise ConfigError(f"{file}: is not UTF-8 text") from None
        except json.JSONDecodeError as error:
            raise ConfigError(f"{file}:{error.lineno}: is no JSON: {error.msg}") from None
        except ValueError as error:
            raise ConfigError(f"{file}: {error}") from None
        if not isinstance(self.value, dict):
            raise ConfigError(f"{file}: a policy is a JSON object")

    def fault(self, route: _Route, said: str) -> ConfigError:
        """What is wrong with a part of the file, in a sentence that names the place."""
        dotted = ".".join(map(str, route))
        return ConfigError(f"{self.file}:{self._line(route)}: {f'{dotted}: ' if dotted else ''}{said}")

    def _line(self, route: _Route) -> int:
        node = self._root
        offset = 0
        for part in route:
            if isinstance(node, YamlMapping) and isinstance(part, str) and (found := node.find(part)):
                offset, node = found[0].start, found[1]
            elif isinstance(node, YamlSequence) and isinstance(part, int) and part < len(node.children):
                node = node.children[part]
                offset = node.start
            else:
                break
        return self.text.count("\n", 0, offset) + 1

    @cached_property
    def _root(self) -> object:
        try:
            return next(iter(compose(self.text)), None)
        except NotYaml:
            return None


def read(file: Path) -> SchemaPolicy:
    """The policy in a file. Raises `ConfigError` where its facts are not in order."""
    return _policy(_Text(file))


def verify(file: Path) -> None:
    """Raises `ConfigError` where a file is no policy, or its schema is not sound."""
    from jsonschema import Draft202012Validator, SchemaError

    text = _Text(file)
    _policy(text)
    try:
        Draft202012Validator.check_schema(text.value)
    except SchemaError as error:
        raise text.fault(tuple(error.absolute_path), error.message) from None
    for route, schema in _schemas(text.value, ()):
        _verify_keywords(text, route, schema)


def _policy(text: _Text) -> SchemaPolicy:
    value = text.value
    facts = value.get(FACTS)
    if not isinstance(facts, dict):
        raise text.fault((), f'there is no "{FACTS}" that says what the policy is about')
    for name, given in facts.items():
        _verify_fact(text, name, given)
    summary = value.get("title")
    if not isinstance(summary, str) or not summary.strip():
        raise text.fault((), 'there is no "title", the sentence that names the harm')
    if "on" not in facts:
        raise text.fault((FACTS,), f"on is missing: one of {', '.join(_CHOICES['on'])}")
    schema = _plain({key: each for key, each in value.items() if key != FACTS})
    return SchemaPolicy(
        text.file,
        summary.strip(),
        str(value.get("description", "")).strip(),
        cast("Subject", facts["on"]),
        facts.get("chart", ""),
        cast("Level", facts.get("level", "error")),
        facts.get("remedy", ""),
        facts.get("see", NO_EVIDENCE),
        cast("Profile", facts.get("profile", PROFILES[0])),
        facts.get("message", ""),
        schema,
    )


def _verify_fact(text: _Text, name: str, given: object) -> None:
    if name not in _KNOWN_FACTS:
        raise text.fault((FACTS, name), f"there is no such fact{nearest(name, _KNOWN_FACTS)}")
    if not isinstance(given, str) or not given.strip() or "\n" in given:
        raise text.fault((FACTS, name), "a string of one line is wanted")
    choices = _CHOICES.get(name)
    if choices is not None and given not in choices:
        raise text.fault((FACTS, name), f"{given!r} is none of {', '.join(choices)}{nearest(given, choices)}")
    if name == "see" and not given.startswith(("https://", "http://")):
        raise text.fault((FACTS, name), f"{given!r} is no address")
    if name == "message":
        _verify_message(text, given)


def _verify_message(text: _Text, message: str) -> None:
    try:
        parts = [part for part in Formatter().parse(message) if part[1] is not None]
    except ValueError as error:
        raise text.fault((FACTS, "message"), f"is no template: {error}") from None
    for _, name, spec, conversion in parts:
        if spec or conversion:
            raise text.fault(
                (FACTS, "message"), f"{{{name}}} is put in as it is: nothing stands behind the name"
            )
        if name not in PLACEHOLDERS:
            known = f" (known: {', '.join(PLACEHOLDERS)})"
            raise text.fault((FACTS, "message"), f"{{{name}}} stands for nothing{known}")


def _schemas(schema: object, route: _Route) -> Iterator[tuple[_Route, Mapping[str, Any]]]:
    """A schema and all schemas in it, each with the way to it."""
    if not isinstance(schema, dict):
        return
    yield route, schema
    for name in schema.keys() & set(_SINGLE):
        yield from _schemas(schema[name], (*route, name))
    for name in schema.keys() & set(_LISTED):
        for place, each in enumerate(schema[name]):
            yield from _schemas(each, (*route, name, place))
    for name in schema.keys() & set(_BY_NAME):
        for key, each in schema[name].items():
            yield from _schemas(each, (*route, name, key))


def _plain(schema: Any) -> Any:
    """The same schema with truth values spelt out and no word on the language, so that every part of it is
    judged in one way.
    """
    if not isinstance(schema, dict):
        return schema if schema not in (True, False) else {} if schema else {"not": {}}
    made = {name: each for name, each in schema.items() if name != "$schema"}
    for name in made.keys() & set(_SINGLE):
        made[name] = _plain(made[name])
    for name in made.keys() & set(_LISTED):
        made[name] = [_plain(each) for each in made[name]]
    for name in made.keys() & set(_BY_NAME):
        made[name] = {key: _plain(each) for key, each in made[name].items()}
    return made


def _verify_keywords(text: _Text, route: _Route, schema: Mapping[str, Any]) -> None:
    for name in schema:
        if name not in _KEYWORDS and not name.startswith("x-"):
            raise text.fault((*route, name), f"there is no such keyword{nearest(name, _KEYWORDS)}")
    if route and "$id" in schema:
        raise text.fault((*route, "$id"), "a schema inside of another one can't have an address of its own")
    for name in schema.keys() & {"$ref", "$dynamicRef"}:
        if not _leads_somewhere(text.value, schema[name]):
            raise text.fault((*route, name), f"{schema[name]!r} leads to nothing in this file")


def _leads_somewhere(whole: Any, reference: str) -> bool:
    if reference == "#":
        return True
    if reference.startswith("#/"):
        for part in reference[2:].split("/"):
            key = part.replace("~1", "/").replace("~0", "~")
            if isinstance(whole, list):
                whole = whole[int(key)] if _is_place(key, whole) else None
            else:
                whole = whole.get(key) if isinstance(whole, dict) else None
        return whole is not None
    anchors = (each.get("$anchor") or each.get("$dynamicAnchor") for _, each in _schemas(whole, ()))
    return reference.startswith("#") and reference[1:] in anchors


def _is_place(key: str, items: list[Any]) -> bool:
    """Whether a part of a reference is a place in a list; more digits than nine lead past any end."""
    return key.isdecimal() and len(key) < 10 and int(key) < len(items)
