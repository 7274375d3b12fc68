"""Workspaces of uv: several projects in one repository, each with an environment of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from airwarden.dependencies.declarations import DependencyList


def other_members(lists: Sequence[DependencyList], path: str) -> Iterator[str]:
    """The folders of the members that the one with the file at `path` does not depend on."""
    members = {each.name: each for root in lists if root.members for each in _members(lists, root)}
    owners = [each for each in members.values() if path.startswith(each.folder)]
    owner = max(owners, key=lambda each: len(each.folder), default=None)
    if owner is None:
        return
    needed, pending = {owner.name}, [owner]
    while pending:
        names = {declared.name for declared in pending.pop().declarations} & members.keys() - needed
        needed |= names
        pending.extend(members[name] for name in names)
    yield from (each.folder for name, each in members.items() if name not in needed)


def _members(lists: Sequence[DependencyList], root: DependencyList) -> Iterator[DependencyList]:
    for each in lists:
        inner = each.folder.removeprefix(root.folder).rstrip("/")
        is_below = each.folder.startswith(root.folder) and each is not root
        if each.kind == "project" and is_below and any(fnmatchcase(inner, one) for one in root.members):
            yield each
