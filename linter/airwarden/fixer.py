"""Makes the fixes of findings: those that fit together, each file written at once or not at all."""

from __future__ import annotations

import os
import stat
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from difflib import unified_diff
from math import inf
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeAlias

from airwarden import disk
from airwarden.disclosure import parts_of
from airwarden.findings import Edit, Finding, Region
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.repo import Repo
from airwarden.source import Source, Unreadable, encoded

if TYPE_CHECKING:
    from airwarden.report import Report

ROUNDS = 100
"""How often the repository is checked again for what more there is to fix, at most."""

Change: TypeAlias = tuple[int, int, str]
"""The text that replaces what stands between two offsets."""

_LINE = regex(r"[^\n]*\n|[^\n]+")
_WORD = regex(r"\w[\w.-]*")
_BOUND = regex(r">=\s*(\d[\d.]*)")
_SHORTEST = 6
"""Characters from which on a line of a secret is taken for a part of it."""


@dataclass(frozen=True)
class Withheld:
    """A fix that was not made, and why."""

    finding: Finding
    reason: str

    def __str__(self) -> str:
        region = self.finding.region
        return f"{region.path}:{region.line}: the fix of {self.finding.rule} is not made: {self.reason}"


@dataclass
class Mended:
    """What became of a repository: the report of each round, what was fixed and what was not, and the texts
    that changed, by path.
    """

    reports: list[Report]
    fixed: list[Finding] = field(default_factory=list)
    withheld: list[Withheld] = field(default_factory=list)
    old: dict[str, Source] = field(default_factory=dict)
    new: dict[str, Source] = field(default_factory=dict)

    @property
    def report(self) -> Report:
        """What there is to report now."""
        return self.reports[-1]

    @property
    def by_rule(self) -> Counter[str]:
        """How many findings of each rule were fixed."""
        return Counter(sorted(each.rule for each in self.fixed))

    def diff(self, further: Iterable[Report] = ()) -> Diff:
        """What leads from the old texts to the new ones, without any hunk that would show a secret that one
        of the reports, or of further ones, knows of.
        """
        secrets: defaultdict[str, set[str]] = defaultdict(set)
        for report in (*self.reports, *further):
            for path, found in report.secrets.items():
                secrets[path] |= found
        return diff(self.old, self.new, secrets)


def mended(repo: Repo, check: Callable[[Repo], Report], *, unsafe: bool = False) -> Mended:
    """Checks a repository and makes its fixes in turn until nothing changes: the safe ones, or all of them.

    Raises `Unwritable`.
    """
    written: list[str] = []
    for folder in {PurePosixPath(path).parent for path in repo.files if disk.is_left_over(path)}:
        disk.sweep(repo.root / folder)

    def renewed(sources: Mapping[str, Source], current: Repo) -> Repo:
        write_all(repo.root, [(current.source(path), new) for path, new in sorted(sources.items())], written)
        return repo.afresh()

    return _in_turn(repo, check, renewed, unsafe=unsafe)


def foreseen(repo: Repo, check: Callable[[Repo], Report], *, unsafe: bool = False) -> Mended:
    """The same, and no file is changed."""
    changed: dict[str, Source] = {}

    def renewed(sources: Mapping[str, Source], _: Repo) -> Repo:
        changed.update(sources)
        return repo.afresh(changed)

    return _in_turn(repo, check, renewed, unsafe=unsafe)


def _in_turn(
    repo: Repo,
    check: Callable[[Repo], Report],
    renewed: Callable[[Mapping[str, Source], Repo], Repo],
    *,
    unsafe: bool,
) -> Mended:
    result = Mended([check(repo)])
    stuck = _Stuck(unsafe=unsafe)
    for _ in range(ROUNDS):
        chosen = _chosen(repo, stuck.let_through(result.report.findings))
        result.withheld = [*stuck.withheld, *chosen.withheld]
        sources = chosen.sources()
        if not sources:
            break
        stuck.made(chosen.findings)
        result.fixed += chosen.findings
        result.old = {**{path: repo.source(path) for path in sources}, **result.old}
        result.new |= sources
        repo = renewed(sources, repo)
        result.reports.append(check(repo))
    return result


