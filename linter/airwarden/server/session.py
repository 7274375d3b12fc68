"""Session: the open documents of an editor, each judged as a file of the repository around it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from airwarden.records import dataclass
from airwarden.repo import find_root, is_configured
from airwarden.server.checkout import Checkout
from airwarden.server.documents import Document
from airwarden.source import Source

if TYPE_CHECKING:
    from airwarden.engine import Progress
    from airwarden.findings import Finding, Region
    from airwarden.report import Crash
    from airwarden.server.checkout import Checked


_Groups: TypeAlias = "Mapping[Path, Mapping[str, Document]]"
"""Documents by the root of the repository around each, and by their paths; those of none are left out."""


@dataclass(frozen=True)
class Judged:
    """One document, and what was found in it. `open` has the documents of its repository by their paths."""

    document: Document
    path: str
    checked: Checked
    open: Mapping[str, Document]

    @property
    def findings(self) -> list[Finding]:
        """The findings that stand in it."""
        return [each for each in self.checked.report.findings if each.region.path == self.path]

    def at(self, place: Region) -> list[Finding]:
        """The findings whose regions hold a place, given as an empty region."""
        start = (place.line, place.column)
        return [
            each
            for each in self.findings
            if (each.region.line, each.region.column)
            <= start
            < (each.region.end_line, each.region.end_column)
            or each.region == place
        ]

    def meeting(self, region: Region) -> list[Finding]:
        """The findings whose regions share a place with another one, or touch it."""
        start, end = (region.line, region.column), (region.end_line, region.end_column)
        return [
            each
            for each in self.findings
            if (each.region.line, each.region.column) <= end
            and start <= (each.region.end_line, each.region.end_column)
        ]

    @property
    def source(self) -> Source:
        """Its text, as it was judged."""
        return Source(self.path, self.document.text)


@dataclass(frozen=True)
class Look:
    """What was found in the open documents of some addresses at one time, those left out that belong to no
    repository. `faults` says of repositories whose settings can't be followed what is wrong with them, and
    `left_out` which policies are not run and why.
    """

    uris: Collection[str] = ()
    judged: Mapping[str, Judged] = field(default_factory=dict)
    faults: Mapping[Path, str] = field(default_factory=dict)
    crashes: Sequence[Crash] = ()
    left_out: Collection[str] = ()


class _Outdated(Exception):
    """What a look is at is no longer what is open."""


def _until(is_outdated: Callable[[], bool]) -> Progress:
    def progress(paths: Sequence[str]) -> Iterator[str]:
        for path in paths:
            if is_outdated():
                raise _Outdated
            yield path

    return progress


class Session:
    """What lasts as long as an editor runs. `folders` are those that it has opened; policies in Python that
    a repository names by their folders run as far as `trust`, or else the user's configuration, allows.
    """

    def __init__(self, folders: Iterable[Path] = (), *, trust: bool | None = None) -> None:
        self.folders = [folder.resolve() for folder in folders]
        self._trust = trust
        self._checkouts: dict[Path, Checkout] = {}

    def looks(
        self,
        documents: Mapping[str, Document],
        first: Collection[str] = (),
        is_outdated: Callable[[], bool] = bool,
    ) -> Iterator[Look]:
        """Judges documents, given by their addresses: those of `first` before all of them. What nothing has
        changed for is known. Ends without a last look where that is of no use any more.
        """
        groups = self._groups(documents.values())
        for root, members in groups.items():
            texts = {path: Source(path, each.text) for path, each in members.items()}
            self._checkouts.setdefault(root, Checkout(root, self._trust)).begin(texts)
        used = {*self.folders, *groups}
        self._checkouts = {root: each for root, each in self._checkouts.items() if root in used}
        if first and len(first) < len(documents):
            yield self._look(groups, first, iter)
        with suppress(_Outdated):
            yield self._look(groups, documents, _until(is_outdated))

    def look(self, documents: Mapping[str, Document]) -> Look:
        """What there is to say of documents, given by their addresses."""
        return next(self.looks(documents))

    def _look(self, groups: _Groups, uris: Collection[str], progress: Progress) -> Look:
        judged: dict[str, Judged] = {}
        faults: dict[Path, str] = {}
        crashes: list[Crash] = []
        left_out: set[str] = set()
        for root, members in groups.items():
            paths = [path for path, document in members.items() if document.uri in uris]
            checked = self._checkouts[root].check(paths, progress)
            judged |= {members[path].uri: Judged(members[path], path, checked, members) for path in paths}
            crashes += checked.report.crashes
            faults |= {root: checked.fault} if checked.fault else {}
            left_out.add(checked.workspace.registry.left_out)
        return Look(uris, judged, faults, crashes, left_out - {""})

    def _groups(self, documents: Iterable[Document]) -> _Groups:
        found: defaultdict[Path, dict[str, Document]] = defaultdict(dict)
        for document in documents:
            file = document.file.resolve()
            root = self._root_of(file)
            if root is not None and file.is_relative_to(root):
                found[root][file.relative_to(root).as_posix()] = document
        return found

    def _root_of(self, file: Path) -> Path | None:
        """The repository around a file, or else the folder around it that the editor has opened."""
        root = find_root(file)
        if is_configured(root) or (root / ".git").exists():
            return root
        around = (folder for folder in self.folders if file.is_relative_to(folder))
        return max(around, key=lambda folder: len(folder.parts), default=None)
