"""What is said of settings that can't be followed."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

Route: TypeAlias = tuple[str | int, ...]
"""The keys and, in lists, the indices that lead to a value."""


class ConfigError(Exception):
    """A setting that can't be followed. Its text is one sentence that names the place."""


def nearest(name: str, names: Iterable[str]) -> str:
    """The name most like `name`, in words that end a sentence; empty where none is like it."""
    import difflib

    close = difflib.get_close_matches(name, sorted(names), n=1, cutoff=0.5)
    return f" (nearest: {close[0]!r})" if close else ""


def dotted(route: Route) -> str:
    """A route as one would write it: `overrides[0].levels.known-token`."""
    keys = "".join(f"[{each}]" if isinstance(each, int) else f".{key(each)}" for each in route)
    return keys.removeprefix(".")


def key(name: str) -> str:
    """A key of TOML, in quotes where it needs them."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else quoted(name)


def quoted(text: str) -> str:
    """A text as TOML has it on one line, with whatever can't be seen, or a CI server would obey, escaped."""
    written = json.dumps(text, ensure_ascii=False).replace("##", "\\u0023#")
    return "".join(char if char.isprintable() else _unicode_escape(char) for char in written)


def _unicode_escape(char: str) -> str:
    number = ord(char)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
