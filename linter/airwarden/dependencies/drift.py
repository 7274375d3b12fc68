"""Drift: what a project declares and its image, built from something else, does not get."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from airwarden.dependencies import build_files
from airwarden.dependencies.declarations import Declaration, DependencyList
from airwarden.dependencies.effective import Dependencies
from airwarden.dependencies.image import image_of
from airwarden.dependencies.reader import is_lock
from airwarden.dependencies.scopes import Scope
from airwarden.dependencies.specifiers import allowed
from airwarden.distributions.extras import in_image, preinstalled
from airwarden.distributions.names import is_airflow, is_provider
from airwarden.distributions.releases import releases
from airwarden.findings import Region
from airwarden.records import dataclass

_SOURCES = ("pyproject.toml", "Pipfile")


@dataclass(frozen=True)
class Drift:
    """A declaration of a project, and the file that disagrees: it lacks the distribution where `versions` is
    empty, else it has none of the versions that are declared.
    """

    declared: Declaration
    other: Region
    versions: str = ""


def drifts(dependencies: Dependencies) -> Iterator[Drift]:
    """Where a project disagrees with what its image is built from, with its lock file or its constraints."""
    for project in dependencies.lists:
        if PurePosixPath(project.path).name in _SOURCES and not project.is_open:
            ours = list(_own(project))
            found = list(_against_image(project, ours, dependencies))
            found += _against_lock(project, ours, dependencies)
            found += _against_constraints(project, ours, dependencies)
            first: dict[Declaration, Drift] = {}
            for each in found:
                first.setdefault(each.declared, each)
            yield from first.values()


def _own(project: DependencyList) -> Iterator[Declaration]:
    for each in project.declarations:
        if not each.group and is_airflow(each.name) and each.region.path == project.path:
            yield each


def _against_image(
    project: DependencyList, ours: Sequence[Declaration], dependencies: Dependencies
) -> Iterator[Drift]:
    image = image_of(dependencies.lists, project)
    if image is None or image.is_open or build_files.UNKNOWN in dependencies.images:
        return
    given = Scope((image,), (), dependencies.built_airflows, dependencies.pythons)
    for declared in ours:
        same = [each for each in image.declarations if each.name == declared.name]
        if is_provider(declared.name) and not same and not _is_given(declared, given, dependencies):
            yield Drift(declared, _list_of(image))
        yield from _other_versions(declared, same)


def _list_of(image: DependencyList) -> Region:
    """What an image is built from: the first file that it installs, where there is one."""
    return next((each.region for each in image.declarations if each.region.path != image.path), image.region)


def _is_given(declared: Declaration, given: Scope, dependencies: Dependencies) -> bool:
    name = declared.name
    if given.gives_all or name in given.direct or name in given.brought:
        return True
    bases = [each for each in dependencies.images if each != build_files.UNKNOWN]
    return any(
        name in preinstalled(one) or any(name in in_image(base, one) for base in bases)
        for one in dependencies.built_airflows
    )


def _against_lock(
    project: DependencyList, ours: Sequence[Declaration], dependencies: Dependencies
) -> Iterator[Drift]:
    locks = [each for each in dependencies.traces if is_lock(each.path) and each.folder == project.folder]
    for lock in locks:
        if not lock.names_airflow:
            continue
        for declared in ours:
            same = [each for each in lock.declarations if each.name == declared.name]
            if not same and not declared.marker:
                yield Drift(declared, lock.region)
            yield from _other_versions(declared, same)


def _against_constraints(
    project: DependencyList, ours: Sequence[Declaration], dependencies: Dependencies
) -> Iterator[Drift]:
    for listed in dependencies.constraints:
        if listed.folder == project.folder:
            for declared in ours:
                yield from _other_versions(
                    declared, [each for each in listed.declarations if each.name == declared.name]
                )


def _other_versions(declared: Declaration, same: Sequence[Declaration]) -> Iterator[Drift]:
    """Whether none of the versions that are declared is among those of the other declarations."""
    limits = [each for each in same if each.versions]
    if not declared.versions or not limits:
        return
    pins = (each.versions.removeprefix("==") for each in limits if each.versions.startswith("=="))
    known = dict.fromkeys([*(each.version for each in releases(declared.name)), *pins])
    wanted = allowed([declared.versions], [each for each in known if "*" not in each])
    if wanted and not any(allowed([each.versions], wanted) for each in limits):
        yield Drift(declared, limits[0].region, limits[0].versions)
