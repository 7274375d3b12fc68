"""Use: a place of a repository that needs a distribution to be installed, and what for."""

from __future__ import annotations

from typing import Literal, TypeAlias

from airwarden.distributions.names import Need
from airwarden.findings import Level, Region, Related
from airwarden.records import dataclass

When: TypeAlias = Literal["load", "run", "guarded", "types"]
"""When the distribution is needed: `load` as soon as the file is loaded or a component of Airflow starts,
`run` once a function or a task runs, `guarded` inside a `try` or a test that gets along without it, `types`
for type checkers alone.
"""


@dataclass(frozen=True)
class Use:
    """A place that needs a distribution.

    `name` says what stands there, as a message names it: a dotted name, a decorator, a setting. `member` is
    the dotted name of the module or class that is used, and `argument` the argument that it is given, where
    versions of the distribution may differ in these. `way` leads from the region to the module of the
    repository that needs it itself. `trusts_image` where the base image may bring it, however the rest is
    declared. `level` is how bad its absence is, and `harm` what comes of it, where that is not the usual.
    `instead` are distributions that do in its place.
    """

    need: Need
    region: Region
    name: str
    when: When = "load"
    member: str = ""
    argument: str = ""
    way: tuple[Related, ...] = ()
    trusts_image: bool = False
    level: Level = "error"
    harm: str = ""
    instead: tuple[str, ...] = ()
