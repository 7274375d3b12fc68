"""JSON and TOML from anybody, read within bounds: their parsers work their way down on the stack."""

from __future__ import annotations

import re
import sys
from typing import Any

MAX_DEPTH = 100
"""How many brackets may be open at once, and how many keys a dotted one may have: parsers, and whatever walks
over what they give, take up to five frames of the stack for each, of which Python has a thousand. People
write ten.
"""

MAX_TOML = 1 << 20
"""How many characters a text of TOML may have. A pyproject.toml has a few thousand."""

_JSON = r'"(?:[^"\\]|\\.)*"?|(?P<turn>[\[\]{}])'
"""Strings and brackets. A string without an end goes on to the end of the text, so that no part of it is
looked at twice.
"""

_TOML = r"""
    \"{3} (?:\\. | [^\\])*? (?: \"{3,5} (?!\") | \\?\Z ) | '{3} .*? (?: '{3,5} (?!') | \Z )
    | \" (?:[^\"\\\n] | \\.)* \"? | '[^'\n]*'? | \#[^\n]* | (?P<turn>[\[\]{}])
    """
_LONG_KEY = rf"(?<![^\s.=#])(?:[^\s.=#]+[ \t]*\.[ \t]*){{{MAX_DEPTH}}}[^\s.=#]"
_LONG_NUMBER = r"\b0[xob][0-9A-Fa-f_]{1000}"
"""A number that Python reads and can't write: in the base of ten it has too many digits."""

_FLAGS = re.VERBOSE | re.DOTALL


class DeepText(ValueError):
    """A text that nests too deeply to be read, and where it does."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"nests more than {MAX_DEPTH} levels deep")
        self.offset = offset


class LongText(ValueError):
    """A text that is too long to be read."""


def json_of(text: str) -> Any:
    """What a text of JSON says. Raises `ValueError`, of which `DeepText` is one."""
    import json

    _refuse_depth(text, _JSON)
    return json.loads(text)


def toml_of(text: str) -> dict[str, Any]:
    """What a text of TOML says. Raises `ValueError`, of which `DeepText` and `LongText` are some."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    if len(text) > MAX_TOML:
        raise LongText(f"has more than {MAX_TOML:,} characters")
    _refuse_depth(text, _TOML)
    if text.count(".") > MAX_DEPTH and (key := _long_key(text)):
        raise DeepText(key.start())
    if re.search(_LONG_NUMBER, text) and re.search(_LONG_NUMBER, _bare(text)):
        raise ValueError("a number has too many digits")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except ValueError:
        raise ValueError("a number has too many digits") from None


def _refuse_depth(text: str, tokens: str) -> None:
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    depth = 0
    for found in re.finditer(tokens, text, _FLAGS):
        turn = found["turn"]
        if turn:
            depth += 1 if turn in "[{" else -1
            if depth > MAX_DEPTH:
                raise DeepText(found.start())


def _long_key(text: str) -> re.Match[str] | None:
    return re.search(_LONG_KEY, _bare(text))


def _bare(text: str) -> str:
    """A text of TOML without what its strings and comments say."""
    return re.sub(_TOML, _blank, text, flags=_FLAGS)


def _blank(token: re.Match[str]) -> str:
    """What stands for a token in a text of which only bare keys matter; as long as it, in one line."""
    text = token[0]
    return text if text in "[]{}" else ("#" if text[0] == "#" else "k") * len(text)
