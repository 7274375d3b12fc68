"""Dependencies: what the image's dependency files declare, and what is missing from them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product, takewhile
from pathlib import PurePosixPath
from typing import Protocol

from airwarden.dependencies import build_files, declarations
from airwarden.dependencies.build_files import Version
from airwarden.dependencies.declarations import Declaration, DependencyList, Kind
from airwarden.distributions.extras import (
    BOTH,
    Series,
    brought_by,
    by_extra,
    in_image,
    preinstalled,
    provider_named,
)
from airwarden.distributions.names import Need, is_airflow, is_provider
from airwarden.findings import Region, Related
from airwarden.source import Source, Unreadable
from airwarden.toml_file import TomlFile

_REQUIREMENTS = re.compile(r"(?:.*[-_.])?requirements?(?:[-_.].*)?\.(?:txt|in|pip)", re.IGNORECASE)
_NO_REQUIREMENTS = re.compile(r"uninstall|constraint", re.IGNORECASE)
_DOCKERFILE = re.compile(r"(?:Docker|Container)file(?:[-_.].*)?|.*\.(?:docker|container)file", re.IGNORECASE)
_ENVIRONMENT = re.compile(r"(?:.*[-_.])?(?:environment|conda)(?:[-_.].*)?\.ya?ml", re.IGNORECASE)
_LOCK_FILES = frozenset({"poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock"})
_TRACES = re.compile(r".*\.(?:ya?ml|tf|sh|bash|mk|env)|\.env.*|(?:GNU)?[Mm]akefile|[Jj]ustfile")
_UMBRELLAS = frozenset({"all", "all-dbs", "devel", "devel-all", "devel-ci", "devel-hadoop", "all-providers"})
_MAJORS = range(30)
_AIRFLOWS: tuple[Version, ...] = tuple((major, minor) for major in (2, 3) for minor in range(13))
_FAMILIES = ("apache-airflow-providers-", "astronomer-providers", "astro-sdk-python")
"""Distributions whose extras are named after the providers that they install."""


class Files(Protocol):
    """The files of a repository."""

    @property
    def files(self) -> tuple[str, ...]:
        """Every path."""
        ...

    def source(self, path: str) -> Source:
        """The text of one. Raises `Unreadable`."""
        ...


@dataclass(frozen=True)
class Gap:
    """A need that no dependency file meets: the list at `path` should. `related` shows it, and an image that
    happens to meet it.
    """

    need: Need
    path: str
    related: tuple[Related, ...]


@dataclass(frozen=True)
class Dependencies:
    """All declarations of a repository.

    `lists` are the dependency files, `traces` further files that tell what gets installed. `images` are the
    base images and managed services in use, each where it is named first; `versions` those of Airflow that
    any file names. `unreadable` are the dependency files that can't be read as what they are; `is_blind`
    where one of them may speak of Airflow.
    """

    lists: tuple[DependencyList, ...]
    traces: tuple[DependencyList, ...]
    images: dict[str, Region]
    versions: frozenset[Version]
    unreadable: tuple[Unreadable, ...]
    is_blind: bool

    @classmethod
    def read(cls, files: Files) -> Dependencies:
        """Reads every file that declares or tells what gets installed."""
        reader = _Reader(files)
        found = reader.all_lists()
        return cls(
            lists=tuple(each for each in found if each.kind != "trace"),
            traces=tuple(each for each in found if each.kind == "trace"),
            images=reader.images,
            versions=frozenset(reader.versions),
            unreadable=tuple(reader.unreadable),
            is_blind=reader.is_blind,
        )

    def declares(self, distribution: str, extra: str | None = None) -> bool:
        """Whether any file of the repository gives a distribution, or every Airflow it may have does."""
        if self._gives_all:
            return True
        extras = self._given.get(distribution)
        return extras is not None and (not extra or extra in extras or extra in self._given)

    def nearest(self, path: str) -> DependencyList | None:
        """The list that speaks for the file at `path`; None where nothing is known of its image.

        That is the one in the nearest folder above. Where none is above, one from elsewhere speaks,
        unless several projects of their own could.
        """
        if self.is_blind:
            return None
        ours = [each for each in self.lists if each.names_airflow]
        depths = [_shared(each.path, path) for each in ours]
        candidates = [each for each, depth in zip(ours, depths, strict=True) if depth == max(depths)]
        above = [each for each in candidates if _is_above(each.path, path)]
        if not above and len(_projects(candidates, path)) > 1:
            return None
        found = min(above or candidates, key=_precedence, default=None)
        return None if found is None or found.is_open else found

    def gap(
        self, need: Need, path: str, images: Sequence[str] = (), trusts_image: bool = False
    ) -> Gap | None:
        """What is missing for the file at `path`; None where the need is met, or where that is unknown.

        A list that describes a whole environment and names providers is held to name all of them, unless the
        need is one that `trusts_image`. Any other list adds to an image: to `images`, and to those that the
        repository names.
        """
        if self.declares(need.distribution, need.extra):
            return None
        nearest = self.nearest(path)
        if nearest is None:
            return None
        bringing = [image for image in (*images, *self.images) if self._is_in(need, image)]
        if bringing and (trusts_image or not self._is_whole(nearest)):
            return None
        bare = [each for each in nearest.declarations if each.name == need.distribution]
        related = [Related(each.region, f"this lacks the extra {need.extra}") for each in bare[:1]]
        related = related or [Related(nearest.region, "the dependencies are listed here")]
        known = [
            self.images[image] for image in bringing if image in self.images.keys() - {build_files.UNKNOWN}
        ]
        related += [Related(region, "only the base image brings it") for region in known[:1]]
        return Gap(need, nearest.path, tuple(related))

    def _is_in(self, need: Need, image: str) -> bool:
        if image == build_files.UNKNOWN:
            return True
        is_plain = not need.extra or need.extra in self._given
        return is_plain and any(need.distribution in in_image(image, one) for one in self.series)

    def _is_whole(self, listed: DependencyList) -> bool:
        given = self._given_by(listed.declarations)
        return listed.kind == "project" and any(is_provider(name) for name in given)

    @cached_property
    def series(self) -> frozenset[Series]:
        """The series of Airflow that the repository may run on."""
        majors = {str(major) for major, _ in self._airflows}
        return frozenset(one for one in BOTH if one in majors) or BOTH

    @property
    def oldest_airflow(self) -> Version | None:
        """The oldest version of Airflow that the repository may run on; None where no file tells."""
        return min(self._airflows, default=None)

    def airflow_allows(self, versions: Sequence[str]) -> bool:
        """Whether a dependency list declares Airflow in a way that leaves room for one of these versions."""
        return any(_allows_any(text, versions) for text in self._airflow_specifiers)

    def has_major(self, distribution: str, major: int, airflow: Version) -> bool | None:
        """Whether the installed `distribution` is of version `major` or a later one, all of which need
        Airflow `airflow`; None where no file tells. Those of Airflow 3 are taken to have it.
        """
        found = self._majors(distribution)
        if found and min(found) >= major:
            return True
        newest = max(self._airflows, default=airflow)
        if (found and max(found) < major) or newest < airflow:
            return False
        return True if self.series == {"3"} else None

    @cached_property
    def _airflows(self) -> frozenset[Version]:
        """The versions of Airflow that files name, or else leave room for; none where none tells."""
        return self.versions or frozenset(
            (major, minor)
            for major, minor in _AIRFLOWS
            if any(_allows(text, f"{major}.{minor}") for text in self._airflow_specifiers)
        )

    @cached_property
    def _airflow_specifiers(self) -> frozenset[str]:
        names = ("apache-airflow", "apache-airflow-core")
        lists = (declared for listed in self.lists for declared in listed.declarations)
        return frozenset(each.versions for each in lists if each.name in names and each.versions)

    def _majors(self, distribution: str) -> frozenset[int]:
        """The major versions of a distribution that declarations leave room for; none where none tells."""
        specifiers = {each.versions for each in self._declared if each.name == distribution and each.versions}
        return frozenset(major for major in _MAJORS if any(_allows(text, str(major)) for text in specifiers))

    @cached_property
    def _declared(self) -> tuple[Declaration, ...]:
        return tuple(declared for each in (*self.lists, *self.traces) for declared in each.declarations)

    @cached_property
    def _gives_all(self) -> bool:
        return any(
            declared.name == "apache-airflow" and not _UMBRELLAS.isdisjoint(declared.extras)
            for declared in self._declared
        )

    @cached_property
    def _given(self) -> dict[str, set[str]]:
        given = self._given_by(self._declared)
        for one in self.series:
            for name in preinstalled(one):
                given.setdefault(name, set())
        return given

    def _given_by(self, declared: Iterable[Declaration]) -> dict[str, set[str]]:
        """Every distribution that declarations install as far as is known, with its extras."""
        given: defaultdict[str, set[str]] = defaultdict(set)
        for each in declared:
            given[each.name] |= each.extras
            for need in self._by_extras(each):
                given[need.distribution] |= {need.extra} - {""}
        pending = list(given)
        while pending:
            for name in brought_by(pending.pop()) - given.keys():
                given[name] = set()
                pending.append(name)
        return dict(given)

    def _by_extras(self, declared: Declaration) -> Iterator[Need]:
        for extra in declared.extras:
            if declared.name == "apache-airflow":
                for one in self.series:
                    yield from by_extra(extra, one)
            elif declared.name.startswith(_FAMILIES):
                named = provider_named(extra)
                yield from [Need(named)] if named else []


class _Reader:
    """Reads the files one by one, and gathers what they tell of the image by the way."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self._known = frozenset(files.files)
        self.images: dict[str, Region] = {}
        self.versions: set[Version] = set()
        self.unreadable: list[Unreadable] = []
        self.is_blind = False
        self._lists: dict[str, DependencyList] = {}

    def all_lists(self) -> list[DependencyList]:
        """Every dependency file and trace, with what each includes."""
        for path in self.files.files:
            service = build_files.service_of(path)
            if service is not None:
                self.images.setdefault(service, Region(path, 1, 1, 1, 1))
            kind = _kind(path)
            if kind is not None:
                self._read(path, kind)
        return [self._with_includes(each) for each in list(self._lists.values())]

    def _read(self, path: str, kind: Kind) -> None:
        try:
            source = self.files.source(path)
        except Unreadable:
            return
        is_lock = PurePosixPath(path).name in _LOCK_FILES
        if kind == "trace" and not is_lock and not build_files.is_of_interest(source):
            return
        try:
            self._lists[path] = self._list(source, kind)
        except Unreadable as failure:
            self.unreadable.append(failure)
            self.is_blind |= "airflow" in source.text

    def _list(self, source: Source, kind: Kind) -> DependencyList:
        name = PurePosixPath(source.path).name
        if name in _LOCK_FILES:
            self.versions.update(build_files.locked_versions(source))
            return declarations.named_list(kind, source, build_files.locked(source))
        self.versions.update(build_files.versions(source))
        if name == "pyproject.toml":
            return declarations.read_pyproject(TomlFile.read(source))
        if name == "Pipfile":
            return declarations.read_pipfile(TomlFile.read(source))
        if name == "setup.cfg":
            return declarations.read_setup_cfg(source)
        if kind == "requirements":
            return declarations.read_requirements(source)
        if kind == "image":
            return self._dockerfile(source)
        for image, region in build_files.named_images(source):
            self.images.setdefault(image, region)
        return declarations.named_list(kind, source, build_files.mentions(source))

    def _dockerfile(self, source: Source) -> DependencyList:
        bases = list(build_files.base_images(source))
        for image, region in bases:
            self.images.setdefault(image, region)
        found = declarations.named_list("image", source, build_files.mentions(source))
        paths = [self._in_context(source.path, names) for names in build_files.installed_files(source)]
        includes = tuple(path for path in paths if path is not None)
        found = replace(found, includes=includes, is_open=None in paths)
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
        found, pending, seen = listed, list(listed.includes), {listed.path}
        while pending:
            path = pending.pop()
            if path in seen:
                continue
            seen.add(path)
            if path not in self._lists:
                self._read_included(path)
            included = self._lists.get(path)
            if included is None:
                found = replace(found, is_open=True)
                continue
            found = replace(found, declarations=(*found.declarations, *included.declarations))
            pending.extend(included.includes)
        return found

    def _read_included(self, path: str) -> None:
        if path in self._known:
            self._read(path, "requirements")


