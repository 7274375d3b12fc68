"""Metadata of distributions: wheels as files, read and never installed or imported."""

from __future__ import annotations

import ast
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from functools import cached_property
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

PROVIDER = "apache-airflow-providers-"
_EXTRA = re.compile(r"extra\s*==\s*[\"']([^\"']+)")


def normalised(name: str) -> str:
    """A name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


@dataclass(frozen=True)
class Wanted:
    """A line of Requires-Dist: a distribution, the extras that are asked of it, its versions, and the own
    extra that asks for it; "" where it is always asked for.
    """

    name: str
    extras: frozenset[str]
    versions: str
    asked_by: str

    @classmethod
    def parse(cls, line: str) -> Wanted | None:
        """Of one line; None of what no installer would understand."""
        try:
            found = Requirement(line)
        except InvalidRequirement:
            return None
        asked = _EXTRA.search(line.partition(";")[2])
        extras = frozenset(map(normalised, found.extras))
        return cls(
            normalised(found.name), extras, str(found.specifier), normalised(asked[1]) if asked else ""
        )

    @property
    def full_names(self) -> list[str]:
        """`name`, or `name[extra]` for each extra that is asked of it."""
        return [f"{self.name}[{extra}]" for extra in sorted(self.extras)] or [self.name]


@dataclass(frozen=True)
class Wheel:
    """A wheel that was downloaded."""

    path: Path

    @property
    def distribution(self) -> str:
        """Its name as it is compared."""
        return normalised(self.path.name.split("-")[0])

    @property
    def version(self) -> str:
        """Its version."""
        return self.path.name.split("-")[1]

    @cached_property
    def metadata(self) -> Message:
        """The headers of its METADATA."""
        return HeaderParser().parsestr(self._text(r"[^/]+\.dist-info/METADATA"))

    @property
    def python(self) -> str:
        """The versions of Python that it allows."""
        return ordered(self.metadata.get("Requires-Python") or "")

    @property
    def wanted(self) -> list[Wanted]:
        """What it requires, and what its extras do."""
        lines = self.metadata.get_all("Requires-Dist") or []
        return [wanted for line in lines if (wanted := Wanted.parse(line))]

    @property
    def own_extras(self) -> set[str]:
        """The extras that it has."""
        return {normalised(extra) for extra in self.metadata.get_all("Provides-Extra") or []}

    @property
    def info(self) -> dict[str, Any]:
        """What its `get_provider_info` gives: a dict written out, or nothing."""
        return read_info(self._text(r".*/get_provider_info\.py"))

    @property
    def module(self) -> str:
        """The package that a provider's entry point is in."""
        points = self._text(r"[^/]+\.dist-info/entry_points\.txt")
        match = re.search(r"=\s*([\w.]+)\.get_provider_info:", points)
        return match[1] if match else ""

    def sources(self) -> Iterator[tuple[str, str]]:
        """The path and text of each Python file."""
        with zipfile.ZipFile(self.path) as archive:
            for name in archive.namelist():
                if name.endswith(".py"):
                    yield name, archive.read(name).decode("utf-8", "replace")

    def _text(self, pattern: str) -> str:
        with zipfile.ZipFile(self.path) as archive:
            names = [name for name in archive.namelist() if re.fullmatch(pattern, name)]
            return archive.read(names[0]).decode("utf-8") if names else ""


def wheels(folder: Path) -> list[Wheel]:
    """Every wheel in a folder."""
    return [Wheel(path) for path in sorted(folder.glob("*.whl"))]


def newest(found: Iterable[Wheel]) -> dict[str, Wheel]:
    """The newest wheel of each distribution."""
    by_age = sorted(found, key=lambda wheel: Version(wheel.version))
    return {wheel.distribution: wheel for wheel in by_age}


def read_info(source: str) -> dict[str, Any]:
    """The dict that a `get_provider_info` written out returns."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Dict):
            found = ast.literal_eval(node.value)
            return found if isinstance(found, dict) else {}
    return {}


def ordered(specifier: str) -> str:
    """A specifier with its clauses in order, so that equal ones look alike."""
    clauses = str(SpecifierSet(specifier)).split(",") if specifier else []
    return ",".join(sorted(clauses, key=lambda clause: (clause[:1] != ">", clause)))
