"""The conditions in tables under which an option or a switch counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from airwarden.needs.asks import is_true

TextAt: TypeAlias = Callable[[str], str]
"""What stands at a dotted place; empty where nothing does."""


def counts(only_with: str, unless: str, text_at: TextAt) -> bool:
    """Whether each condition of `only_with` holds, and none of `unless`.

    Conditions have blanks between them: `place` holds where something stands there, `place=true` where that
    is true, `place=false` where it is written and is not.
    """
    return all(_holds(each, text_at) for each in only_with.split()) and not any(
        _holds(each, text_at) for each in unless.split()
    )


def _holds(condition: str, text_at: TextAt) -> bool:
    place, equals, wanted = condition.partition("=")
    text = text_at(place)
    if not equals or not text:
        return bool(text)
    return is_true(text) == is_true(wanted)
