"""States of repositories that stand on no disk, and runs over them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from airwarden.config import Config
from airwarden.engine import check
from airwarden.git import Git
from airwarden.registry import Registry
from airwarden.repo import Repo
from airwarden.report import Report
from airwarden.rule import Rule
from airwarden.snapshots import Snapshot

ROOT = Path(tempfile.gettempdir()).resolve() / "airwarden-fuzzing-empty"
ROOT.mkdir(exist_ok=True)
TODAY = date(2026, 11, 27)
CONFIG = Config(profile="strict")
REGISTRY = Registry()

_MARK = b"\n=== "
"""Stands before the path of each file in the bytes of a whole repository."""


class _Store(Git):
    """Stands for git, and has what each file holds."""

    def __init__(self, data: Mapping[str, bytes]) -> None:
        super().__init__(ROOT)
        self._held = data

    def blobs(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """What each of some names stands for."""
        yield from ((name, self._held[name]) for name in set(names))


@cache
def rules() -> dict[str, Rule]:
    """Every rule there is."""
    found, crashes = REGISTRY.load()
    if crashes:
        raise RuntimeError(str(crashes[0]))
    return found


def repo_of(files: Mapping[str, bytes], config: Config = CONFIG) -> Repo:
    """A repository of these files and no others."""
    names = {path: f"{number:040x}" for number, path in enumerate(files, 1)}
    store = _Store({names[path]: data for path, data in files.items()})
    return Repo(ROOT, config, snapshot=Snapshot(store, names, listed=frozenset()))


def judged(repo: Repo, config: Config = CONFIG) -> Report:
    """What all rules of the widest profile find, in one process and without a cache."""
    return check(repo, None, config, rules(), families=REGISTRY.families, today=TODAY)


def packed(path: str, data: bytes) -> bytes:
    """A file as a part of the bytes of a whole repository."""
    return _MARK + path.encode(errors="surrogatepass") + b"\n" + data


def unpacked(data: bytes) -> dict[str, bytes]:
    """The files of a whole repository, of its bytes; paths that no repository can have are mended."""
    found: dict[str, bytes] = {}
    for part in (b"\n" + data).split(_MARK)[1:]:
        path, _, text = part.partition(b"\n")
        parts = path.decode(errors="replace").replace("\0", "").split("/")
        name = "/".join(each for each in parts if each not in ("", ".", "..", ".git"))
        if name and not any(_is_in_the_way(name, other) for other in found):
            found[name] = text
    return found


def _is_in_the_way(path: str, other: str) -> bool:
    return path.startswith(f"{other}/") or other.startswith(f"{path}/")
