"""The locks of this repository: which version of what is installed, and why."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from packaging.markers import Marker
from packaging.version import Version

LOCKS = Path(__file__).resolve().parent.parent.parent / "locks"
ENTRY = re.compile(
    r"(\S+)==(\S+)(?: ; (.+?))? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)    # via (.+)\n?"
)


@dataclass(frozen=True)
class Pin:
    """One version of a distribution, where its marker holds."""

    name: str
    version: Version
    marker: Marker | None
    hashes: tuple[str, ...]
    wanted_by: frozenset[str]

    @property
    def is_direct(self) -> bool:
        """Whether our own pyproject.toml names it."""
        return any(name.startswith("airwarden ") for name in self.wanted_by)

    @property
    def requirement(self) -> str:
        """It as a requirement, without its hashes."""
        marker = f" ; {self.marker}" if self.marker else ""
        return f"{self.name}=={self.version}{marker}"

    def counts(self, environment: Mapping[str, str]) -> bool:
        """Whether it is installed there."""
        return self.marker is None or self.marker.evaluate(dict(environment))


@cache
def pins(lock: str) -> tuple[Pin, ...]:
    """Everything that a lock names."""
    text = (LOCKS / f"{lock}.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", re.sub(r"(?m)^#.*\n", "", text))
    return tuple(map(_pin, entries))


def _pin(entry: str) -> Pin:
    parts = ENTRY.fullmatch(entry)
    if parts is None:
        raise ValueError(f"no exact version with hashes: {entry}")
    name, version, marker, hashes, wanted_by = parts.groups()
    wanting = frozenset(each for each in wanted_by.split(", ") if not each.startswith("-c "))
    found = tuple(each for each in hashes.split() if each != "\\")
    return Pin(name, Version(version), Marker(marker) if marker else None, found, wanting)
