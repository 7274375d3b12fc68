"""How a report is to be shown, and what of it may be shown at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import quote

from airwarden.findings import Level, Region
from airwarden.patterns import regex
from airwarden.records import dataclass

HOME = "https://github.com/airwarden/airwarden"

Detail = Literal["summary", "usual", "everything"]

_STYLES = {"error": "1;31", "warning": "1;33", "note": "1;36", "strong": "1", "faint": "2", "good": "32"}
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Categories that move the cursor, reorder or end lines, or can't be encoded."""

_SELECTORS = map(chr, (*range(0xFE00, 0xFE0E), *range(0xE0100, 0xE01F0)))
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0").union(_SELECTORS)
"""Characters of other categories that show nothing. Whole texts can be hidden in variation selectors; only
the two of emoji are let through.
"""

COMMAND = regex(r"#(?=#(?:\[|vso\[|teamcity\[))", re.IGNORECASE)
"""Where the log of a CI server, wherever in a line, sees a command: GitHub's, Azure's or TeamCity's."""

_SUSPECT = regex(r"[^ -~]")
"""What may be unseen: whole pages go through here, nearly all of it plain."""

_FIRST_COMMAND = regex(r"^([^\S\n]*):(?=:[A-Za-z])", re.MULTILINE)
"""Where the log of GitHub sees one at the start of a line."""


@dataclass(frozen=True)
class EarlierRun:
    """What an earlier run found: how many findings of each level, in all and by family."""

    name: str
    counts: Mapping[Level, int]
    families: Mapping[str, Mapping[Level, int]]


@dataclass(frozen=True)
class View:
    """What the reader asked for.

    `width` is that of the terminal in columns; with `wrap`, sentences are broken at words to fit into it.
    `prefix` leads from the root of the checkout to the root of the report (`"airflow/"`, or empty); `blob` is
    the address of the checkout's files in a browser (`"https://github.com/owner/name/blob/sha/"`, or empty).
    With `suppressed`, silenced findings are shown too, and said to be silenced. `fail_on` is the mildest
    level that makes the run fail, and `history` what earlier runs found, the oldest first. A format ignores
    what it has no use for.
    """

    color: bool = False
    detail: Detail = "usual"
    width: int = 100
    wrap: bool = False
    prefix: str = ""
    blob: str = ""
    suppressed: bool = False
    fail_on: Level = "error"
    history: tuple[EarlierRun, ...] = ()

    def paint(self, text: str, style: str) -> str:
        """The text in the style of a level, or `strong`, `faint` or `good`; plain where colours are off."""
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self.color else text

    def uri(self, path: str) -> str:
        """The address of a file relative to the root of the checkout."""
        return quote(self.prefix + path, errors="surrogatepass")

    def link(self, region: Region) -> str:
        """The address of a region in a browser, on GitHub or GitLab; empty where that is not known."""
        if not self.blob:
            return ""
        last = f"{'' if '/-/blob/' in self.blob else 'L'}{region.end_line}"
        return f"{self.blob}{self.uri(region.path)}#L{region.line}-{last}"


PLAIN = View()


def visible(text: str, keep: str = "") -> str:
    """The text with every character escaped that a terminal would obey or hide, save those of `keep`, and
    without what the log of a CI server would obey. This alone decides what of a text gets through to people.
    """
    if not (text.isascii() and text.isprintable()):
        text = _SUSPECT.sub(
            lambda char: escaped(char[0]) if is_unseen(char[0]) and char[0] not in keep else char[0], text
        )
    if "##" in text:
        text = COMMAND.sub(r"\\x23", text)
    return _FIRST_COMMAND.sub(r"\1\\x3a", text) if "::" in text else text


def is_unseen(char: str) -> bool:
    """Whether a terminal or a browser would obey or hide a character."""
    if char.isprintable():
        return char in _BLANK
    return unicodedata.category(char) in _UNSEEN


def sentence(text: str, capital: bool = False) -> str:
    """The text with a full stop, as viewers that show one sentence need it, and with a capital if asked."""
    text = visible(text.strip().removesuffix("."), keep="\n") + "."
    first = text.partition(" ")[0]
    return text[0].upper() + text[1:] if capital and first.isalpha() and first.islower() else text


def escaped(char: str) -> str:
    r"""A character as Python would write it: `\x1b`, `\n`, `\u202e`."""
    return char.encode("unicode_escape").decode("ascii")


def json_text(value: Any, *, plain: bool = False) -> str:
    """A value as the text of a JSON file, in which nothing is there unescaped that `visible` escapes; in
    ASCII, unless it is to be `plain` for people, too.
    """
    import json

    text = json.dumps(value, indent=2, ensure_ascii=not plain)
    if plain and not text.isascii():
        text = "".join(json.dumps(char)[1:-1] if char > "~" and is_unseen(char) else char for char in text)
    if "##" in text:
        text = COMMAND.sub(r"\\u0023", text)
    return text.replace("\x7f", "\\u007f") + "\n"
