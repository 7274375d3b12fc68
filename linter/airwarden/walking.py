"""Which files of a folder are the repository's: those that neither .gitignore nor `exclude` leaves out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from airwarden.config.faults import ConfigError
from airwarden.globs import globs_of
from airwarden.records import dataclass

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_NEVER_OURS = frozenset(
    {
        *(".git", ".hg", ".svn", ".terraform", ".tox", ".nox", ".venv", "venv"),
        *("node_modules", "site-packages", "__pycache__"),
    }
)

_Patterns: TypeAlias = Callable[[], "GitIgnoreSpec"]


def digest_of(data: bytes) -> str:
    """A short name for some bytes that no other bytes have."""
    return blake2b(data, digest_size=16).hexdigest()


class Entry(Protocol):
    """What a walk asks of an entry of a folder; `os.DirEntry` has the answers."""

    @property
    def name(self) -> str:
        """The last part of its path."""
        ...

    def is_symlink(self) -> bool:
        """Whether it is a link."""
        ...

    def is_dir(self, *, follow_symlinks: bool) -> bool:
        """Whether it is a folder."""
        ...

    def is_file(self, *, follow_symlinks: bool) -> bool:
        """Whether it is a file, and no pipe, socket or device."""
        ...


Listing: TypeAlias = Callable[[str, Iterable[Entry]], Sequence[Entry]]
"""Gives the entries of a folder, given those that the disk has."""


@dataclass
class Decisions:
    """What a walk decided: a digest of each ignore file that it met, and whether each path is left out. The
    paths of folders end in `/`.
    """

    ignore_files: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class _Folder:
    """A folder to walk: the patterns that count in it, and whether an earlier walk had the very same."""

    prefix: str
    active: tuple[tuple[str, _Patterns], ...]
    is_known: bool


class Walk:
    """One walk over a folder; `read` gives the text of an ignore file.

    What an earlier walk decided is heeded where the ignore files above a path are what they were then. With
    a `listing`, it goes over another state of the folder than the one on the disk.
    """

    def __init__(
        self,
        root: Path,
        read: Callable[[str], str],
        exclude: tuple[str, ...] = (),
        earlier: Decisions | None = None,
        listing: Listing | None = None,
    ) -> None:
        self._root = str(root)
        self._listing = listing
        self._read = read
        self._exclude = exclude
        self._earlier = earlier or Decisions()
        self.decisions = Decisions()
        self.closed: dict[str, OSError] = {}
        """The folders that the system does not show, and why."""

    def files(self) -> Iterator[str]:
        """The paths of the files, from the root on, with `/`, and those of folders that are closed; links are
        not followed. Raises `ConfigError` where the root can't be read.
        """
        pending = [self._start()]
        while pending:
            folder = pending.pop()
            entries = [entry for entry in self._entries(folder.prefix) if not entry.is_symlink()]
            if folder.prefix[:-1] in self.closed:
                yield folder.prefix[:-1]
            inside = self._with_ignore_file(folder, any(entry.name == ".gitignore" for entry in entries))
            for entry in entries:
                path = folder.prefix + entry.name
                if not entry.is_dir(follow_symlinks=False):
                    if entry.is_file(follow_symlinks=False) and not self._leaves_out(path, inside):
                        yield path
                elif entry.name not in _NEVER_OURS and not self._leaves_out(f"{path}/", inside):
                    pending.append(_Folder(f"{path}/", inside.active, inside.is_known))

    def takes(self, path: str) -> bool:
        """Whether a file that is not there yet would be one of the repository's."""
        *names, _ = path.split("/")
        folder = self._start()
        for name in names:
            inside = self._with_ignore_file(folder, self._has_ignore_file(folder.prefix))
            folder = _Folder(f"{folder.prefix}{name}/", inside.active, is_known=False)
            if name in _NEVER_OURS or _is_left_out(folder.prefix, inside):
                return False
        return not _is_left_out(path, self._with_ignore_file(folder, self._has_ignore_file(folder.prefix)))

    def _has_ignore_file(self, prefix: str) -> bool:
        return os.path.isfile(f"{self._root}/{prefix}.gitignore")  # noqa: PTH113 (the root is a text)

    def _start(self) -> _Folder:
        excluded = (("", _patterns(self._exclude)),) if self._exclude else ()
        return _Folder("", excluded, is_known=True)

    def _entries(self, prefix: str) -> Sequence[Entry]:
        on_disk = self._on_disk(prefix)
        return on_disk if self._listing is None else self._listing(prefix, on_disk)

    def _on_disk(self, prefix: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(f"{self._root}/{prefix}") as found:
                return list(found)
        except (FileNotFoundError, NotADirectoryError) as error:
            self._must_not_be_root(prefix, error)
        except OSError as error:
            self._must_not_be_root(prefix, error)
            self.closed[prefix[:-1]] = error
        return []

    def _must_not_be_root(self, prefix: str, error: OSError) -> None:
        if not prefix:
            raise ConfigError(f"{self._root}: cannot be read: {error.strerror}") from None

    def _with_ignore_file(self, folder: _Folder, has_one: bool) -> _Folder:
        path = f"{folder.prefix}.gitignore"
        before = self._earlier.ignore_files.get(path)
        if not has_one:
            return _Folder(folder.prefix, folder.active, folder.is_known and before is None)
        text = self._read(path)
        digest = self.decisions.ignore_files[path] = digest_of(text.encode())
        active = (*folder.active, (folder.prefix, _patterns(text.splitlines())))
        return _Folder(folder.prefix, active, folder.is_known and before == digest)

    def _leaves_out(self, path: str, folder: _Folder) -> bool:
        known = self._earlier.left_out.get(path) if folder.is_known else None
        if known is None:
            known = _is_left_out(path, folder)
        self.decisions.left_out[path] = known
        return known


def _patterns(lines: Iterable[str]) -> _Patterns:
    """Patterns that are made out when they are first needed."""
    made: list[GitIgnoreSpec] = []

    def patterns() -> GitIgnoreSpec:
        if not made:
            made.append(globs_of(lines))
        return made[0]

    return patterns


def _is_left_out(path: str, folder: _Folder) -> bool:
    """Whether the ignore file nearest to a path that says anything of it leaves it out."""
    for prefix, patterns in reversed(folder.active):
        verdict = patterns().check_file(path[len(prefix) :]).include
        if verdict is not None:
            return verdict
    return False
