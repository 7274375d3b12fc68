"""The parts of one requirement as it is written: name, extras and versions, and where each stands."""

from __future__ import annotations

import re

from airwarden.patterns import regex
from airwarden.records import dataclass

_NAME = regex(r"\s*([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)")
_EXTRAS = regex(r"\s*\[([^\]\n]*)\]")
_VERSIONS = regex(r"\s*(?:\(\s*)?(?!\s)((?:(?!\s--?\w)[^;#@()\\\n])*)(?=[);#@\\]|\s--?\w|$)", re.MULTILINE)

Span = tuple[int, int]
"""Two offsets into the requirement's text, the end exclusive."""


@dataclass(frozen=True)
class RequirementText:
    """A requirement's text. `extras` is what stands in the brackets, None where there are none."""

    text: str
    name: Span
    extras: Span | None
    versions: Span

    @classmethod
    def parse(cls, text: str) -> RequirementText | None:
        """None where it does not begin with a name."""
        name = _NAME.match(text)
        if name is None:
            return None
        extras = _EXTRAS.match(text, name.end())
        end = extras.end() if extras else name.end()
        versions = _VERSIONS.match(text, end)
        span = versions.span(1) if versions and versions[1] else (end, end)
        span = span[0], span[0] + len(text[slice(*span)].rstrip())
        return cls(text, name.span(1), extras.span(1) if extras else None, span)

    @property
    def written_name(self) -> str:
        """The name as it is written."""
        return self.text[slice(*self.name)]

    @property
    def written_extras(self) -> list[str]:
        """The extras as they are written."""
        inside = self.text[slice(*self.extras)] if self.extras else ""
        return [each.strip() for each in inside.split(",") if each.strip()]

    @property
    def written_versions(self) -> str:
        """The specifier as it is written, without the parentheses that may stand around it."""
        return self.text[slice(*self.versions)]

    @property
    def is_elsewhere(self) -> bool:
        """Whether it is taken from an address and not from an index."""
        return "://" in self.text or "@" in self.text.partition(";")[0].partition("#")[0]
