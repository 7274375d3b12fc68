"""Changes: which lines of a repository were changed, as git tells it, and what it was before."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from airwarden import disk
from airwarden.git import Git, GitError
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.snapshots import Snapshot
from airwarden.source import decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from airwarden.findings import Finding, Region
    from airwarden.source import Source

_DIFF = (
    *("diff-index", "--relative", "-M", "--unified=0", "--inter-hunk-context=0", "--no-abbrev"),
    *("--no-ext-diff", "--no-textconv", "--no-color", "--ignore-submodules=dirty", "--submodule=short"),
    *("--src-prefix=a/", "--dst-prefix=b/", "--raw", "--numstat", "-z", "--patch"),
)
_FILES = ("100644", "100755", "100664")
_SUBMODULE = "160000"

_RAW = regex(rb":(\d+) (\d+) ([0-9a-f]+) [0-9a-f]+ ([A-Z])\d*\0([^\0]*)\0")
_SECOND = regex(rb"([^\0]*)\0")
_STAT = regex(rb"(\d+|-)\t\d*-?\t(?:\0[^\0]*\0)?([^\0]*)\0")
_HUNK = regex(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_QUOTED = regex(rb"\\([0-7]{3}|.)", re.DOTALL)
_ESCAPES = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
_LONE_RETURN = regex(rb"\r(?!\n)")

Hunk: TypeAlias = tuple[int, int, int, int]
"""Lines that stand in the place of others: the first of the old ones, their number, and the same of the new.
Where there are none, the first is the line before.
"""


@dataclass(frozen=True)
class Changed:
    """What was changed of one file: it was called `before`, unless it is new, and has `hunks`; all of it
    counts as changed where `is_whole`.
    """

    before: str | None
    hunks: tuple[Hunk, ...] = ()
    is_whole: bool = False

    def touches(self, region: Region) -> bool:
        """Whether a line of a region is a changed one, or some were taken out between two of them."""
        first, last = region.line, region.end_line
        if region.end_column == 1 and last > first:
            last -= 1
        return self.is_whole or any(
            first < new + (count or 1) and last >= new + (not count) for _, _, new, count in self.hunks
        )

    def line_before(self, line: int) -> int:
        """Where a line stood that was not changed."""
        past = (each for each in self.hunks if each[2] + max(each[3] - 1, 0) < line)
        return line + sum(old - new for _, old, _, new in past)


@dataclass(frozen=True)
class Changes:
    """What was changed in a folder between two of its states.

    `files` has the files with changed lines and those that were only given another name, by path; whatever
    stands below one of the `roots`, each of which ends in `/`, counts as changed. `now` and `before` are the
    states, None for what stands on the disk.
    """

    folder: Path
    files: Mapping[str, Changed]
    roots: tuple[str, ...]
    before: Snapshot
    now: Snapshot | None = None

    def touch(self, finding: Finding) -> bool:
        """Whether a finding, a place related to it or a step of its way stands on a changed line."""
        others = (each.region for each in (*finding.related, *finding.steps))
        return any(map(self._touch, (finding.region, *others)))

    def _touch(self, region: Region) -> bool:
        file = self.files.get(region.path)
        if file is None or not (file.hunks or file.is_whole):
            return region.path.startswith(self.roots)
        return file.touches(region) or region.path in self._counted_otherwise

    def place_before(self, region: Region) -> tuple[str, int]:
        """The file and the line where a region that was not changed began before."""
        file = self.files.get(region.path, Changed(region.path))
        return file.before or region.path, file.line_before(region.line)

    def with_texts(self, texts: Mapping[str, Source]) -> Changes:
        """The same changes, and that some files hold other texts than those on the disk."""
        return replace(self, files={**self.files, **{path: self._with(path, texts[path]) for path in texts}})

    def _with(self, path: str, source: Source) -> Changed:
        file = self.files.get(path, Changed(path))
        if file.before is None or file.is_whole:
            return file
        before = self.before.read(file.before) if file.before in self.before.blobs else self._data(path)
        return replace(file, hunks=(*_hunks_between(decode(path, before), source.text),))

    @cached_property
    def _counted_otherwise(self) -> frozenset[str]:
        """The files with hunks in which a carriage return alone ends a line, which git knows nothing of."""
        hunks = (path for path, file in self.files.items() if file.hunks)
        return frozenset(path for path in hunks if _LONE_RETURN.search(self._data(path)))

    def _data(self, path: str) -> bytes:
        try:
            if self.now is not None and not self.now.keeps(path):
                return self.now.read(path)
            return disk.read(self.folder / path)
        except OSError:
            return b""


def since(folder: Path, ref: str) -> Changes:
    """What was changed since HEAD and `ref` had a commit in common, up to what stands on the disk, files that
    git does not know yet included. Raises `GitError`.
    """
    git = Git(folder)
    base = _base(git, ref)
    diff = _Diff(git.ask(*_DIFF, base))
    others = git.ask("ls-files", "--others", "--exclude-standard", "-z").split(b"\0")
    new = frozenset(os.fsdecode(path) for path in others if path)
    files = {**diff.files(), **dict.fromkeys(new, Changed(None, is_whole=True))}
    roots = (*diff.submodules, *(path for path in new if path.endswith("/")))
    return Changes(folder, files, roots, Snapshot(git, diff.blobs, diff.added | new))


def staged(folder: Path) -> Changes:
    """What was changed between HEAD and git's index. Raises `GitError`."""
    git = Git(folder)
    _must_be_repository(git, "--staged")
    head = git.answer("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    nothing = "" if head else git.ask("hash-object", "-t", "tree", "--stdin").decode().strip()
    diff = _Diff(git.ask(*_DIFF, "--cached", head or nothing))
    now = _index(git)
    blobs = {path: blob for path, blob in now.blobs.items() if path not in diff.added}
    before = replace(now, blobs={**blobs, **diff.blobs}, absent=now.absent | diff.added)
    return Changes(folder, diff.files(), diff.submodules, before, now)


def _base(git: Git, ref: str) -> str:
    """The commit that HEAD and a ref have in common."""
    _must_be_repository(git, "--since")
    said = f"--since {ref}"
    commit = None
    if not ref.startswith("-"):
        commit = git.answer("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
    if commit is None:
        raise GitError(f"{said}: git knows no such branch, tag or commit here{_more_history(git)}")
    if git.answer("rev-parse", "--verify", "--quiet", "HEAD^{commit}") is None:
        raise GitError(f"{said}: there is no commit yet")
    base = git.answer("merge-base", commit, "HEAD")
    if not base:
        raise GitError(f"{said}: it has no commit in common with HEAD{_more_history(git)}")
    return base


def _more_history(git: Git) -> str:
    """How to get what a clone may be lacking."""
    is_shallow = git.answer("rev-parse", "--is-shallow-repository") == "true"
    how = "`fetch-depth: 0` for actions/checkout, `GIT_DEPTH: 0` in GitLab, else `git fetch --unshallow`"
    return f"; this clone is shallow: get its whole history ({how})" if is_shallow else ""


def _must_be_repository(git: Git, option: str) -> None:
    try:
        git.ask("rev-parse", "--git-dir")
    except GitError as error:
        raise GitError(f"{option}: {git.folder} has no git history to compare with: {error}") from None


def _index(git: Git) -> Snapshot:
    """What git's index holds. Raises `GitError` where it holds a conflict."""
    blobs, listed, roots = dict[str, str](), set[str](), list[str]()
    unlike = _unlike_the_disk(git)
    for line in filter(None, git.ask("ls-files", "--stage", "-t", "-z").split(b"\0")):
        facts, _, name = line.partition(b"\t")
        tag, mode, blob, stage = facts.decode().split()
        path = os.fsdecode(name)
        if stage != "0":
            raise GitError(f"--staged: {path} has a conflict; resolve it and `git add` it first")
        if mode == _SUBMODULE:
            roots.append(f"{path}/")
        elif mode in _FILES and unlike.get(path) != "A":
            listed.add(path)
            if tag == "S" or path in unlike:
                blobs[path] = blob
    return Snapshot(git, blobs, frozenset(), frozenset(listed), tuple(roots))


def _unlike_the_disk(git: Git) -> dict[str, str]:
    """The files that may hold something else in the index, and why: `A` for those that are but announced."""
    raw = git.ask("diff-files", "--relative", "--raw", "--no-abbrev", "--ignore-submodules=all", "-z")
    return {os.fsdecode(match[5]): match[4].decode() for match in _RAW.finditer(raw)}


@dataclass(frozen=True)
class _Entry:
    """One entry of a raw diff."""

    modes: tuple[str, str]
    blob: str
    before: str
    path: str


class _Diff:
    """What git writes of a diff: the entries in raw form, their sizes, and the patch."""

    def __init__(self, data: bytes) -> None:
        self._entries, place = _raw_entries(data)
        binary, place = _binary_files(data, place)
        self._hunks = _hunks(data[place:].lstrip(b"\0"))
        self._binary = binary

    @property
    def submodules(self) -> tuple[str, ...]:
        """The submodules that have another commit, or are new."""
        return tuple(f"{each.path}/" for each in self._entries if each.modes[1] == _SUBMODULE)

    def files(self) -> dict[str, Changed]:
        """What was changed, by path."""
        return {each.path: found for each in self._entries if (found := self._changed(each)) is not None}

    def _changed(self, entry: _Entry) -> Changed | None:
        if entry.modes[1] not in _FILES:
            return None
        before = entry.before if entry.modes[0] in _FILES else None
        hunks = tuple(self._hunks.get(entry.path, ()))
        is_whole = before is None or entry.path in self._binary
        return Changed(before, hunks, is_whole) if hunks or is_whole or before != entry.path else None

    @cached_property
    def blobs(self) -> Mapping[str, str]:
        """What files held before that are gone, or hold something else now."""
        changed = self.files()
        return {
            each.before: each.blob
            for each in self._entries
            if each.modes[0] in _FILES and (each.modes[1] not in _FILES or each.path in changed)
        }

    @cached_property
    def added(self) -> frozenset[str]:
        """The paths at which there was no file before."""
        paths = {each.path for each in self._entries if each.modes[1] in _FILES}
        return frozenset(paths - {each.before for each in self._entries if each.modes[0] in _FILES})


def _hunks_between(old: str, new: str) -> Iterator[Hunk]:
    """The hunks that lead from one text to another."""
    from difflib import SequenceMatcher

    lines = old.splitlines(), new.splitlines()
    for tag, start, end, new_start, new_end in SequenceMatcher(None, *lines, autojunk=False).get_opcodes():
        if tag != "equal":
            yield start + (end > start), end - start, new_start + (new_end > new_start), new_end - new_start


def _raw_entries(data: bytes) -> tuple[list[_Entry], int]:
    """The entries at the beginning of a diff, and where they end."""
    found, place = list[_Entry](), 0
    while match := _RAW.match(data, place):
        place, path = match.end(), match[5]
        if match[4] in b"RC":
            second = _SECOND.match(data, place)
            path, place = (second[1], second.end()) if second else (path, place)
        modes, blob = (match[1].decode(), match[2].decode()), match[3].decode()
        found.append(_Entry(modes, blob, os.fsdecode(match[5]), os.fsdecode(path)))
    return found, place


def _binary_files(data: bytes, place: int) -> tuple[set[str], int]:
    """The files whose lines git does not count, and where what it says of sizes ends."""
    found = set[str]()
    while match := _STAT.match(data, place):
        place = match.end()
        if match[1] == b"-":
            found.add(os.fsdecode(match[2]))
    return found, place


def _hunks(patch: bytes) -> Mapping[str, Sequence[Hunk]]:
    """The hunks of a patch, by the path of the new file."""
    found: defaultdict[str, list[Hunk]] = defaultdict(list)
    lines, path = iter(patch.split(b"\n")), ""
    for line in lines:
        if line.startswith(b"+++ "):
            path = os.fsdecode(_unquoted(line[4:].removesuffix(b"\t")))[2:]
        elif match := _HUNK.match(line):
            old, old_count, new, new_count = (int(each or 1) for each in match.groups())
            found[path].append((old, old_count, new, new_count))
            _pass_over(lines, old_count, new_count)
    return found


def _pass_over(lines: Iterator[bytes], old: int, new: int) -> None:
    """Passes over the lines of a hunk, so that none of them is taken for more than that."""
    while old > 0 or new > 0:
        sign = next(lines, b"")[:1]
        old -= sign in b" -"
        new -= sign in b" +"


def _unquoted(name: bytes) -> bytes:
    """A path that git may have put into quotes."""
    if not name.startswith(b'"'):
        return name
    return _QUOTED.sub(
        lambda match: bytes([int(match[1], 8)]) if len(match[1]) == 3 else _ESCAPES.get(match[1], match[1]),
        name[1:-1],
    )
