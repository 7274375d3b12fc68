"""JSON of which parts may not be known."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""Keys, and places in lists counted from 0."""


class Unknown:
    """A value that nobody knows."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


class OpenMap(dict[str, Any]):
    """An object that may have further keys."""


class OpenList(list[Any]):
    """An array that may have further items, before, between or behind those that are known."""


def has_unknown(value: object) -> bool:
    """Whether anything of a value is not known."""
    if isinstance(value, dict):
        return isinstance(value, OpenMap) or any(map(has_unknown, value.values()))
    if isinstance(value, list):
        return isinstance(value, OpenList) or any(map(has_unknown, value))
    return value is UNKNOWN


def may_equal(value: object, other: object) -> bool:
    """Whether a value may be another one, of which everything is known."""
    if value is UNKNOWN:
        return True
    if isinstance(value, dict) and isinstance(other, dict):
        is_same = value.keys() <= other.keys() if isinstance(value, OpenMap) else value.keys() == other.keys()
        return is_same and all(may_equal(each, other[key]) for key, each in value.items())
    if isinstance(value, list) and isinstance(other, list):
        if isinstance(value, OpenList):
            return len(value) <= len(other)
        return len(value) == len(other) and all(map(may_equal, value, other))
    return isinstance(value, bool) == isinstance(other, bool) and value == other


def known(value: Any) -> Any:
    """A value without the parts that are not known; `UNKNOWN` itself stays."""
    if isinstance(value, dict):
        return {key: known(each) for key, each in value.items() if each is not UNKNOWN}
    if isinstance(value, list):
        return [known(each) for each in value if each is not UNKNOWN]
    return value


def at(value: Any, path: Path) -> Any:
    """What stands at a path, `UNKNOWN` where that is not known. Raises `LookupError` for nothing."""
    for part in path:
        if value is UNKNOWN:
            return UNKNOWN
        is_open = isinstance(value, (OpenMap, OpenList))
        try:
            value = value[part]
        except (LookupError, TypeError):
            if is_open:
                return UNKNOWN
            raise LookupError(part) from None
    return value
