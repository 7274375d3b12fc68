"""Which names from outside of the repository a file can come to, judged by imports alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from airwarden import syntax
from airwarden.dag import DagFile
from airwarden.repo import Repo

_ANY_MODULE = "import_module"


class ReachedNames:
    """What the files of one repository can come to, those that they import followed."""

    def __init__(self, repo: Repo) -> None:
        self._repo = repo
        self._known: defaultdict[frozenset[str], dict[str, bool]] = defaultdict(dict)

    def may_reach(self, file: DagFile, wanted: frozenset[str]) -> bool:
        """Whether loading a file may come to one of these full names; False only where it can't."""
        known = self._known[wanted]
        if file.path not in known:
            self._explore(file, wanted, known)
        return known[file.path]

    def _explore(self, file: DagFile, wanted: frozenset[str], known: dict[str, bool]) -> None:
        seen, waiting = {file.path}, [file]
        while waiting:
            each = waiting.pop()
            if known.get(each.path) or self._may_name(each, wanted):
                known[each.path] = known[file.path] = True
                return
            for other in self._imported(each) if each.path not in known else ():
                if other.path not in seen:
                    seen.add(other.path)
                    waiting.append(other)
        known.update(dict.fromkeys(seen, False))

    def _may_name(self, file: DagFile, wanted: frozenset[str]) -> bool:
        """Whether a file itself can name one: it imports it, what it is in, or nobody knows what."""
        return (
            _ANY_MODULE in file.source.text
            or any(_leads_to(name, wanted) for name in _names(file))
            or any(self._is_package(name, file) for name in _names(file))
        )

    def _is_package(self, name: syntax.ImportedName, file: DagFile) -> bool:
        """Whether a name stands for a package of the repository, through which all of it is reached."""
        if name.name == "*" or name.target.rpartition(".")[2] not in self._folders:
            return False
        path = self._repo.module_path(name.target, file.path)
        if path is None:
            return self._repo.is_package_folder(name.target, file.path)
        return path.endswith("__init__.py")

    def _imported(self, file: DagFile) -> Iterator[DagFile]:
        """The files of the repository that a file may import, the packages around each included."""
        dotted: dict[str, None] = {}
        for name in _names(file):
            parts = name.module.split(".")
            dotted.update((".".join(parts[:count]), None) for count in range(1, len(parts)) if parts[0])
            dotted.update(((name.module, None), (name.dotted, None)))
        for each in dotted:
            last = each.rpartition(".")[2]
            found = self._repo.module(each, file.path) if not last or last in self._stems else None
            if found is not None:
                yield found

    @cached_property
    def _folders(self) -> frozenset[str]:
        """The names of the folders that hold Python files."""
        return frozenset(path.split("/")[-2] for path in self._paths if "/" in path)

    @cached_property
    def _stems(self) -> frozenset[str]:
        """The names that modules and packages have, without those around them."""
        return self._folders.union(path.rpartition("/")[2].removesuffix(".py") for path in self._paths)

    @property
    def _paths(self) -> Iterator[str]:
        return (path for path in self._repo.files if path.endswith(".py"))


def _names(file: DagFile) -> Iterator[syntax.ImportedName]:
    return (name for statement in file.module.imports for name in statement.names)


def _leads_to(name: syntax.ImportedName, wanted: frozenset[str]) -> bool:
    """Whether an import brings one of the names, or something that it is in."""
    if name.name == "*":
        return any(each.startswith(f"{name.module}.") for each in wanted)
    target = name.target
    return target in wanted or any(each.startswith(f"{target}.") for each in wanted)
