"""Workspaces of uv: several projects in one repository, each with an environment of its own."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from airwarden.dependencies.declarations import DependencyList


def members_of(lists: Sequence[DependencyList]) -> tuple[DependencyList, ...]:
    """The projects that are members of some workspace."""
    roots = [each for each in lists if each.members]
    return tuple(each for each in lists if any(_is_member(each, root) for root in roots))


def _is_member(project: DependencyList, root: DependencyList) -> bool:
    inner = project.folder.removeprefix(root.folder).rstrip("/")
    is_below = project.folder.startswith(root.folder) and project is not root
    return project.kind == "project" and is_below and any(fnmatchcase(inner, each) for each in root.members)


def owner_of(members: Sequence[DependencyList], path: str) -> DependencyList | None:
    """The member that a file belongs to."""
    owners = [each for each in members if path.startswith(each.folder)]
    return max(owners, key=lambda each: len(each.folder), default=None)


def needed_members(members: Sequence[DependencyList], owner: DependencyList) -> frozenset[str]:
    """The folders of a member and of those that it depends on."""
    by_name = {each.name: each for each in members if each.name}
    found, pending = {owner.folder}, [owner]
    while pending:
        names = {declared.name for declared in pending.pop().declarations} & by_name.keys()
        more = [by_name[name] for name in names if by_name[name].folder not in found]
        found |= {each.folder for each in more}
        pending.extend(more)
    return frozenset(found)
