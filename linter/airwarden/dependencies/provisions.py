"""Provision: how a need is met for one file of a repository, or why it is not."""

from __future__ import annotations

from typing import Literal, TypeAlias

from airwarden.dependencies.declarations import Declaration
from airwarden.distributions.names import Need
from airwarden.findings import Region, Related
from airwarden.records import dataclass

How: TypeAlias = Literal[
    "declared", "brought", "preinstalled", "image", "outside", "lacks-extra", "missing", "unknown"
]
"""`declared` by a dependency file, itself or as an extra; `brought` along by another distribution alone;
`preinstalled` with every Airflow; in a base `image`; declared `outside` of what an image gets, in a group for
work on the code; declared, but it `lacks-extra`; `missing`; `unknown` where nothing tells.
"""


@dataclass(frozen=True)
class Provision:
    """How a need is met.

    `place` is where the list stands that should name it, None where there is none that reaches the image or
    one does. `declarations` are those of its distribution. `related` shows them, or the list, and an image
    that happens to meet the need. `without` is where the Dockerfile stands whose image is built without the
    list; `is_in_base` where what that image starts from meets the need.
    """

    need: Need
    how: How
    place: Region | None = None
    declarations: tuple[Declaration, ...] = ()
    related: tuple[Related, ...] = ()
    without: Region | None = None
    is_in_base: bool = False


@dataclass(frozen=True)
class Span:
    """The versions of a distribution that may get installed.

    `newest` is the last of them. `oldest` is the first, where a declaration says which that is, else None.
    `pinned` where a lock file or constraints name it, and `free` where nothing is known to decide but the
    declarations.
    """

    newest: str
    oldest: str | None
    pinned: bool
    free: bool
    declarations: tuple[Declaration, ...]


@dataclass(frozen=True)
class Exclusion:
    """A declared provider of which no allowed version runs on any allowed Airflow. `wanted` is what the last
    of these versions asks of Airflow, `found` what the repository has, and `airflow` where it says so.
    """

    declared: Declaration
    wanted: str
    found: str
    airflow: Region | None
