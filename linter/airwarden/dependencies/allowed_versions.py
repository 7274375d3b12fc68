"""Which versions of a distribution may get installed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from airwarden.dependencies.build_files import Version
from airwarden.dependencies.declarations import Declaration, DependencyList
from airwarden.dependencies.effective import AIRFLOW, Dependencies, version_of
from airwarden.dependencies.provisions import Exclusion, Span
from airwarden.dependencies.reader import is_lock
from airwarden.dependencies.specifiers import allowed, allows_series, has_lower_bound
from airwarden.distributions.names import Need, is_provider
from airwarden.distributions.releases import Release, releases

_MAJORS = range(30)


def span(dependencies: Dependencies, distribution: str, path: str) -> Span | None:
    """The versions of a distribution that the file at `path` may get; None where nothing tells.

    Only the list that speaks for the file is asked, and the lock files and constraints beside it. What a base
    image has already, it keeps unless the list asks for another version.
    """
    listed, scope = dependencies.nearest(path), dependencies.scope(path)
    known = [each.version for each in releases(distribution) if _runs(each, dependencies)]
    if listed is None or not known:
        return None
    counted = [each for each in listed.declarations if each in scope.counted]
    named = tuple(each for each in counted if distribution in scope.named_by([each]))
    pins = _pins(distribution, listed, dependencies)
    if not named:
        return None
    if pins:
        pinned = [version for text in pins for version in allowed([text], known)]
        return Span(latest(pinned), None, True, named) if pinned else None
    found = _free_span([each for each in named if each.name == distribution], known, named)
    if found is None or not dependencies.is_in_image(Need(distribution), path):
        return found
    return replace(found, oldest=None) if any(each.versions for each in named) else None


def _free_span(
    own: Sequence[Declaration], known: Sequence[str], named: tuple[Declaration, ...]
) -> Span | None:
    """The span that declarations leave where nothing is pinned; each file is an environment of its own."""
    by_file = [[each.versions for each in own if each.region.path == file] for file in _paths(own)]
    spans = [(allowed(texts, known), any(map(has_lower_bound, texts))) for texts in by_file or [[]]]
    found = [(versions, bounded) for versions, bounded in spans if versions]
    if not found:
        return None
    oldest = latest([versions[0] for versions, _ in found]) if all(each for _, each in found) else None
    return Span(latest([versions[-1] for versions, _ in found]), oldest, False, named)


def _pins(distribution: str, listed: DependencyList, dependencies: Dependencies) -> set[str]:
    """The versions that lock files and constraints beside a list name."""
    locks = [each for each in dependencies.traces if is_lock(each.path)]
    beside = [each for each in (*locks, *dependencies.constraints) if each.folder == listed.folder]
    limits = (declared for each in beside for declared in each.declarations)
    return {each.versions for each in limits if each.name == distribution and each.versions}


def _runs(release: Release, dependencies: Dependencies) -> bool:
    """Whether a release runs on the Airflow that an image built today gets; yes where that is unknown."""
    if not dependencies.airflows or not release.airflow:
        return True
    return any(
        allows_series(release.airflow, f"{major}.{minor}") for major, minor in dependencies.built_airflows
    )


def _paths(declarations: Sequence[Declaration]) -> list[str]:
    return list(dict.fromkeys(each.region.path for each in declarations))


def latest(versions: Sequence[str]) -> str:
    """The last of some versions."""
    from packaging.version import Version as Parsed

    return max(versions, key=Parsed)


def has_major(dependencies: Dependencies, distribution: str, major: int, airflow: Version) -> bool | None:
    """Whether the installed `distribution` is of version `major` or a later one, all of which need
    Airflow `airflow`; None where no file tells. Those of Airflow 3 are taken to have it.
    """
    found = _majors(dependencies, distribution)
    if found and min(found) >= major:
        return True
    newest = max(dependencies.airflows, default=airflow)
    if (found and max(found) < major) or newest < airflow:
        return False
    return True if dependencies.series == {"3"} else None


def _majors(dependencies: Dependencies, distribution: str) -> frozenset[int]:
    """The major versions of a distribution that declarations leave room for; none where none tells."""
    lists = (*dependencies.lists, *dependencies.traces)
    declared = (each for listed in lists for each in listed.declarations)
    specifiers = {each.versions for each in declared if each.name == distribution and each.versions}
    return frozenset(
        major for major in _MAJORS if any(allows_series(text, str(major)) for text in specifiers)
    )


def exclusions(dependencies: Dependencies) -> Iterator[Exclusion]:
    """The declared providers of which no allowed version runs on any allowed Airflow."""
    for listed in dependencies.lists:
        airflow = [each for each in listed.declarations if each.name in AIRFLOW and each.versions]
        for declared in listed.declarations:
            if declared.versions and is_provider(declared.name) and declared.region.path == listed.path:
                yield from _exclusion(declared, airflow, _airflows_of(listed, dependencies))


def _airflows_of(listed: DependencyList, dependencies: Dependencies) -> frozenset[Version]:
    """The versions of Airflow that a list's own text names, or a Dockerfile that installs it."""
    images = (each.airflows for each in dependencies.lists if listed.path in each.includes)
    return listed.airflows.union(*images)


def _exclusion(
    declared: Declaration, airflow: Sequence[Declaration], airflows: frozenset[Version]
) -> Iterator[Exclusion]:
    versions = [each.version for each in releases("apache-airflow")]
    found = allowed([each.versions for each in airflow], versions) if airflow else ()
    if not airflow:
        found = tuple(each for each in versions if version_of(each) in airflows)
    known = releases(declared.name)
    chosen = set(allowed([declared.versions], [each.version for each in known]))
    candidates = [each for each in known if each.version in chosen]
    if found and candidates and not any(allowed([each.airflow], found) for each in candidates):
        region = airflow[0].region if airflow else None
        shown = airflow[0].versions if airflow else found[-1]
        yield Exclusion(declared, candidates[-1].airflow, shown, region)
