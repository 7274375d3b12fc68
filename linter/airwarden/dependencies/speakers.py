"""Which of several dependency files speaks for a file: what its image holds, and where more belongs."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from pathlib import PurePosixPath

from airwarden.dependencies.declarations import DependencyList, main_of
from airwarden.dependencies.specifiers import allows_series
from airwarden.distributions.names import AIRFLOW, is_provider
from airwarden.findings import Region
from airwarden.patterns import regex

_MANY = 3
"""From so many providers on, a list is taken to be the list of all of them."""
_ADDED = regex(r"extra|addition", re.IGNORECASE)
_SAMPLES = frozenset({"example", "examples", "sample", "samples", "template", "templates", "tutorials"})


def speaker(lists: Sequence[DependencyList], path: str, is_named: bool) -> DependencyList | None:
    """The list in the nearest folder above a file. Where none is above, one from elsewhere speaks, unless
    several projects of their own could, and none `is_named` by the settings.
    """
    ours = [each for each in lists if _speaks(each, path)]
    folders = PurePosixPath(path).parts[:-1]
    depths = [_shared(each, folders) for each in ours]
    deepest = max(depths, default=0)
    candidates = [each for each, depth in zip(ours, depths, strict=True) if depth == deepest]
    above = [each for each in candidates if len(each.home) == deepest]
    if not above and not is_named and len(_projects(candidates, folders)) > 1:
        return None
    found = min(above or candidates, key=_precedence, default=None)
    return None if found is None or found.is_open or _is_of_airflow_1(found) else found


def is_addition(listed: DependencyList) -> bool:
    """Whether a list adds to an image that has Airflow already: by its name, or as it names neither Airflow
    nor more than one or two providers.
    """
    if listed.kind != "requirements" or any(each.name in AIRFLOW for each in listed.declarations):
        return False
    providers = {each.name for each in listed.declarations if is_provider(each.name)}
    return len(providers) < _MANY or _ADDED.search(PurePosixPath(listed.path).stem) is not None


def place_in(nearest: DependencyList, idle: Container[str] = ()) -> Region | None:
    """Where a further requirement belongs: in the file that names Airflow itself, where that is included.
    None where Airflow is named in groups alone that are `idle`.
    """
    own = [each for each in nearest.ours if each.region.path == nearest.path]
    first = main_of(own or nearest.ours)
    if first is not None and first.group in idle:
        return None
    return nearest.region if own or first is None else first.region


def _speaks(listed: DependencyList, path: str) -> bool:
    """Whether a list may tell what the image holds: not a file for work alone, nor a sample."""
    if not listed.names_airflow or (not path.startswith(listed.folder) and _is_sample(listed.folder)):
        return False
    is_for_work = listed.kind == "requirements" and bool(listed.idle_groups)
    return not is_for_work or any(each.group not in listed.idle_groups for each in listed.ours)


def _is_sample(folder: str) -> bool:
    return not _SAMPLES.isdisjoint(folder.split("/"))


def _is_of_airflow_1(listed: DependencyList) -> bool:
    """Whether a list asks for an Airflow before 2, which had no providers."""
    asked = [each.versions for each in listed.declarations if each.name in AIRFLOW and each.versions]
    return bool(asked) and not any(allows_series(text, major) for text in asked for major in "23")


def _shared(listed: DependencyList, folders: Sequence[str]) -> int:
    """How many of its own folders a dependency file has in common with another file."""
    for depth, (one, other) in enumerate(zip(listed.home, folders, strict=False)):
        if one != other:
            return depth
    return min(len(listed.home), len(folders))


def _projects(candidates: Sequence[DependencyList], folders: Sequence[str]) -> set[str]:
    """The folders, side by side, that hold the candidates; a Dockerfile alone makes no project."""
    files = [each for each in candidates if each.kind != "image"] or candidates
    return {each.home[_shared(each, folders)] for each in files}


def _precedence(listed: DependencyList) -> tuple[bool, int, bool, int, str]:
    """Which of several lists in one folder a need belongs in: a source before what is compiled from it."""
    kind = ("project", "requirements", "image", "trace").index(listed.kind)
    is_idle = bool(listed.idle_groups) and not any(not each.group for each in listed.declarations)
    return is_idle, kind, not listed.path.endswith(".in"), -len(listed.ours), listed.path