class _Stuck:
    """Keeps fixes from being made over and over that don't help."""

    def __init__(self, *, unsafe: bool) -> None:
        self.withheld: list[Withheld] = []
        self._unsafe = unsafe
        self._before: Counter[tuple[str, ...]] = Counter()
        self._made: set[tuple[str, ...]] = set()

    def let_through(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings with a fix to make, save those of which no fewer are there since the last was made."""
        fixable = [
            each for each in findings if each.fix and (each.fix.safe or self._unsafe) and each.fix.edits
        ]
        counts = Counter(map(_kind, fixable))
        idle = {kind for kind in self._made if self._before[kind] <= counts[kind]}
        self.withheld = [Withheld(each, "it does not help") for each in fixable if _kind(each) in idle]
        self._before, self._made = counts, idle
        return [each for each in fixable if _kind(each) not in idle]

    def made(self, findings: Iterable[Finding]) -> None:
        """Notes whose fixes were made."""
        self._made |= {_kind(each) for each in findings}


def _kind(finding: Finding) -> tuple[str, ...]:
    return finding.rule, finding.region.path, finding.subject or finding.message


# Which fixes fit together


def _chosen(repo: Repo, findings: Iterable[Finding]) -> _Chosen:
    chosen = _Chosen(repo)
    for finding in _strongest_first(findings):
        chosen.take(finding)
    broken = {path for path, source in chosen.sources().items() if _breaks(repo, source)}
    return chosen.without_breaking(broken) if broken else chosen


def _strongest_first(findings: Iterable[Finding]) -> list[Finding]:
    """The findings in their order, safe fixes first, save that of fixes that put one distribution in at one
    place those with a lower version than another go behind all others.
    """
    every = list(findings)
    highest: dict[tuple[Region, str], tuple[int, ...]] = {}
    for edit in (edit for finding in every for edit in _edits(finding)):
        highest[_put_in(edit)] = max(highest.get(_put_in(edit), ()), _bound(edit))

    def rank(each: Finding) -> tuple[bool, bool]:
        is_weak = any(_bound(edit) < highest[_put_in(edit)] for edit in _edits(each))
        return is_weak, not (each.fix and each.fix.safe)

    return sorted(every, key=rank)


def _edits(finding: Finding) -> tuple[Edit, ...]:
    return finding.fix.edits if finding.fix else ()


def _put_in(edit: Edit) -> tuple[Region, str]:
    return edit.region, _name(edit.text)


def _bound(edit: Edit) -> tuple[int, ...]:
    """The numbers of the lowest version that a text asks for; none where it asks for none."""
    found = _BOUND.search(edit.text)
    return tuple(int(number) for number in found[1].split(".") if number) if found else ()


class _Chosen:
    """Fixes whose changes can be made together."""

    def __init__(self, repo: Repo) -> None:
        self.findings: list[Finding] = []
        self.withheld: list[Withheld] = []
        self._repo = repo
        self._files = frozenset(repo.files)
        self._changes: defaultdict[str, set[Change]] = defaultdict(set)

    def take(self, finding: Finding) -> bool:
        """Adds the fix of a finding if it can be made beside the others; one that can't has to wait."""
        changes: defaultdict[str, set[Change]] = defaultdict(set)
        for edit in finding.fix.edits if finding.fix else ():
            reason = self._hindrance(edit)
            if reason:
                self.withheld.append(Withheld(finding, reason))
                return False
            change = _change(self._repo.source(edit.region.path), edit)
            if any(_overlap(change, other) for other in changes[edit.region.path] - {change}):
                self.withheld.append(Withheld(finding, "its own edits overlap"))
                return False
            changes[edit.region.path].add(change)
        if any(self._meets(path, new) for path, new in changes.items()):
            return False
        for path, new in changes.items():
            self._changes[path] |= new
        self.findings.append(finding)
        return True

    def _hindrance(self, edit: Edit) -> str:
        path = edit.region.path
        if path not in self._files:
            return f"{path} is none of the files to check"
        try:
            source = self._repo.source(path)
        except Unreadable as failure:
            return f"{path} {failure.reason}"
        data = _bytes(self._repo.root, path)
        if not os.access(self._repo.root / path, os.W_OK):
            return f"{path} is read-only"
        if not os.access((self._repo.root / path).parent, os.W_OK):
            return f"{path} stands in a read-only folder"
        if (self._repo.root / path).stat().st_nlink > 1:
            return f"{path} has another name, a hard link"
        if data is None or encoded(path, data, source.text + edit.text) is None:
            return f"{path} can't be written in its own encoding"
        return ""

    def _meets(self, path: str, changes: set[Change]) -> bool:
        return any(_meet(old, new) for old in self._changes[path] - changes for new in changes)

    def sources(self) -> dict[str, Source]:
        """The new text of each file that changes."""
        texts = {path: _applied(self._repo.source(path), new) for path, new in self._changes.items() if new}
        return {
            path: Source(path, text) for path, text in texts.items() if text != self._repo.source(path).text
        }

    def without_breaking(self, broken: set[str]) -> _Chosen:
        """The same fixes, save those that make a file unreadable that could be read, alone or together."""
        safe = _Chosen(self._repo)
        safe.withheld = [*self.withheld]
        touches = {id(each): broken & _paths(each) for each in self.findings}
        for finding in sorted(self.findings, key=lambda each: bool(touches[id(each)])):
            tried = safe._copy()
            if not tried.take(finding):
                continue
            new = tried.sources()
            if any(path in new and _breaks(self._repo, new[path]) for path in touches[id(finding)]):
                safe.withheld.append(Withheld(finding, "the file could not be read any more"))
            else:
                safe = tried
        return safe

    def _copy(self) -> _Chosen:
        copy = _Chosen(self._repo)
        copy.findings, copy.withheld = [*self.findings], self.withheld
        copy._changes.update({path: {*changes} for path, changes in self._changes.items()})
        return copy


def _paths(finding: Finding) -> set[str]:
    return {edit.region.path for edit in finding.fix.edits} if finding.fix else set()


def _change(source: Source, edit: Edit) -> Change:
    start = source.offset(edit.region.line, edit.region.column)
    return start, source.offset(edit.region.end_line, edit.region.end_column), edit.text


def _meet(first: Change, second: Change) -> bool:
    """Whether only one of two changes can be made: both are of one text, or put the same name in."""
    if first[:2] == second[:2] and first[0] == first[1]:
        return _name(first[2]) == _name(second[2]) != ""
    return _overlap(first, second)


def _overlap(first: Change, second: Change) -> bool:
    return first[0] < second[1] and second[0] < first[1]


def _name(text: str) -> str:
    """What a text that is put in begins with: of a requirement, the distribution."""
    found = _WORD.search(text)
    return found[0].lower() if found else ""


def _applied(source: Source, changes: Iterable[Change]) -> str:
    """The text with changes made; texts put in at one place stand there in their own order."""
    parts, place = [], 0
    for start, end, text in sorted(changes):
        parts += [source.text[place:start], text]
        place = end
    return "".join((*parts, source.text[place:]))


def _breaks(repo: Repo, source: Source) -> bool:
    """Whether a new text is not to be read as what its name says, and the old one is."""
    worst = _flaws(source)
    return worst > 0 and worst > _flaws(repo.source(source.path))


def _flaws(source: Source) -> float:
    """How much there is in a file that keeps it from being read; infinite where it can't be parsed."""
    path = PurePosixPath(source.path)
    try:
        if path.suffix == ".py":
            from airwarden.dag import DagFile

            DagFile.read(source)
        elif path.suffix == ".toml" or path.name == "Pipfile":
            from airwarden.toml_file import TomlFile

            TomlFile.read(source)
        elif path.suffix in (".yaml", ".yml"):
            return _repeated_keys(source.text)
    except Unreadable:
        return inf
    return 0


def _repeated_keys(text: str) -> float:
    from airwarden.yaml_tree import NotYaml, repeated_keys

    try:
        return repeated_keys(text)
    except NotYaml:
        return inf


# Writing


class Unwritable(Exception):
    """A file that can't be written, or that somebody else has changed by now."""


def write_all(root: Path, texts: Sequence[tuple[Source, Source]], written: list[str]) -> None:
    """Puts new texts in the place of old ones, none where it is plain that one of them can't be written.

    Adds each path to `written`. Raises `Unwritable`, which names all that was written.
    """
    try:
        for old, new in texts:
            _writable(root, old, new)
        for old, new in texts:
            write(root, old, new)
            written.append(new.path)
    except Unwritable as failure:
        done = ", ".join(dict.fromkeys(written))
        raise Unwritable(f"{failure}; written before that: {done}" if done else str(failure)) from None


def write(root: Path, old: Source, new: Source) -> None:
    """Puts a new text in the place of the old one, at once or not at all.

    The file keeps its encoding, mode and owner. Raises `Unwritable`.
    """
    data = _writable(root, old, new)
    try:
        disk.replace(root / new.path, data, lambda: _writable(root, old, new))
    except OSError as error:
        raise Unwritable(f"{new.path}: cannot be written: {error.strerror}") from None


def _writable(root: Path, old: Source, new: Source) -> bytes:
    """What to write into a file. Raises `Unwritable` where it is plain that it can't be done."""
    file, data = root / new.path, _bytes(root, new.path)
    if data is None or encoded(new.path, data, old.text) != data:
        raise Unwritable(f"{new.path}: has changed while it was checked")
    new_data = encoded(new.path, data, new.text)
    if new_data is None:
        raise Unwritable(f"{new.path}: cannot be written in its own encoding")
    if not (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)):
        raise Unwritable(f"{new.path}: cannot be written: it is read-only")
    if file.stat().st_nlink > 1:
        raise Unwritable(f"{new.path}: cannot be written: it has another name, a hard link")
    return new_data


