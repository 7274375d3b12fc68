"""Fixes that write what is missing into the dependencies."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from airwarden.dependencies.allowed_versions import latest
from airwarden.dependencies.declarations import Declaration
from airwarden.distributions.lifetimes import argument_since, lifetime
from airwarden.findings import Edit, Fix, Region
from airwarden.needs.shortfalls import Shortfall
from airwarden.needs.use import Use
from airwarden.patterns import regex
from airwarden.repo import Repo
from airwarden.source import Source, Unreadable

if TYPE_CHECKING:
    from airwarden.needs.found import Found

_PLAIN = regex(r"(?:[<>=!~]=|[<>])[\w.*]+(?:,(?:[<>=!~]=|[<>])[\w.*]+)*")
"""Versions as PEP 440 writes them, without blanks."""


def since(use: Use | Found) -> str | None:
    """The first version of its distribution that has what a place uses; None where all have it."""
    if use.argument:
        return argument_since(use.member, use.argument)
    found = lifetime(use.member) if use.member else None
    return found.since or None if found else None


def until(use: Use | Found) -> str | None:
    """The first version of its distribution that has what a place uses no more; None where all have it."""
    found = lifetime(use.member) if use.member and not use.argument else None
    return found.until or None if found else None


def requirement(shortfall: Shortfall) -> str:
    """What to add to the dependencies, with the versions that are declared for developers, or else a lower
    bound where something that is used asks for one.
    """
    need, bound = shortfall.provision.need, newest_since(shortfall.uses)
    own = {each.versions for each in shortfall.provision.declarations if each.name == need.distribution}
    written = next(iter(own)) if len(own) == 1 else ""
    if shortfall.provision.how == "outside" and _PLAIN.fullmatch(written):
        return f"{need}{written}"
    return f"{need}>={bound}" if bound else str(need)


def newest_since(uses: Iterable[Use]) -> str | None:
    """The first version that has all of what some places use."""
    versions = [version for version in map(since, uses) if version]
    return latest(versions) if versions else None


def addition(shortfall: Shortfall, repo: Repo) -> Fix | None:
    """Adds a requirement to the list that speaks for the file."""
    place, text = shortfall.provision.place, requirement(shortfall)
    if place is None:
        return None
    from airwarden.dependencies.additions import added

    return _safe_fix(f"add {text} to {place.path}", place, repo, lambda source: added(source, text, place))


def extra(declared: Declaration, name: str, repo: Repo) -> Fix | None:
    """Adds an extra to a declaration."""
    from airwarden.dependencies.additions import with_extra

    place = declared.region
    title = f"add the extra {name} in {place.path}"
    return _safe_fix(title, place, repo, lambda source: with_extra(source, place, name))


def raised(declared: Declaration, version: str, repo: Repo) -> Fix | None:
    """Raises the lower bound of a declaration."""
    from airwarden.dependencies.additions import with_lower_bound

    place = declared.region
    title = f"ask for {declared.name}>={version} in {place.path}"
    return _safe_fix(title, place, repo, lambda source: with_lower_bound(source, place, version))


def _safe_fix(
    title: str, place: Region, repo: Repo, edits_in: Callable[[Source], tuple[Edit, ...]]
) -> Fix | None:
    """A fix in the file of a place; None where that can't be read or needs no edit."""
    try:
        edits = edits_in(repo.source(place.path))
    except Unreadable:
        return None
    return Fix(title, edits, safe=True) if edits else None
