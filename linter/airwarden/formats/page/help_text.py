"""The help of a rule as HTML: paragraphs, lists, examples, and code in backquotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import dedent

from airwarden.formats.page.markup import Markup, element, joined, markup
from airwarden.patterns import regex

_BLANK = regex(r"\n(?:[ \t]*\n)+")
_CODE = regex(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_ITEM = regex(r"^[-*] ", re.MULTILINE)


def help_text(text: str) -> Markup:
    """A text in the plain Markdown that rules are explained in."""
    return joined(_blocks(text.strip("\n")), "\n")


def inline(text: str) -> Markup:
    """A line of text with the code in it marked."""
    parts, place = list[str](), 0
    for match in _CODE.finditer(text):
        parts += [text[place : match.start()], element("code", match[2].strip(" "))]
        place = match.end()
    return joined([*parts, text[place:]])


def _blocks(text: str) -> Iterator[Markup]:
    example: list[str] = []
    for block in _BLANK.split(text):
        if block.startswith("    "):
            example.append(block)
            continue
        yield from _example(example)
        example = []
        yield _list(block) if _ITEM.match(block) else element("p", inline(block))
    yield from _example(example)


def _example(blocks: list[str]) -> Iterator[Markup]:
    if blocks:
        code = dedent("\n\n".join(blocks))
        yield element("pre", element("code", markup(code)))


def _list(block: str) -> Markup:
    items = (item.strip() for item in _ITEM.split(block) if item.strip())
    return element("ul", *(element("li", inline(item)) for item in items))
