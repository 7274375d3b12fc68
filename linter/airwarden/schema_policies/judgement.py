"""Judgement: whether JSON of which parts are not known fits a schema, for all that they may be.

Two validators judge by one schema: the faults of one are certain, the other has a fault wherever one can't be
ruled out. Each asks the other where a keyword turns a verdict around.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from jsonschema import Draft202012Validator, ValidationError
from jsonschema import validators as jsonschema_validators
from referencing import Registry

from airwarden.foreign_patterns import longest_text
from airwarden.partial_json import UNKNOWN, OpenList, OpenMap, has_unknown, may_equal

_Keyword: TypeAlias = Callable[[Any, Any, Any, Any], Iterator[ValidationError]]

_COUNTS_UP = frozenset({"minItems", "minProperties"})
_COMBINING = frozenset({"$dynamicRef", "$ref", "allOf", "anyOf", "if", "not", "oneOf"})
"""Keywords that leave it to others to judge a value."""

_BY_PLACE = frozenset({"prefixItems", "unevaluatedItems", "unevaluatedProperties", "uniqueItems"})
"""Keywords that judge by all of what stands around."""

_BY_PATTERN = frozenset({"additionalProperties", "patternProperties", "unevaluatedProperties"})
"""Keywords that search the names of properties for the patterns of a schema."""

_LONGEST_KEY = 200
"""How many characters a name may have where the patterns stand in another part of the schema."""


class Judgement:
    """What one schema says of values."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._certain = _Side(self, is_certain=True).validator(schema)
        self._possible = _Side(self, is_certain=False).validator(schema)

    def faults(self, value: Any) -> list[ValidationError]:
        """Where a value does not fit, whatever its unknown parts are."""
        return list(self._certain.iter_errors(value))

    def surely_fits(self, value: Any, schema: Any) -> bool:
        """Whether a value fits a part of the schema, whatever its unknown parts are."""
        return next(self._possible.evolve(schema=schema).iter_errors(value), None) is None

    def surely_fails(self, value: Any, schema: Any) -> bool:
        """Whether a value does not fit a part of the schema, whatever its unknown parts are."""
        return next(self._certain.evolve(schema=schema).iter_errors(value), None) is not None


class _Side:
    """The keywords of one of the two validators."""

    def __init__(self, judgement: Judgement, *, is_certain: bool) -> None:
        self._judgement = judgement
        self._is_certain = is_certain

    def validator(self, schema: Mapping[str, Any]) -> Any:
        own: dict[str, _Keyword] = {
            "const": self._const,
            "contains": self._contains,
            "enum": self._enum,
            "if": self._if,
            "not": self._not,
            "oneOf": self._one_of,
        }
        plain = {name: self._plain(name, check) for name, check in Draft202012Validator.VALIDATORS.items()}
        guarded = {
            name: check if name in _COMBINING else self._guarded(check)
            for name, check in {**plain, **own}.items()
        }
        extend: Callable[..., Any] = jsonschema_validators.extend
        made = extend(Draft202012Validator, validators=guarded)
        return made(schema, registry=Registry())

    def _guarded(self, check: _Keyword) -> _Keyword:
        def judge(validator: Any, wanted: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
            if value is UNKNOWN:
                yield from self._unsure()
            else:
                yield from check(validator, wanted, value, schema) or ()

        return judge

    def _unsure(self) -> Iterator[ValidationError]:
        if not self._is_certain:
            yield ValidationError("it is not known")

    def _plain(self, name: str, check: _Keyword) -> _Keyword:
        """A keyword as it is, save where it would judge by what is not known of a list or an object."""

        def judge(validator: Any, wanted: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
            if self._is_settled(name, value) and not _takes_long(name, value, schema):
                yield from check(validator, wanted, value, schema) or ()
            else:
                yield from self._unsure()

        return judge

    def _is_settled(self, name: str, value: Any) -> bool:
        """Whether a keyword says of what is known what it says of the whole."""
        if name in _BY_PLACE and has_unknown(value):
            return False
        if not isinstance(value, (OpenList, OpenMap)) or name == "type" or name in _COMBINING:
            return True
        if not self._is_certain:
            return name in _COUNTS_UP or name == "required"
        return name not in _COUNTS_UP and name not in ("required", "dependentRequired")

    def _const(self, _: Any, wanted: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
        return self._enum(_, [wanted], value, schema)

    def _enum(self, _: Any, wanted: Any, value: Any, schema: Any) -> Iterator[ValidationError]:  # noqa: ARG002
        fits = any(may_equal(value, each) for each in wanted)
        if not fits or (has_unknown(value) and not self._is_certain):
            yield ValidationError("it is another value")

    def _not(self, _: Any, unwanted: Any, value: Any, schema: Any) -> Iterator[ValidationError]:  # noqa: ARG002
        if self._is_certain:
            is_fault = self._judgement.surely_fits(value, unwanted)
        else:
            is_fault = not self._judgement.surely_fails(value, unwanted)
        if is_fault:
            yield ValidationError("it is as it must not be")

    def _one_of(self, validator: Any, wanted: Any, value: Any, schema: Any) -> Iterator[ValidationError]:  # noqa: ARG002
        fitting = sum(self._judgement.surely_fits(value, each) for each in wanted)
        failing = sum(self._judgement.surely_fails(value, each) for each in wanted)
        if self._is_certain:
            is_fault = failing == len(wanted) or fitting > 1
        else:
            is_fault = fitting != 1 or failing != len(wanted) - 1
        if is_fault:
            yield ValidationError("it does not fit exactly one")

    def _if(self, validator: Any, condition: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
        is_met = self._judgement.surely_fits(value, condition)
        if not is_met and not self._judgement.surely_fails(value, condition):
            if self._is_certain:
                return
            parts = ["then", "else"]
        else:
            parts = ["then"] if is_met else ["else"]
        for part in parts:
            yield from validator.descend(value, schema.get(part, True), schema_path=part)

    def _contains(self, _: Any, wanted: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
        if not isinstance(value, list):
            return
        least, most = schema.get("minContains", 1), schema.get("maxContains")
        certain = sum(self._judgement.surely_fits(each, wanted) for each in value)
        possible = sum(not self._judgement.surely_fails(each, wanted) for each in value)
        is_open = isinstance(value, OpenList)
        if self._is_certain:
            is_fault = (possible < least and not is_open) or (most is not None and certain > most)
        else:
            is_fault = certain < least or (most is not None and (is_open or possible > most))
        if is_fault:
            yield ValidationError("it does not hold what it must")


def _takes_long(keyword: str, value: Any, schema: Any) -> bool:
    """Whether a keyword would search texts that are too long for one of its patterns."""
    if keyword == "pattern":
        return isinstance(value, str) and len(value) > longest_text(schema["pattern"])
    if keyword not in _BY_PATTERN or not isinstance(value, dict):
        return False
    limits = map(longest_text, schema.get("patternProperties", ()))
    return max(map(len, value), default=0) > min(limits, default=_LONGEST_KEY)
