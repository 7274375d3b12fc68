"""The policies on Helm values: JSON Schemas whose subschemas name the rule that they break."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from collections.abc import Mapping as AnyMapping
from functools import lru_cache
from typing import Any, TypeAlias

from airwarden.charts import ChartName
from airwarden.credentials.names import names_a_secret
from airwarden.credentials.sensitive import (
    is_plain_secret,
    json_holds_secret,
    live_password,
    text_secrets,
    yaml_secrets,
)
from airwarden.folders import folder
from airwarden.inner_yaml import read
from airwarden.yaml_tree import Mapping, Node, Scalar, Sequence

Keywords: TypeAlias = AnyMapping[str, Any]
"""A subschema as it is written."""

Path: TypeAlias = tuple[str | int, ...]
"""Keys, and places in lists counted from 0."""

RULE = "x-rule"
"""The keyword that names the rule which a value breaks where it does not fit the subschema."""


def breaches(chart: ChartName, values: Node, last: bool = True) -> Iterator[tuple[Path, Keywords]]:
    """Where `values` of a chart break a policy: the path below them, and the subschema that says so.

    Of repeated keys the last is judged, or the first.
    """
    for path, keywords in _faults(_schema(chart), values, last, ()):
        if RULE in keywords:
            yield path, keywords


@lru_cache(maxsize=2)
def _schema(chart: ChartName) -> Keywords:
    text = (folder("schemas") / f"values-{chart}.json").read_text(encoding="utf-8")
    schema: Keywords = json.loads(text)
    return schema


def _faults(schema: Keywords, node: Node, last: bool, path: Path) -> Iterator[tuple[Path, Keywords]]:
    """Where a value does not fit a schema: the path below it, and the subschema that it does not fit.

    The vocabulary is what the policies need of JSON Schema, judged on YAML as it is written: JSON's types
    are not told apart, and what the schema does not speak of is never looked at.
    """
    if "format" in schema and isinstance(node, Scalar) and not _fits(schema["format"], node):
        yield path, schema
    if isinstance(node, Mapping):
        yield from _faults_of_members(schema, node, last, path)
    elif isinstance(node, Sequence) and "items" in schema:
        for place, child in enumerate(node.children):
            yield from _faults(schema["items"], child, last, (*path, place))
    if "if" in schema:
        applies = _applies(schema["if"], node, last)
        yield from _faults(schema.get("then" if applies else "else", {}), node, last, path)


def _faults_of_members(
    schema: Keywords, node: Mapping, last: bool, path: Path
) -> Iterator[tuple[Path, Keywords]]:
    known = schema.get("properties", {})
    for name, below in known.items():
        found = node.find(name, last)
        if found:
            yield from _faults(below, found[1], last, (*path, name))
    if "additionalProperties" in schema:
        for name in dict.fromkeys(key.text for key, _ in node.members if key.text not in known):
            for _, value in filter(None, [node.find(name, last)]):
                yield from _faults(schema["additionalProperties"], value, last, (*path, name))


def _applies(condition: Keywords, node: Node, last: bool) -> bool:
    if isinstance(node, Mapping) and not all(map(node.get, condition.get("required", ()))):
        return False
    return next(_faults(condition, node, last, ()), None) is None


def _fits(name: str, node: Scalar) -> bool:
    """Whether a text or a number is as a format wants it; truth values and null always are."""
    if node.kind not in ("text", "number"):
        return True
    return _FORMATS[name](_written(node))


def _written(node: Scalar) -> str:
    """A text, or a number in its plain form where it is a whole one."""
    try:
        return str(int(node.text)) if node.kind == "number" else node.text
    except ValueError:
        return node.text


def _has_no_password(text: str) -> bool:
    return not live_password(text if "://" in text else f"any://{text}")


_FORMATS: dict[str, Callable[[str], bool]] = {
    "name-of-a-secret": names_a_secret,
    "no-literal-secret": lambda text: not is_plain_secret(text),
    "no-password-in-url": _has_no_password,
    "no-secret-in-ini": lambda text: not any(True for _ in text_secrets(text, "ini")),
    "no-secret-in-json": lambda text: not live_password(text) and not json_holds_secret(text),
    "no-secret-in-python": lambda text: not any(True for _ in text_secrets(text, "python")),
    "no-secret-in-yaml": lambda text: not any(True for _ in yaml_secrets(read(text))),
}
