"""Packages that are no providers, and may be there though nobody declares them."""

from __future__ import annotations

import re
from functools import cache

from airwarden.distributions.names import Need, is_provider
from airwarden.distributions.tables import rows
from airwarden.needs.use import Use
from airwarden.repo import Repo


def may_come_along(use: Use, has_image: bool, repo: Repo) -> bool:
    """Whether a package may be there all the same: in the image, with one that depends on it, or as one that
    does in its place. `has_image` tells that the place leads to an image of Airflow.

    Of providers the first two are known otherwise.
    """
    needed = use.need.distribution
    if is_provider(needed):
        return any(_is_there(each, repo) for each in use.instead)
    dependencies = repo.dependencies
    nearest = dependencies.nearest(use.region.path)
    if nearest is None or (nearest.kind != "project" and (has_image or dependencies.images)):
        return True
    return any(_is_there(each, repo) for each in (needed, *use.instead))


def _is_there(distribution: str, repo: Repo) -> bool:
    """Whether files declare a package, name it where they install some, or have one that brings it along."""
    dependencies = repo.dependencies
    needs = (Need(distribution), *_bringing().get(distribution, ()))
    if any(dependencies.declares(each.distribution, each.extra) for each in needs):
        return True
    texts = (each for each in (*dependencies.lists, *dependencies.traces) if each.kind in ("image", "trace"))
    names = {each.distribution for each in needs if not each.extra}
    return any(_names(repo.source(each.path).text, name) for each in texts for name in names)


def _names(text: str, distribution: str) -> bool:
    """Whether a text names a distribution, and not as a key or as the value of something."""
    found = re.finditer(rf"(?<![\w-]){re.escape(distribution)}(?![\w-]|[\"']?\s*:)", text)
    return not all(re.search(r"[=:]\s*[\"']?\Z", text[: match.start()]) for match in found)


@cache
def _bringing() -> dict[str, tuple[Need, ...]]:
    """What is known to bring each package along, or to do in its place."""
    found: dict[str, tuple[Need, ...]] = {}
    for row in rows("brought_along"):
        found[row["distribution"]] = (*found.get(row["distribution"], ()), Need.parse(row["brought_by"]))
    return found
