"""HTML, in which whatever is not markup on purpose is text."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from airwarden.formats.view import visible


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def element(name: str, *children: str, **attributes: str | bool | None) -> Markup:
    """An element with its end tag; children that are no `Markup` are text.

    Attributes are named as in HTML, with `_` for `-` and behind a word of Python; one that is None or False
    is left out.
    """
    return Markup(f"<{name}{_attributes(attributes)}>{''.join(map(markup, children))}</{name}>")


def markup(child: str) -> Markup:
    """A text as HTML."""
    return child if isinstance(child, Markup) else Markup(escape(visible(child, keep="\n"), quote=False))


def joined(parts: Iterable[str], between: str = "") -> Markup:
    """Parts in a row."""
    return Markup(markup(between).join(map(markup, parts)))


def _attributes(values: dict[str, str | bool | None]) -> str:
    return "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{escape(visible(value))}"')
        for key, value in values.items()
        if value is not None and value is not False
    )
