"""Which lists a Dockerfile installs, where it installs some and leaves others alone."""

from __future__ import annotations

from collections.abc import Sequence

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


def _makes_airflow(image: DependencyList) -> bool:
    return image.builds_airflow or any(each.name in AIRFLOW for each in image.declarations)
