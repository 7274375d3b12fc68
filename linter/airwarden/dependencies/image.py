"""Which lists a Dockerfile installs, where it installs some and leaves others alone."""

from __future__ import annotations

from collections.abc import Sequence

from airwarden.dependencies.declarations import DependencyList

_AIRFLOW = frozenset({"apache-airflow", "apache-airflow-core"})


def image_of(lists: Sequence[DependencyList]) -> DependencyList | None:
    """The one Dockerfile that makes an image of Airflow from lists of its own, and installs no project; None
    where there is none, where several do, or where it can't be read in full.
    """
    images = [each for each in lists if each.kind == "image" and _makes_airflow(each)]
    is_clear = len(images) == 1 and bool(images[0].includes) and not images[0].is_open
    return images[0] if is_clear and not any(each.installs_project for each in lists) else None


def installed_lists(lists: tuple[DependencyList, ...]) -> tuple[DependencyList, ...]:
    """The lists without those of projects around such a Dockerfile."""
    image = image_of(lists)
    if image is None:
        return lists
    return tuple(each for each in lists if each.kind != "project" or not image.path.startswith(each.folder))


def _makes_airflow(image: DependencyList) -> bool:
    return image.builds_airflow or any(each.name in _AIRFLOW for each in image.declarations)
