"""Snapshot: another state of a folder than the one on the disk, of a commit or of git's index."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import field
from errno import ENOENT
from functools import cached_property
from typing import TYPE_CHECKING

from airwarden.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from airwarden.git import Git
    from airwarden.walking import Entry


@dataclass(frozen=True)
class Snapshot:
    """A state of the files of a folder.

    `blobs` has git's name for what a file holds in it, where that need not be what the disk has. Of all other
    files on the disk, those are part of it that are not `absent` and, unless that is None, `listed`; and
    those below one of the `roots`, each of which ends in `/`.
    """

    git: Git
    blobs: Mapping[str, str]
    absent: frozenset[str] = frozenset()
    listed: frozenset[str] | None = None
    roots: tuple[str, ...] = field(default=())

    def keeps(self, path: str) -> bool:
        """Whether a file, if the disk has it, is the same in this state."""
        if path in self.blobs or path in self.absent:
            return False
        return self.listed is None or path in self.listed or path.startswith(self.roots)

    def read(self, path: str) -> bytes:
        """What one of the `blobs` holds; a file that is none of them is not there. Raises `OSError`."""
        found = self._data.get(self.blobs.get(path, ""))
        if found is None:
            raise FileNotFoundError(ENOENT, "it is not in git", path)
        return found

    def entries(self, prefix: str, on_disk: Iterable[Entry]) -> Sequence[Entry]:
        """The entries of a folder, given those that the disk has; `prefix` is empty or ends in `/`."""
        held = self._held.get(prefix, {})
        kept = (
            each
            for each in on_disk
            if each.name not in held
            and (each.is_dir(follow_symlinks=False) or self.keeps(prefix + each.name))
        )
        return [*kept, *held.values()]

    @cached_property
    def _data(self) -> dict[str, bytes]:
        return dict(self.git.blobs(self.blobs.values()))

    @cached_property
    def _held(self) -> Mapping[str, Mapping[str, Entry]]:
        """The entries that the blobs make, by folder and name."""
        found: defaultdict[str, dict[str, Entry]] = defaultdict(dict)
        for path in self.blobs:
            name, is_folder = path, False
            while name:
                folder, _, name = name.rpartition("/")
                found[f"{folder}/" if folder else ""][name] = _Held(name, is_folder)
                name, is_folder = folder, True
        return found


@dataclass(frozen=True)
class _Held:
    """An entry as `os.scandir` gives it."""

    name: str
    is_folder: bool

    def is_symlink(self) -> bool:
        return False

    def is_dir(self, *, follow_symlinks: bool) -> bool:  # noqa: ARG002
        return self.is_folder

    def is_file(self, *, follow_symlinks: bool) -> bool:  # noqa: ARG002
        return not self.is_folder
