"""The policies on Helm values: JSON Schemas whose subschemas name the rule that they break."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

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
from airwarden.yaml_tree import Node, Scalar, Sequence

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

Keywords: TypeAlias = Mapping[str, Any]
"""A subschema as it is written."""

MAX_DEPTH = 8
"""How many levels the schemas look down; what aliases make deeper than this is no concern of theirs."""

RULE = "x-rule"
"""The keyword that names the rule which a value breaks where it does not fit the subschema."""


def breaches(
    chart: ChartName, values: Node, last: bool = True
) -> Iterator[tuple[tuple[str | int, ...], Keywords]]:
    """Where `values` of a chart break a policy: the path below them, and the subschema that says so.

    Of repeated keys the last is judged, or the first.
    """
    for error in _validator(chart).iter_errors(_plain(values, last, MAX_DEPTH, {})):
        keywords: Any = error.schema
        if RULE in keywords:
            yield tuple(error.absolute_path), keywords


def _plain(node: Node, last: bool, depth: int, known: dict[tuple[int, int], Any]) -> Any:
    if isinstance(node, Scalar):
        return _value(node)
    place = (id(node), depth)
    if depth and place not in known:
        if isinstance(node, Sequence):
            known[place] = [_plain(child, last, depth - 1, known) for child in node.children]
        else:
            pairs = list(node.members)
            known[place] = {
                key.text: _plain(value, last, depth - 1, known)
                for key, value in (pairs if last else pairs[::-1])
            }
    return known.get(place)


def _value(node: Scalar) -> str | int | float | bool | None:
    if node.kind == "bool":
        return node.text.lower() in ("true", "yes", "on")
    if node.kind == "number":
        try:
            return int(node.text)
        except ValueError:
            return node.text
    return node.text if node.kind == "text" else None


@lru_cache(maxsize=2)
def _validator(chart: ChartName) -> Draft202012Validator:
    from jsonschema import Draft202012Validator, FormatChecker

    text = (folder("schemas") / f"values-{chart}.json").read_text(encoding="utf-8")
    checker = FormatChecker(formats=())
    for name, fits in _FORMATS.items():
        checker.checks(name)(fits)
    return Draft202012Validator(json.loads(text), format_checker=checker)


def _of_scalars(fits: Callable[[str], bool]) -> Callable[[object], bool]:
    """A format judges what is written: numbers too, but neither truth values nor null."""

    def check(value: object) -> bool:
        return isinstance(value, bool) or not isinstance(value, (str, int, float)) or fits(str(value))

    return check


def _has_no_password(text: str) -> bool:
    return not live_password(text if "://" in text else f"any://{text}")


_FORMATS: dict[str, Callable[[object], bool]] = {
    "name-of-a-secret": _of_scalars(names_a_secret),
    "no-literal-secret": _of_scalars(lambda text: not is_plain_secret(text)),
    "no-password-in-url": _of_scalars(_has_no_password),
    "no-secret-in-ini": _of_scalars(lambda text: not any(True for _ in text_secrets(text, "ini"))),
    "no-secret-in-json": _of_scalars(lambda text: not live_password(text) and not json_holds_secret(text)),
    "no-secret-in-python": _of_scalars(lambda text: not any(True for _ in text_secrets(text, "python"))),
    "no-secret-in-yaml": _of_scalars(lambda text: not any(True for _ in yaml_secrets(read(text)))),
}