def _kind(path: str) -> Kind | None:
    """What a file is, judged by its path."""
    pure = PurePosixPath(path)
    name = pure.name
    if name in ("pyproject.toml", "Pipfile", "setup.cfg", "setup.py") or _ENVIRONMENT.fullmatch(name):
        return "project"
    if _REQUIREMENTS.fullmatch(name) or (
        pure.parent.name == "requirements" and pure.suffix in (".txt", ".in")
    ):
        return None if _NO_REQUIREMENTS.search(name) else "requirements"
    if _DOCKERFILE.fullmatch(name):
        return "image"
    return "trace" if name in _LOCK_FILES or _TRACES.fullmatch(name) else None


def _home(listed: str) -> tuple[str, ...]:
    """The folder that a dependency file is for."""
    parts = PurePosixPath(listed).parts[:-1]
    return parts[:-1] if parts[-1:] == ("requirements",) else parts


def _shared(listed: str, path: str) -> int:
    """How many folders a dependency file and another file have in common."""
    home, folders = _home(listed), PurePosixPath(path).parts[:-1]
    same = takewhile(lambda pair: pair[0] == pair[1], zip(home, folders, strict=False))
    return sum(1 for _ in same)


def _is_above(listed: str, path: str) -> bool:
    home = _home(listed)
    return PurePosixPath(path).parts[: len(home)] == home


