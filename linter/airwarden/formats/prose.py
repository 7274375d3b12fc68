"""Texts as Markdown that shows them as they are, whatever stands in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from airwarden.formats.view import visible
from airwarden.patterns import regex

_BREAK = "<!-- -->"
_SYNTAX = {ord(char): f"&#{ord(char)};" for char in "&<>|`*_~[]$\\"}
_CALL = regex(r"@|[#!](?=\d)|\bGH-(?=\d)|:(?=//)|\bwww(?=\.)", re.IGNORECASE)
"""What calls a user, names an issue or makes a link of what comes next: `@task` is no user."""

_CODE = regex(r"(?<!`)(`+)(?!`)([^`]+|.*?[^`])(?<!`)\1(?!`)")
_MARKS = regex(r"[\\`*_\[\]<>#|~&$@!]|:(?=//)|\bwww\.|^[-+=]|^\d+[.)]", re.IGNORECASE)
_LINK_MARKS = regex(r"[`<]|\](?=[(\[:])|\\(?=[!-/:-@\[-`{-~]|\Z)")
_USER = regex(r"@[A-Za-z0-9][\w/-]*")


def escape(text: str) -> str:
    """Text that shows as it is wherever Markdown takes HTML, also in a table or at the start of a line, and
    that calls nobody.
    """
    shown = visible(text.replace("\r\n", "\n"), keep="\n")
    ends = [match.end() for match in _CALL.finditer(shown)]
    parts = [shown[start:end].translate(_SYNTAX) for start, end in pairwise([0, *ends, len(shown)])]
    first = shown[:1]
    if first and first != "\n" and not first.isalpha() and ord(first) not in _SYNTAX:
        parts[0] = f"&#{ord(first)};{parts[0][1:]}"
    return _BREAK.join(parts).replace("\n", "<br>")


def prose(text: str) -> str:
    """Text of one paragraph that shows as it is where Markdown takes no HTML; code in backticks is code."""
    return _told(visible(text, keep="\n").replace("\n", " ").strip(), lambda part: _MARKS.sub(_marked, part))


def comment(text: str) -> str:
    """Text for whoever shows it as Markdown, or as it is: links, pictures, tags and users are none, and all
    else stays.
    """
    return "\n".join(_told(line, _without_links) for line in visible(text, keep="\n").split("\n"))


def _without_links(text: str) -> str:
    return _USER.sub(r"`\g<0>`", _LINK_MARKS.sub(_marked, text))


def _marked(match: re.Match[str]) -> str:
    return f"{match[0][:-1]}\\{match[0][-1]}"


def _told(text: str, plain: Callable[[str], str]) -> str:
    """A text whose code in backticks stays, and all else is made `plain`."""
    parts, place = list[str](), 0
    for match in _CODE.finditer(text):
        parts += [plain(text[place : match.start()]), match[0]]
        place = match.end()
    return "".join([*parts, plain(text[place:])])
