"""Reads every file of a repository that declares, or tells, what gets installed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import PurePosixPath
from typing import Protocol

from airwarden.dependencies import build_files
from airwarden.dependencies.build_files import Version
from airwarden.dependencies.declarations import DependencyList, Kind, file_group, flat_list
from airwarden.dependencies.pyproject import read_pipfile, read_pixi, read_pyproject
from airwarden.dependencies.requirements import read_requirements, read_setup_cfg
from airwarden.findings import Region
from airwarden.patterns import regex
from airwarden.source import Gone, Source, Unreadable
from airwarden.toml_file import TomlFile

MAX_INCLUDED = 100
"""How many files a list may include, itself or by others; with more it counts as open. People have five."""

_REQUIREMENTS = regex(r"(?:.*[-_.])?requirements?(?:[-_.].*)?\.(?:txt|in|pip)", re.IGNORECASE)
_UNINSTALLED = regex(r"uninstall", re.IGNORECASE)
_CONSTRAINTS = regex(r".*constraints?.*\.txt", re.IGNORECASE)
_DOCKERFILE = regex(r"(?:Docker|Container)file(?:[-_.].*)?|.*\.(?:docker|container)file", re.IGNORECASE)
_ENVIRONMENT = regex(r"(?:.*[-_.])?(?:environment|conda)(?:[-_.].*)?\.ya?ml", re.IGNORECASE)
_LOCK_FILES = frozenset({"poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock", "pylock.toml"})
_TRACES = regex(r".*\.(?:ya?ml|tf|sh|bash|mk|env)|\.env.*|(?:GNU)?[Mm]akefile|[Jj]ustfile")
_PROJECTS = ("pyproject.toml", "Pipfile", "pixi.toml", "setup.cfg", "setup.py")


class Files(Protocol):
    """The files of a repository."""

    @property
    def files(self) -> tuple[str, ...]:
        """Every path."""
        ...

    def source(self, path: str) -> Source:
        """The text of one. Raises `Unreadable`."""
        ...


def kind_of(path: str) -> Kind | None:
    """What a file is, judged by its path."""
    folder, _, name = path.rpartition("/")
    if name == "requirements":
        return "requirements"
    if name in _PROJECTS or _ENVIRONMENT.fullmatch(name):
        return "project"
    if _CONSTRAINTS.fullmatch(name):
        return "constraints"
    if _REQUIREMENTS.fullmatch(name) or (_is_called_requirements(folder) and name.endswith((".txt", ".in"))):
        return None if _UNINSTALLED.search(name) else "requirements"
    if _DOCKERFILE.fullmatch(name):
        return "image"
    return "trace" if is_lock(name) or _TRACES.fullmatch(name) else None


def _is_called_requirements(folder: str) -> bool:
    return folder.rpartition("/")[2] == "requirements"


def is_lock(path: str) -> bool:
    """Whether a file is the lock of a whole environment."""
    return path.rpartition("/")[2] in _LOCK_FILES


class Reader:
    """Reads the files one by one, and gathers what they tell of the image by the way.

    `images` are the base images and managed services in use, each where it is named first; `versions` those
    of Airflow and `pythons` those of Python that files name. `unreadable` are the dependency files that can't
    be read as what they are; `is_blind` where one of them may speak of Airflow.
    """

    def __init__(self, files: Files, named: Sequence[str] = ()) -> None:
        self.files = files
        self._named = frozenset(named)
        self._known = frozenset(files.files)
        self.images: dict[str, Region] = {}
        self.versions: set[Version] = set()
        self.pythons: set[str] = set()
        self.unreadable: list[Unreadable] = []
        self.is_blind = False
        self._lists: dict[str, DependencyList] = {}

    def all_lists(self) -> list[DependencyList]:
        """Every dependency file and trace, with what each includes."""
        for path in self.files.files:
            service = build_files.service_of(path)
            if service is not None:
                self.images.setdefault(service, Region(path, 1, 1, 1, 1))
            kind = kind_of(path) or ("requirements" if path in self._named else None)
            if kind is not None:
                self._read(path, kind)
        return [self._with_includes(each) for each in list(self._lists.values())]

    def _read(self, path: str, kind: Kind) -> None:
        try:
            source = self.files.source(path)
        except Unreadable as failure:
            if kind != "trace" and not isinstance(failure, Gone):
                self.unreadable.append(failure)
                self.is_blind = True
            return
        if kind == "trace" and not is_lock(path) and not build_files.is_of_interest(source):
            return
        try:
            self._lists[path] = self._list(source, kind)
        except Unreadable as failure:
            self.unreadable.append(failure)
            self.is_blind |= "airflow" in source.text

    def _list(self, source: Source, kind: Kind) -> DependencyList:
        name = PurePosixPath(source.path).name
        if is_lock(name):
            self.versions.update(build_files.locked_versions(source))
            return flat_list(kind, source, build_files.locked(source))
        found = self._by_kind(source, kind, name)
        airflows = frozenset(build_files.versions(source))
        self.versions |= airflows
        is_list = kind not in ("trace", "constraints") or source.path in self._named
        return replace(
            found,
            airflows=airflows,
            is_compiled=is_list and build_files.is_compiled(source),
            is_constrained=is_list and build_files.is_constrained(source),
        )

    def _by_kind(self, source: Source, kind: Kind, name: str) -> DependencyList:
        if name == "pyproject.toml":
            return read_pyproject(TomlFile.read(source))
        if name == "Pipfile":
            return read_pipfile(TomlFile.read(source))
        if name == "pixi.toml":
            return read_pixi(TomlFile.read(source))
        if name == "setup.cfg":
            return read_setup_cfg(source)
        if kind in ("requirements", "constraints"):
            return replace(read_requirements(source), kind=kind)
        if kind == "image":
            return self._dockerfile(source)
        for image, region in build_files.named_images(source):
            self.images.setdefault(image, region)
        return flat_list(kind, source, build_files.mentions(source))

    def _dockerfile(self, source: Source) -> DependencyList:
        bases = list(build_files.base_images(source))
        for image, region in bases:
            self.images.setdefault(image, region)
        self.pythons |= build_files.pythons(source)
        found = flat_list("image", source, build_files.mentions(source))
        paths = [self._in_context(source.path, names) for names in build_files.installed_files(source)]
        found = replace(
            found,
            includes=tuple(path for path in paths if path is not None),
            is_open=None in paths or build_files.installs_unknown(source),
            installed=build_files.installed_groups(source),
            installs_project=build_files.installs_project(source),
            files=build_files.named_files(source),
        )
        ours = [region for image, region in bases if image != build_files.UNKNOWN]
        if not ours:
            return found
        return replace(found, builds_airflow=True, region=found.region if found.names_airflow else ours[0])

    def _in_context(self, dockerfile: str, names: Iterable[str]) -> str | None:
        """The file that a Dockerfile copies, whatever folder above it the image is built from."""
        folders = PurePosixPath(dockerfile).parents
        paths = ((folder / name).as_posix() for name in names for folder in folders)
        return next((path for path in paths if path in self._known), None)

    def _with_includes(self, listed: DependencyList) -> DependencyList:
        """A list with all that the files it includes declare; open where one of them is not there."""
        included = list(islice(self._included(listed), MAX_INCLUDED + 1))
        if not included:
            return listed
        group = file_group(listed.path) if listed.kind == "requirements" else ""
        more = [replace(each, group=group) for _, other in included if other for each in other.declarations]
        is_open = len(included) > MAX_INCLUDED or any(other is None for _, other in included)
        declarations = (*listed.declarations, *more)
        return replace(listed, declarations=declarations, is_open=listed.is_open or is_open)

    def _included(self, listed: DependencyList) -> Iterator[tuple[str, DependencyList | None]]:
        pending, seen = list(listed.includes), {listed.path}
        while pending:
            path = pending.pop()
            if path in seen:
                continue
            seen.add(path)
            if path not in self._lists and path in self._known:
                self._read(path, "requirements")
            included = self._lists.get(path)
            yield path, included
            pending.extend(included.includes if included else ())
