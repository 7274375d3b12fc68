"""What one dependency file declares: each distribution with its extras, versions and region."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import PurePosixPath
from typing import Literal, TypeAlias

from airwarden.dependencies.markers import may_hold
from airwarden.distributions.names import canonical, is_airflow, normalised
from airwarden.findings import Region
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.source import Source

Kind: TypeAlias = Literal["project", "requirements", "image", "trace", "constraints"]
"""`project`: the file describes a whole environment (pyproject.toml, Pipfile, setup.cfg, ...).
`requirements`: a list that may be installed on top of something. `image`: a Dockerfile.
`trace`: a file that tells what gets installed and is no place to declare it (a lock or compose file, ...).
`constraints`: versions of what is installed, if it is.
"""

_NAME = regex(r"\s*([A-Za-z0-9][\w.-]*)\s*(?:\[([^\]]*)\])?([^;#@]*)")
_DIRECT = regex(r"\s*[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\]\s*)?@")
_EGG = regex(r"[#&]egg=([\w.-]+)")
_WHEEL = regex(r"(?:^|/)([A-Za-z0-9][\w.]*)-(\d[\w.]*)(?:-\d\w*)?-[\w.]+-[\w.]+-[\w.]+\.whl(?:#.*)?$")
_LAST_IN_URL = regex(r"/([\w.-]+?)(?:\.git)?(?:@[^/#]*)?(?:#.*)?$", re.DOTALL)
_WORK = regex(
    r"(?:.*[-_.])?(?:dev(?:el(?:op(?:ment|er)?)?)?|tests?|testing|pytest|unit|integration|ci|lint(?:ing|ers?)?"
    r"|format(?:ting)?|style|quality|qa|typing|types?|type-?check(?:ing)?|mypy|docs?|documentation|sphinx"
    r"|build|release|notebooks?|jupyter|local|pre-?commit|tools?)(?:[-_.]?(?:dependencies|deps|tools))?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Declaration:
    """One distribution that a file names, by its canonical name; `versions` is a specifier as written.

    `group` is the optional group that it stands in, "" where it is always installed. `written` is the name
    as the package index compares it, and `marker` the condition under which it counts.
    """

    name: str
    extras: frozenset[str]
    versions: str
    region: Region
    group: str = ""
    marker: str = ""
    written: str = ""


@dataclass(frozen=True)
class DependencyList:
    """One file's declarations. `region` is where the list stands that a further one would be added to.

    `includes` are the files it takes in. `is_open` where some of it can't be read here, so that it may hold
    more. `builds_airflow` for a Dockerfile that starts from an image of Airflow. `name` is the project's own
    and `python` what it says of Python. `taken_in` has, for each optional group, the groups that it takes in,
    and `installed` those that a Dockerfile installs, which `installs_project` where it does so with one.
    `airflows` are the versions of Airflow that the file's text names. `is_compiled` where a program has
    written the file, with all that its distributions need. `members` are patterns of a uv workspace's
    folders. `is_constrained` where something else decides which versions are installed. `files` are the names
    of files, and patterns of such, that a Dockerfile has.
    """

    kind: Kind
    region: Region
    declarations: tuple[Declaration, ...]
    includes: tuple[str, ...] = ()
    is_open: bool = False
    builds_airflow: bool = False
    name: str = ""
    python: str = ""
    taken_in: tuple[tuple[str, str], ...] = ()
    installed: frozenset[str] = frozenset()
    installs_project: bool = False
    airflows: frozenset[tuple[int, int]] = frozenset()
    is_compiled: bool = False
    is_constrained: bool = False
    members: tuple[str, ...] = ()
    files: frozenset[str] = frozenset()

    @property
    def path(self) -> str:
        """The file's path."""
        return self.region.path

    @cached_property
    def folder(self) -> str:
        """The folder that the file stands in, with a `/` behind it; "" for the root."""
        parent = PurePosixPath(self.path).parent.as_posix()
        return "" if parent == "." else f"{parent}/"

    @cached_property
    def home(self) -> tuple[str, ...]:
        """The folder that the file is for, part by part: the one around a folder `requirements`."""
        parts = PurePosixPath(self.path).parts[:-1]
        return parts[:-1] if parts[-1:] == ("requirements",) else parts

    @cached_property
    def ours(self) -> tuple[Declaration, ...]:
        """The declarations of Airflow itself and of its providers."""
        return tuple(declared for declared in self.declarations if is_airflow(declared.name))

    @property
    def names_airflow(self) -> bool:
        """Whether it speaks of an environment with Airflow."""
        return self.builds_airflow or bool(self.ours)

    @cached_property
    def idle_groups(self) -> frozenset[str]:
        """The groups that are for work on the code, and that nothing else takes in."""
        named = {declared.group for declared in self.declarations} | {outer for outer, _ in self.taken_in}
        groups = named - {""}
        idle = {group for group in groups if is_for_work(group)}
        active = groups - idle | {""} | self.installed
        taken = {inner for outer, inner in self.taken_in if outer in active}
        while taken - active:
            active |= taken
            taken = {inner for outer, inner in self.taken_in if outer in active}
        return frozenset(idle - active)