def _bytes(root: Path, path: str) -> bytes | None:
    """What a file of the repository holds; None for a link, or one that stands outside by now."""
    file = root / path
    try:
        if not stat.S_ISREG(file.lstat().st_mode) or file.resolve() != root.resolve() / path:
            return None
        return disk.read(file)
    except OSError:
        return None


# Showing


@dataclass(frozen=True)
class Diff:
    """A unified diff, and how many of its hunks are left out because they would show a secret."""

    text: str
    left_out: int


def diff(old: Mapping[str, Source], new: Mapping[str, Source], secrets: Mapping[str, Iterable[str]]) -> Diff:
    """What leads from old texts to new ones, without any hunk that would show a secret of its file."""
    texts, left_out = [], 0
    for path in sorted(new):
        hidden = _hidden(secrets.get(path, ()), old[path].text, new[path].text)
        head, *hunks = _hunks(path, old[path].text, new[path].text)
        shown = [hunk for hunk in hunks if not _shows(hunk, hidden)]
        left_out += len(hunks) - len(shown)
        texts += ["".join((*head, *(line for hunk in shown for line in hunk)))] if shown else []
    return Diff("".join(texts), left_out)


def _hidden(secrets: Iterable[str], *texts: str) -> set[str]:
    """Whatever must not be shown of a file: its secrets, the lines of these, and what looks like one."""
    found = {*secrets, *(part for text in texts for part in parts_of(text))}
    lines = {line.strip() for each in found for line in each.splitlines()}
    return {each for each in found if each.strip()} | {line for line in lines if len(line) >= _SHORTEST}


def _hunks(path: str, old: str, new: str) -> Iterator[list[str]]:
    """The two lines that name the file, then the lines of each hunk."""
    part: list[str] = []
    lines = _LINE.findall(old), _LINE.findall(new)
    for line in unified_diff(*lines, f"a/{path}", f"b/{path}"):
        if line.startswith("@@"):
            yield part
            part = []
        part.append(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
    yield part


def _shows(hunk: Sequence[str], hidden: Iterable[str]) -> bool:
    """Whether anything hidden stands in a hunk, as it was or as it will be."""
    before, after = ("".join(line[1:] for line in hunk[1:] if line[0] != sign) for sign in "+-")
    looks = (part for line in hunk[1:] for part in parts_of(line[1:]))
    return any(part in before or part in after for part in hidden) or any(looks)
