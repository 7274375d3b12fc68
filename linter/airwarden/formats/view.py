"""How a report is to be shown, and what of it may be shown at all."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Literal
from urllib.parse import quote

from airwarden.findings import Level, Region
from airwarden.records import dataclass

HOME = "https://github.com/airwarden/airwarden"

Detail = Literal["summary", "usual", "everything"]

_STYLES = {"error": "1;31", "warning": "1;33", "note": "1;36", "strong": "1", "faint": "2", "good": "32"}
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Categories that move the cursor, reorder or end lines, or can't be encoded."""


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
    """The text with every character escaped that a terminal would obey or hide, save those of `keep`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        escaped(char) if unicodedata.category(char) in _UNSEEN and char not in keep else char for char in text
    )


def sentence(text: str, capital: bool = False) -> str:
    """The text with a full stop, as viewers that show one sentence need it, and with a capital if asked."""
    text = visible(text.strip().removesuffix("."), keep="\n") + "."
    first = text.partition(" ")[0]
    return text[0].upper() + text[1:] if capital and first.isalpha() and first.islower() else text


def escaped(char: str) -> str:
    r"""A character as Python would write it: `\x1b`, `\n`, `\u202e`."""
    return char.encode("unicode_escape").decode("ascii")
