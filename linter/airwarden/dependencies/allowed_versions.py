"""Which versions of a distribution may get installed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from airwarden.dependencies.build_files import Version
from airwarden.dependencies.declarations import Declaration, DependencyList
from airwarden.dependencies.effective import Dependencies, version_of
from airwarden.dependencies.provisions import Exclusion, Span
from airwarden.dependencies.reader import is_lock
from airwarden.dependencies.specifiers import allowed, allows_series, has_lower_bound, parsed
from airwarden.distributions.names import AIRFLOW, Need, is_provider
from airwarden.distributions.releases import releases

_MAJORS = range(30)


def span(dependencies: Dependencies, distribution: str, path: str) -> Span | None:
    """The versions of a distribution that the file at `path` may get; None where nothing tells.

    Only the list that speaks for the file is asked, and the lock files and constraints beside it. What a base
    image has already, it keeps unless the list asks for another version.
    """
    listed, scope = dependencies.nearest(path), dependencies.scope(path)
    known = _running(dependencies, distribution)
    if listed is None or not known:
        return None
    ours = frozenset(listed.declarations)
    named = tuple(each for each in scope.naming.get(distribution, ()) if each in ours)
    if not named:
        return None
    limits = _limits(distribution, listed, dependencies)
    if any(text.startswith("==") for text in limits):
        pinned = [version for text in limits for version in allowed([text], known)]
        return Span(latest(pinned), None, True, False, named) if pinned else None
    own = [each for each in named if each.name == distribution]
    found = _free_span(own, allowed(limits, known), named)
    is_there = dependencies.is_in_image(Need(distribution), path)
    if found is None or (is_there and not any(each.versions for each in named)):
        return None
    if found.pinned:
        return found
    images = [each for each in dependencies.lists if listed.path in each.includes]
    is_limited = is_there or any(each.is_constrained for each in (listed, *images))
    is_whole = any(each.name in AIRFLOW for each in listed.declarations)
    oldest = None if is_limited else found.oldest
    return replace(found, oldest=oldest, free=is_whole and not is_limited)


def _free_span(
    own: Sequence[Declaration], known: Sequence[str], named: tuple[Declaration, ...]
) -> Span | None:
    """The span that declarations leave where nothing is pinned; each file is an environment of its own."""
    by_file = [[each.versions for each in own if each.region.path == file] for file in _paths(own)]
    if any(parsed(text) is None for texts in by_file for text in texts):
        return None
    known = _with_pins(known, [text for texts in by_file for text in texts])
    spans = [(allowed(texts, known), any(map(has_lower_bound, texts))) for texts in by_file or [[]]]
    found = [(versions, bounded) for versions, bounded in spans if versions]
    if not found:
        return None
    oldest = latest([versions[0] for versions, _ in found]) if all(each for _, each in found) else None
    newest = latest([versions[-1] for versions, _ in found])
    return Span(newest, oldest, oldest == newest and _is_pinned(own), True, named)


def _with_pins(known: Sequence[str], texts: Sequence[str]) -> Sequence[str]:
    """The known versions, and those that are asked for exactly though nothing is known of them."""
    from packaging.version import Version as Parsed

    pins = {text.lstrip("= ") for text in texts if text.startswith("==") and "*" not in text}
    unknown = [pin for pin in pins if "," not in pin and pin not in known]
    try:
        return sorted([*known, *unknown], key=Parsed) if unknown else known
    except ValueError:
        return known


def _is_pinned(own: Sequence[Declaration]) -> bool:
    return all(each.versions.startswith("==") and "*" not in each.versions for each in own)


def _limits(distribution: str, listed: DependencyList, dependencies: Dependencies) -> set[str]:
    """What lock files and constraints beside a list say of the version."""
    locks = [each for each in dependencies.traces if is_lock(each.path)]
    beside = [each for each in (*locks, *dependencies.constraints) if each.folder == listed.folder]
    limits = (declared for each in beside for declared in each.declarations)
    return {each.versions for each in limits if each.name == distribution and each.versions}


def _running(dependencies: Dependencies, distribution: str) -> Sequence[str]:
    """The versions that run on the Airflow that an image built today gets; all where that is unknown."""
    airflows = dependencies.built_airflows if dependencies.airflows else frozenset[Version]()
    return _compatible(distribution, airflows)


@lru_cache(maxsize=512)
def _compatible(distribution: str, airflows: frozenset[Version]) -> tuple[str, ...]:
    series = [f"{major}.{minor}" for major, minor in airflows]
    return tuple(
        each.version
        for each in releases(distribution)
        if not series or not each.airflow or any(allows_series(each.airflow, one) for one in series)
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
