"""Expressions that are compiled late do what compiled ones do."""

from __future__ import annotations

import importlib
import pkgutil
import re

import airwarden
import pytest
from airwarden.patterns import regex


def test_a_late_expression_is_as_good_as_a_compiled_one() -> None:
    late = regex(r"(?P<word>[a-z]+)", re.IGNORECASE)
    assert late.pattern == r"(?P<word>[a-z]+)"
    assert "_compiled" not in vars(late)
    assert [match["word"] for match in late.finditer("One 2 three")] == ["One", "three"]
    assert late.sub("-", "a1b") == "-1-"
    assert late.search("1a", 2) is None
    assert late.flags & re.IGNORECASE
    assert late.groupindex == {"word": 1}
    assert regex(rb"\d").findall(b"a1") == [b"1"]
    with pytest.raises(AttributeError):
        late.unknown  # type: ignore[attr-defined]  # noqa: B018


def test_a_broken_one_fails_when_it_is_used() -> None:
    broken = regex("(")
    with pytest.raises(re.error):
        broken.match("")


def test_every_expression_of_the_program_compiles() -> None:
    late = type(regex(""))
    for info in pkgutil.walk_packages(airwarden.__path__, "airwarden."):
        if info.name == "airwarden.__main__" or info.name.startswith("airwarden.rules"):
            continue
        for value in vars(importlib.import_module(info.name)).values():
            assert not isinstance(value, late) or value.flags >= 0
