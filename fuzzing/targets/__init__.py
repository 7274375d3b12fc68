"""The targets, a module for each family of them."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from fuzzing.target import Target

FAMILIES = ("texts", "dependencies", "settings", "records", "editor", "runs")
"""What loads fastest first: a process loads no more than it takes to find its own target."""


def targets() -> Iterator[Target]:
    """All targets, family by family, each of which is loaded when it is reached."""
    for family in FAMILIES:
        found: tuple[Target, ...] = import_module(f"fuzzing.targets.{family}").TARGETS
        yield from found


def named(name: str) -> Target:
    """The target of a name. Raises `KeyError`."""
    for target in targets():
        if target.name == name:
            return target
    raise KeyError(name)