def _projects(candidates: Sequence[DependencyList], path: str) -> set[str]:
    """The folders, side by side, that hold the candidates; a Dockerfile alone makes no project."""
    files = [each for each in candidates if each.kind != "image"] or candidates
    return {_home(each.path)[_shared(each.path, path)] for each in files}


def _precedence(listed: DependencyList) -> tuple[int, bool, int, str]:
    """Which of several lists in one folder a need belongs in: a source before what is compiled from it."""
    kind = ("project", "requirements", "image", "trace").index(listed.kind)
    ours = sum(is_airflow(declared.name) for declared in listed.declarations)
    return kind, not listed.path.endswith(".in"), -ours, listed.path


def _allows_any(specifier: str, versions: Sequence[str]) -> bool:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        return any(True for _ in SpecifierSet(_pep440(specifier)).filter(versions))
    except InvalidSpecifier:
        return False


def _allows(versions: str, series: str) -> bool:
    """Whether a specifier, PEP 440's or Poetry's, allows any version of a major or minor one: `3`, `3.1`."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        specifiers = SpecifierSet(_pep440(versions))
    except InvalidSpecifier:
        return True
    rest = product(range(13), repeat=2 - series.count("."))
    inner = (".".join((series, *map(str, numbers))) for numbers in rest)
    own = [text for text in re.findall(r"\d[\w.]*", versions) if f"{text}.".startswith(f"{series}.")]
    return any(specifiers.contains(version, prereleases=True) for version in (*inner, *own))


def _pep440(versions: str) -> str:
    """Poetry's `^2.7`, `~2.7`, `2.7.3` and `*` in PEP 440's words."""
    return ",".join(_clause(clause.strip()) for clause in versions.split(",") if clause.strip() != "*")


def _clause(clause: str) -> str:
    if clause.startswith("^"):
        return f">={clause[1:]},=={clause[1:].split('.')[0]}.*"
    if clause.startswith("~") and not clause.startswith("~="):
        return f"=={'.'.join(clause[1:].strip().split('.')[:2])}.*"
    return f"=={clause}" if clause[:1].isdigit() else clause
