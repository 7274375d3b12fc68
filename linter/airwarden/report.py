"""What a run found: the one thing that every format renders."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from airwarden import __version__
from airwarden.credentials.occurrences import Words
from airwarden.findings import LEVELS, Finding, Fix, Level
from airwarden.formats.view import HOME, visible
from airwarden.justification import Justification
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.rule import Rule
from airwarden.source import Source, Unreadable

if TYPE_CHECKING:
    from airwarden.baseline import Match
    from airwarden.shards import Shard
    from airwarden.suppressions import Suppression

_NAME = regex(r"[a-z0-9-]+")

Silencer: TypeAlias = Literal["in-source", "baseline"]
"""What silences a finding: a comment in its file, or an entry of the baseline."""

Fault: TypeAlias = Literal["own", "policy", "machine"]
"""Whose fault a crash is: our own, that of a policy of a pack, or that of a machine that lacks something."""

_TITLES: Mapping[Fault, str] = {
    "own": "airwarden itself failed",
    "policy": "A policy failed",
    "machine": "The machine failed",
}


@dataclass(frozen=True)
class Crash:
    """A rule that failed on a file, and whose `fault` it is. `kind` is that of the error, and `frames` are
    the functions of our own that it came through.
    """

    rule: str
    path: str
    message: str
    fault: Fault = "own"
    kind: str = ""
    frames: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Who failed."""
        return _TITLES[self.fault]

    @property
    def complaint(self) -> str:
        """What a terminal or a log is told, after the name of the tool."""
        if self.fault == "own":
            return f"failed by its own fault: {self}. {self.advice}"
        return f"{'a policy' if self.fault == 'policy' else 'the machine'} failed: {self}"

    @property
    def advice(self) -> str:
        """What to do about a fault of our own."""
        return advice(self.command)

    @property
    def command(self) -> str:
        """What writes a report of it for others; without the file where its name can't be copied."""
        from shlex import quote

        words = ["airwarden", "crash-report"]
        words += ["--rule", self.rule] if _NAME.fullmatch(self.rule) else []
        words += ["--"] if self.path.startswith("-") else []
        return " ".join([*words, quote(self.path)] if visible(self.path) == self.path != "" else words)

    def __str__(self) -> str:
        return f"{self.rule} on {self.path}: {self.message}"


def advice(command: str) -> str:
    """What to do about a fault of our own of which `command` writes a report."""
    return (
        f"Please report it: `{command}` writes what there is to tell of airwarden {__version__}, and nothing "
        f"of your files, for {HOME}/issues/new"
    )


@dataclass(frozen=True)
class Silenced:
    """A finding that is not reported, what silences it, and why."""

    finding: Finding
    kind: Silencer
    why: Justification = field(default_factory=Justification)


@dataclass(frozen=True)
class Tally:
    """How often a rule was broken at one level, and in how many files."""

    rule: str
    family: str
    level: Level
    findings: int
    files: int


class Sources(Mapping[str, Source]):
    """The texts of some files, read when they are asked for."""

    def __init__(self, read: Callable[[str], Source], paths: Sequence[str]) -> None:
        self._read = read
        self._paths = dict.fromkeys(paths)

    def __getitem__(self, path: str) -> Source:
        if path in self._paths:
            with suppress(Unreadable):  # it could be read, and was changed or taken away since
                return self._read(path)
        raise KeyError(path)

    def __iter__(self) -> Iterator[str]:
        return (path for path in self._paths if path in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True)
