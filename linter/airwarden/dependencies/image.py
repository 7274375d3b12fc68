"""Which lists a Dockerfile installs, where it installs some and leaves others alone."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from airwarden.dependencies.declarations import DependencyList
from airwarden.distributions.names import AIRFLOW


def image_of(lists: Sequence[DependencyList], project: DependencyList) -> DependencyList | None:
    """The one Dockerfile that makes an image of Airflow from lists of its own and leaves the project around
    it alone; None where there is none, or where several do. It is open where it installs a file that can't be
    read.
    """
    images = [each for each in lists if each.kind == "image" and _makes_airflow(each)]
    if len(images) != 1 or not (images[0].includes or images[0].is_open):
        return None
    around = [each for each in lists if each.path.startswith(project.folder)]
    return images[0] if images[0] in around and not any(each.installs_project for each in around) else None


def installed_lists(lists: tuple[DependencyList, ...]) -> tuple[DependencyList, ...]:
    """The lists without those of projects around such a Dockerfile."""
    return tuple(each for each in lists if each.kind != "project" or image_of(lists, each) is None)


def built_without(lists: Sequence[DependencyList], listed: DependencyList) -> DependencyList | None:
    """The first Dockerfile around a list that makes an image of Airflow, where all of them leave the list
    alone; None where one installs it, or may do so.
    """
    around = [each for each in lists if each.kind == "image" and _is_around(each, listed)]
    making = [each for each in around if _makes_airflow(each) or _installs_airflow(each, listed)]
    is_left = all(_leaves_alone(each, listed, lists) for each in making)
    return making[0] if making and is_left else None


def _is_around(image: DependencyList, listed: DependencyList) -> bool:
    return image.path.startswith(listed.folder) or listed.path.startswith(image.folder)


def _installs_airflow(image: DependencyList, listed: DependencyList) -> bool:
    """Whether a Dockerfile installs a project that may be this one, which has Airflow for more than work."""
    return image.installs_project and any(each.group not in listed.idle_groups for each in listed.ours)


def _leaves_alone(image: DependencyList, listed: DependencyList, lists: Sequence[DependencyList]) -> bool:
    """Whether a Dockerfile surely installs neither a list nor what may be made of it."""
    if image.is_open or image.installs_project or (image.includes and listed.kind == "requirements"):
        return False
    if any(fnmatchcase(listed.path.rpartition("/")[2], name) for name in image.files):
        return False
    included = [each for each in lists if each.path in image.includes]
    taken_in = {image.path, *image.includes, *(each.region.path for each in image.declarations)}
    return listed.path not in taken_in and not any(each.is_compiled for each in included)


def _makes_airflow(image: DependencyList) -> bool:
    return image.builds_airflow or any(each.name in AIRFLOW for each in image.declarations)
