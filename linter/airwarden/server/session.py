"""Session: the open documents of an editor, each judged as a file of the repository around it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from airwarden.records import dataclass
from airwarden.repo import find_root, is_configured
from airwarden.server.checkout import Checkout
from airwarden.server.documents import Document
from airwarden.source import Source

if TYPE_CHECKING:
    from airwarden.findings import Finding, Region
    from airwarden.report import Crash
    from airwarden.server.checkout import Checked


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
    """What was found in all open documents at one time, by their addresses.

    `faults` says of repositories whose settings can't be followed what is wrong with them.
    """

    judged: Mapping[str, Judged] = field(default_factory=dict)
    faults: Mapping[Path, str] = field(default_factory=dict)
    crashes: Sequence[Crash] = ()


class Session:
    """What lasts as long as an editor runs. `folders` are those that it has opened."""

    def __init__(self, folders: Iterable[Path] = ()) -> None:
        self.folders = [folder.resolve() for folder in folders]
        self._checkouts: dict[Path, Checkout] = {}

    def look(self, documents: Mapping[str, Document]) -> Look:
        """Judges documents, given by their addresses; those that nothing has changed for are known."""
        judged: dict[str, Judged] = {}
        faults: dict[Path, str] = {}
        crashes: list[Crash] = []
        for root, members in self._by_root(documents.values()).items():
            found = {document.uri: each for document, each in self._judge(root, members)}
            judged |= found
            for checked in {id(each.checked): each.checked for each in found.values()}.values():
                crashes += checked.report.crashes
                faults |= {root: checked.fault} if checked.fault else {}
        used = {*self.folders, *(each.checked.repo.root for each in judged.values())}
        self._checkouts = {root: each for root, each in self._checkouts.items() if root in used}
        return Look(judged, faults, crashes)

    def _judge(self, root: Path, members: Mapping[Path, Document]) -> Iterable[tuple[Document, Judged]]:
        by_path = {file.relative_to(root).as_posix(): each for file, each in members.items()}
        texts = {path: Source(path, each.text) for path, each in by_path.items()}
        checked = self._checkouts.setdefault(root, Checkout(root)).check(texts)
        return [(each, Judged(each, path, checked, by_path)) for path, each in by_path.items()]

    def _by_root(self, documents: Iterable[Document]) -> Mapping[Path, Mapping[Path, Document]]:
        """Documents by the repository around each and by their files; those that belong to none left out."""
        found: defaultdict[Path, dict[Path, Document]] = defaultdict(dict)
        for document in documents:
            file = document.file.resolve()
            root = self._root_of(file)
            if root is not None and file.is_relative_to(root):
                found[root][file] = document
        return found

    def _root_of(self, file: Path) -> Path | None:
        """The repository around a file, or else the folder around it that the editor has opened."""
        root = find_root(file)
        if is_configured(root) or (root / ".git").exists():
            return root
        around = (folder for folder in self.folders if file.is_relative_to(folder))
        return max(around, key=lambda folder: len(folder.parts), default=None)
