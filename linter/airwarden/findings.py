"""What a check reports: a region of a file, places related to it, and a way to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from airwarden.records import dataclass

if TYPE_CHECKING:
    from airwarden.credentials.occurrences import Words

Level = Literal["error", "warning", "note"]

LEVELS: tuple[Level, ...] = ("error", "warning", "note")
"""From worst to mildest."""


@dataclass(frozen=True, order=True)
class Region:
    """A stretch of one file.

    `path` is relative to the repository's root, with `/`. Lines and columns count from 1, columns in
    Unicode code points; the end is exclusive. This is SARIF's region with `columnKind`
    `unicodeCodePoints`.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int

    def overlaps(self, other: Region) -> bool:
        """Whether two regions of one file share a place."""
        mine = (self.line, self.column) < (other.end_line, other.end_column)
        return mine and (other.line, other.column) < (self.end_line, self.end_column)


@dataclass(frozen=True)
class Related:
    """Another place that explains a finding, and what it has to do with it."""

    region: Region
    note: str


@dataclass(frozen=True)
class Edit:
    """Replaces the text of a region."""

    region: Region
    text: str


@dataclass(frozen=True)
class Fix:
    """Edits that mend a finding. A safe fix keeps the meaning on every supported version of Airflow."""

    title: str
    edits: tuple[Edit, ...]
    safe: bool = False

    def tells(self, secrets: Words) -> bool:
        """Whether what it writes repeats one of some secrets."""
        return any(secrets.within(edit.text) for edit in self.edits)


@dataclass(frozen=True)
class Finding:
    """One breach of one rule at one place.

    `subject` names what the finding is about in words that survive line moves (a DAG's id, a path of
    values keys); the fingerprint is made from it. `secret` says that the text of the region must never be
    shown. Neither message, remedy nor subject may hold a secret. `steps` is the way that a value took to the
    region, from where it came into being.
    """

    rule: str
    family: str
    level: Level
    region: Region
    message: str
    remedy: str
    related: tuple[Related, ...] = ()
    steps: tuple[Related, ...] = ()
    fix: Fix | None = None
    subject: str = ""
    secret: bool = False
