"""What an editor may do about findings: make a fix, make all safe ones, or silence a rule on a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal

from airwarden.findings import Edit, Region
from airwarden.fixer import foreseen
from airwarden.records import dataclass
from airwarden.server.ignoring import ignoring
from airwarden.source import Source, Unreadable

if TYPE_CHECKING:
    from airwarden.findings import Finding
    from airwarden.repo import Repo
    from airwarden.report import Report
    from airwarden.server.session import Judged

Kind = Literal["quickfix", "source.fixAll.airwarden"]

ALL_FIXES = "Fix all that airwarden can fix safely"


@dataclass(frozen=True)
class Action:
    """Edits of one or more files of a repository. `finding` is what they are about, where that is one."""

    title: str
    kind: Kind
    edits: Sequence[Edit]
    finding: Finding | None = None
    is_preferred: bool = False


def actions(judged: Judged, region: Region) -> Iterator[Action]:
    """What can be done about the findings of a document that meet a region; fixes first."""
    met = judged.meeting(region)
    yield from (action for finding in met for action in _fixes(judged, finding))
    for finding in {(each.rule, each.region.line): each for each in met}.values():
        edit = ignoring(judged.source, finding)
        if edit is not None:
            yield Action(f"Ignore {finding.rule} on this line", "quickfix", (edit,), finding)


def _fixes(judged: Judged, finding: Finding) -> Iterator[Action]:
    fix = judged.checked.report.shown_fix(finding)
    if fix is None or not fix.edits or not all(_is_ours(judged.checked.repo, edit) for edit in fix.edits):
        return
    title = fix.title[:1].upper() + fix.title[1:] + ("" if fix.safe else " (unsafe)")
    yield Action(title, "quickfix", fix.edits, finding, is_preferred=fix.safe)


def _is_ours(repo: Repo, edit: Edit) -> bool:
    """Whether an edit is of a text of the repository."""
    try:
        return edit.region.path in repo.files and repo.source(edit.region.path) is not None
    except Unreadable:
        return False


def has_safe_fix(judged: Judged) -> bool:
    """Whether any finding of a document has a fix that can be made without a doubt."""
    return any(each.fix and each.fix.safe for each in judged.findings)


def all_fixes(judged: Judged) -> Action:
    """All safe fixes of a document, made in turn until there is nothing more to fix."""
    checked = judged.checked

    def look(repo: Repo) -> Report:
        return checked.workspace.check(repo, [judged.path])

    result = foreseen(checked.repo, look)
    edits = [
        edit for path, new in sorted(result.new.items()) for edit in line_edits(result.old[path], new.text)
    ]
    return Action(ALL_FIXES, "source.fixAll.airwarden", edits)


def line_edits(old: Source, new: str) -> Iterator[Edit]:
    """The edits that make one text of another, of whole lines, so that the rest stays where it is."""
    before, after = _lines(old), _lines(Source(old.path, new))
    for kind, start, end, new_start, new_end in SequenceMatcher(None, before, after, False).get_opcodes():
        if kind != "equal":
            offsets = [*old.starts[: len(before)], len(old.text)]
            yield Edit(old.region(offsets[start], offsets[end]), "".join(after[new_start:new_end]))


def _lines(source: Source) -> list[str]:
    """The lines of a text with their ends; without the empty one behind the last end."""
    ends = [*source.starts[1:], len(source.text)]
    lines = [source.text[start:end] for start, end in zip(source.starts, ends, strict=True)]
    return lines if lines[-1] else lines[:-1]
