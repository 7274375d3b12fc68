"""Since when and until when a provider has its modules and names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.provider_tables.contents import Contents, contents
from scripts.provider_tables.history import Origin, Reader, git
from scripts.provider_tables.metadata import Wheel
from scripts.provider_tables.modules import module_of

_STANDS_FOR_OTHERS = "airflow.providers.common.compat"
_INNER = ("get_provider_info", "version_compat", "www", "openapi", "example_dags")
"""Modules and packages that nobody imports: the first is made with the wheel."""

_NOTHING = Contents()


@dataclass(frozen=True)
class Edition:
    """A release of a provider, with its modules in each state that it may have been made of."""

    version: str
    states: tuple[Mapping[str, Contents], ...]

    def has(self, module: str, name: str = "") -> bool:
        """Whether the release may have a module, or a name in one."""
        found = [state[module] for state in self.states if module in state]
        return any(not name or each.has(name) for each in found)


class Shelf:
    """Reads the editions of providers, each text once."""

    def __init__(self) -> None:
        self._readers: dict[Path, Reader] = {}
        self._parsed: dict[str, Contents] = {}

    def edition(self, origin: Origin) -> Edition:
        """The release that was made from the history."""
        commits = [origin.commit, *([origin.later] if origin.later else [])]
        return Edition(origin.version, tuple(self._state(origin, commit) for commit in commits))

    def _state(self, origin: Origin, commit: str) -> Mapping[str, Contents]:
        root = origin.sources[: origin.sources.index("airflow/providers/")]
        listing = git(origin.clone, "ls-tree", "-r", commit, f"{origin.sources}/")
        found = {}
        for line in listing.splitlines():
            head, path = line.split("\t")
            if is_of_interest(path[len(root) :]):
                found[module_of(path[len(root) :])] = self._read(origin.clone, head.split()[2])
        return _with_packages(found)

    def _read(self, clone: Path, blob: str) -> Contents:
        if blob not in self._parsed:
            if clone not in self._readers:
                self._readers[clone] = Reader(clone)
            self._parsed[blob] = contents(self._readers[clone].read(blob) or "")
        return self._parsed[blob]


def wheel_edition(wheel: Wheel) -> Edition:
    """The release that a wheel is."""
    found = {module_of(path): contents(text) for path, text in wheel.sources() if is_of_interest(path)}
    return Edition(wheel.version, (_with_packages(found),))


def is_of_interest(path: str) -> bool:
    """Whether a file is a public module of a provider."""
    parts = path.removesuffix(".py").removesuffix("/__init__").split("/")
    hidden = any(part.startswith(("_", "test", "example_")) or part in _INNER for part in parts)
    return path.endswith(".py") and path.startswith("airflow/providers/") and len(parts) > 2 and not hidden


def _with_packages(found: dict[str, Contents]) -> Mapping[str, Contents]:
    """The modules with the packages above them, some of which have no file."""
    for module in [each for each in found if each.count(".") > 2]:
        parts = module.split(".")
        for length in range(3, len(parts)):
            found.setdefault(".".join(parts[:length]), _NOTHING)
    return found


def lifetime_rows(editions: Sequence[Edition]) -> Iterator[tuple[str, str, str]]:
    """The modules and names of a provider that came after its first release or went before its last.

    A name that came and went with its module has no row of its own.
    """
    modules = {module for edition in editions for state in edition.states for module in state}
    for module in sorted(modules):
        parent = module.rpartition(".")[0]
        own = _life(editions, [edition.has(module) for edition in editions])
        if own != ("", "") and own != _module_life(editions, parent, modules):
            yield (module, *own)
        for name in sorted(_public_names(editions, module)):
            life = _life(editions, [edition.has(module, name) for edition in editions])
            if life not in (own, ("", "")):
                yield (f"{module}.{name}", *life)


def _module_life(editions: Sequence[Edition], module: str, known: set[str]) -> tuple[str, str]:
    if module not in known:
        return "", ""
    return _life(editions, [edition.has(module) for edition in editions])


def _life(editions: Sequence[Edition], present: Sequence[bool]) -> tuple[str, str]:
    first, last = present.index(True), len(present) - 1 - list(reversed(present)).index(True)
    since = editions[first].version if first else ""
    return since, editions[last + 1].version if last + 1 < len(editions) else ""


def _public_names(editions: Sequence[Edition], module: str) -> set[str]:
    """The classes and functions of a module, and what it has from elsewhere where that is its purpose."""
    states = [state[module] for edition in editions for state in edition.states if module in state]
    names = {name for state in states for name in state.defined}
    if module.startswith(_STANDS_FOR_OTHERS):
        names |= {name for state in states for name, of in state.imports.items() if of.startswith("airflow.")}
    return {name for name in names if not name.startswith("_")}