def is_for_work(group: str) -> bool:
    """Whether a group or a file is called like one for developing and testing."""
    return _WORK.fullmatch(group) is not None


def main_of(declarations: Iterable[Declaration]) -> Declaration | None:
    """The first declaration that is always installed, else the first in a group that is not for work."""
    return min(declarations, key=lambda each: (each.group != "", is_for_work(each.group)), default=None)


def file_group(path: str) -> str:
    """The group that a flat file's name puts its declarations in: `dev` for `requirements-dev.txt`."""
    stem = re.sub(r"[-_.]?requirements?[-_.]?", "", PurePosixPath(path).stem, flags=re.IGNORECASE)
    return stem.lower() if stem and is_for_work(stem) else ""


def flat_list(
    kind: Kind, source: Source, declarations: Iterable[Declaration], includes: Iterable[str] = ()
) -> DependencyList:
    """A list without a key of its own: it stands where its first distribution of Airflow does."""
    found = tuple(declarations)
    ours = [declared for declared in found if is_airflow(declared.name)]
    first = main_of(ours)
    region = first.region if first else source.region(0, 0)
    return DependencyList(kind, region, found, tuple(includes))


def beside(path: str, name: str) -> str:
    """The path of a file that another one names, relative to itself."""
    parts: list[str] = []
    for part in (PurePosixPath(path).parent / name.removeprefix("file:")).parts:
        if part != "..":
            parts.append(part)
        elif parts:
            parts.pop()
    return "/".join(parts)


def declaration(text: str, region: Region, group: str = "") -> Declaration | None:
    """What a requirement declares; None where it is none, or its marker never holds on Linux."""
    head, _, marker = text.partition(";")
    wheel = _WHEEL.search(head.strip()) if ".whl" in head else None
    if wheel is not None and not _DIRECT.match(head):
        written = normalised(wheel[1])
        return Declaration(
            canonical(written), frozenset(), f"=={wheel[2]}", region, group, marker.strip(), written
        )
    if "://" in head and not _DIRECT.match(head):
        found = _EGG.search(head) or _LAST_IN_URL.search(head.strip())
        name = found[1].partition("-")[0] if found and found[1].endswith(".whl") else found and found[1]
        return Declaration(canonical(name), frozenset(), "", region, group) if name else None
    match = _NAME.match(head)
    if match is None or not may_hold(marker):
        return None
    extras = frozenset(normalised(extra.strip()) for extra in (match[2] or "").split(",") if extra.strip())
    versions, written = match[3].strip(" ()"), normalised(match[1])
    return Declaration(canonical(written), extras, versions, region, group, marker.strip(), written)
