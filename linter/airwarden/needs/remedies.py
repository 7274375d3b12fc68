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

_LOCKS = {
    "uv.lock": ("pyproject.toml", "uv lock"),
    "poetry.lock": ("pyproject.toml", "poetry lock"),
    "pdm.lock": ("pyproject.toml", "pdm lock"),
    "Pipfile.lock": ("Pipfile", "pipenv lock"),
}
"""What each lock file is made from, and how it is made anew."""

_RUN = ", then run "

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


def advice(shortfall: Shortfall) -> str:
    """What to do about a shortfall that nothing declares."""
    text, provision = requirement(shortfall), shortfall.provision
    if provision.place is not None:
        return f"add {text} to {provision.place.path}"
    if provision.without is not None:
        return (
            f"add {text} to what {provision.without.path} installs, or name the files that the image is built"
            " from in dependency-files"
        )
    return f"add {text} to a list that the image is built from; dependency-files in the settings names it"


def addition(shortfall: Shortfall, repo: Repo) -> Fix | None:
    """Adds a requirement to the list that speaks for the file."""
    place, text = shortfall.provision.place, requirement(shortfall)
    if place is None:
        return None
    from airwarden.dependencies.additions import added

    return _safe_fix(f"add {text} to {place.path}", place, repo, lambda source: added(source, text, place))


def extra(declared: Declaration, name: str, repo: Repo) -> Fix | None:
    """Adds an extra to a declaration that an image gets."""
    if not repo.dependencies.reaches_image(declared):
        return None
    from airwarden.dependencies.additions import with_extra

    place = declared.region
    title = f"add the extra {name} in {place.path}"
    return _safe_fix(title, place, repo, lambda source: with_extra(source, place, name))


def raised(declared: Declaration, version: str, repo: Repo) -> Fix | None:
    """Raises the lower bound of a declaration that an image gets."""
    if not repo.dependencies.reaches_image(declared):
        return None
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
    return Fix(f"{title}{_then_lock(place.path, repo)}", edits, safe=True) if edits else None


def _then_lock(path: str, repo: Repo) -> str:
    """What to run when a file has changed that a lock file is made from."""
    for lock in repo.dependencies.locks_of(path):
        source, command = _LOCKS.get(lock.rpartition("/")[2], ("", ""))
        if source == path.rpartition("/")[2]:
            return f"{_RUN}`{command}`"
    return ""


def command_in(title: str) -> str:
    """The command that makes a fix with this title whole; empty where there is none. Only known ones count,
    for a path in the title may hold anything, and people run what they are told.
    """
    named = title.rpartition(_RUN)[2].strip("`")
    return named if _RUN in title and any(named == command for _, command in _LOCKS.values()) else ""