class Report:
    """The findings of one run, sorted, with the rules and sources that explain them.

    `root` is the repository's root as a `file://` address or an absolute path. `rules` holds every rule
    that ran, by id. `sources` holds the text of every file that has a finding or that a fix changes, save
    those that can't be read: nobody knows what stands in their lines. `checked` counts the files that were
    read as DAGs or values.
    `silenced` has the findings that a comment or the baseline silences, in the same order; `suppressions`
    are the comments of the files, and `matches` tell what became of the entries of the baseline. `shard` is
    the part of a larger run that this is, where it is one. Of a run that was asked for what changes brought
    about, `elsewhere` has the findings that it does not report.
    """

    root: str
    findings: tuple[Finding, ...]
    crashes: tuple[Crash, ...] = ()
    rules: Mapping[str, Rule] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    checked: int = 0
    silenced: tuple[Silenced, ...] = ()
    unknown_dags: tuple[str, ...] = ()
    shard: Shard | None = None
    suppressions: tuple[Suppression, ...] = ()
    matches: tuple[Match, ...] = ()
    elsewhere: tuple[Finding, ...] | None = None

    @cached_property
    def counts(self) -> Counter[Level]:
        """How many findings there are of each level."""
        return Counter(finding.level for finding in self.findings)

    @cached_property
    def tallies(self) -> tuple[Tally, ...]:
        """The findings grouped by rule and level, worst first: by level, then by number."""
        return tallied((each.rule, each.family, each.level, each.region.path) for each in self.findings)

    @cached_property
    def fingerprints(self) -> tuple[str, ...]:
        """One fingerprint a finding, in the order of `findings`; those that are not reported change none."""
        return self._fingerprints[: len(self.findings)]

    @property
    def silenced_fingerprints(self) -> tuple[str, ...]:
        """One fingerprint a silenced finding, in the order of `silenced`."""
        start = len(self.findings)
        return self._fingerprints[start : start + len(self.silenced)]

    @cached_property
    def _fingerprints(self) -> tuple[str, ...]:
        every = self._every
        order = sorted(range(len(every)), key=lambda number: place_of(every[number]))
        names = dict(zip(order, fingerprints(every[number] for number in order), strict=True))
        return tuple(names[number] for number in range(len(every)))

    @property
    def _every(self) -> list[Finding]:
        """All findings, those that are not reported last."""
        silenced = (each.finding for each in self.silenced)
        return [*self.findings, *silenced, *(self.elsewhere or ())]

    @property
    def suppressed(self) -> int:
        """How many findings are silenced."""
        return len(self.silenced)

    def shown_fix(self, finding: Finding) -> Fix | None:
        """The finding's fix, or None where its text would repeat a secret that was found in the same file."""
        if finding.fix is None or not finding.fix.tells(self._secrets_in(finding.region.path)):
            return finding.fix
        return None

    def _secrets_in(self, path: str) -> Words:
        if path not in self._secret_findings:
            return Words(())
        if path not in self._words:
            self._words[path] = Words(self.secrets.get(path, ()))
        return self._words[path]

    @cached_property
    def _words(self) -> dict[str, Words]:
        return {}

    @cached_property
    def _secret_findings(self) -> frozenset[str]:
        return frozenset(finding.region.path for finding in self._every if finding.secret)

    @cached_property
    def secrets(self) -> Mapping[str, frozenset[str]]:
        """The texts that must not be shown, by file."""
        from airwarden.disclosure import found_secrets

        return found_secrets(self._every, self.sources)


def tallied(findings: Iterable[tuple[str, str, Level, str]]) -> tuple[Tally, ...]:
    """The tallies of findings, each given by its rule, its family, its level and its path; worst first."""
    groups: defaultdict[tuple[str, str, Level], list[str]] = defaultdict(list)
    for rule, family, level, path in findings:
        groups[rule, family, level].append(path)
    tallies = [Tally(*group, len(paths), len(set(paths))) for group, paths in groups.items()]
    return tuple(sorted(tallies, key=lambda tally: (LEVELS.index(tally.level), -tally.findings, tally.rule)))


def place_of(finding: Finding) -> tuple[Any, ...]:
    """The key by which findings are sorted."""
    return finding.region, finding.rule, finding.message


def severity(finding: Finding) -> int:
    """The rank of the finding's level; the worst is 0."""
    return LEVELS.index(finding.level)


def fingerprints(findings: Iterable[Finding]) -> Iterable[str]:
    """A name for each finding that survives line moves and gives no secret away.

    Made of rule, path and subject, and, for findings that share these, of their order in the file.
    """
    import hashlib

    seen: Counter[tuple[str, str, str]] = Counter()
    for finding in findings:
        key = (finding.rule, finding.region.path, finding.subject or finding.message)
        text = "\0".join((*key, str(seen[key])))
        seen[key] += 1
        yield hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()[:32]
