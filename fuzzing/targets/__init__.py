"""The targets, a module for each family of them; `TARGETS` has all by name."""

from __future__ import annotations

from collections.abc import Mapping

from fuzzing.target import Target
from fuzzing.targets import dependencies, editor, records, runs, settings, texts

TARGETS: Mapping[str, Target] = {
    target.name: target
    for family in (texts, dependencies, settings, records, editor, runs)
    for target in family.TARGETS
}
