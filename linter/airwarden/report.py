"""What a run found: the one thing that every format renders."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from airwarden.findings import LEVELS, Finding, Fix, Level
from airwarden.records import dataclass
from airwarden.rule import Rule
from airwarden.source import Source

if TYPE_CHECKING:
    from airwarden.shards import Shard


@dataclass(frozen=True)
class Crash:
    """A fault of the tool itself: a rule that failed on a file."""

    rule: str
    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.rule} on {self.path}: {self.message}"


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
        if path not in self._paths:
            raise KeyError(path)
        return self._read(path)

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


@dataclass(frozen=True)
class Report:
    """The findings of one run, sorted, with the rules and sources that explain them.

    `root` is the repository's root as a `file://` address or an absolute path. `rules` holds every rule
    that ran, by id. `sources` holds the text of every file with a finding, save those that can't be read:
    nobody knows what stands in their lines. `checked` counts the files
    that were read as DAGs or values. `shard` is the part of a larger run that this is, where it is one.
    Of a run that was asked for what changes brought about, `elsewhere` counts the findings that it leaves
    out, and `named` are the fingerprints of those that it has.
    """

    root: str
    findings: tuple[Finding, ...]
    crashes: tuple[Crash, ...] = ()
    rules: Mapping[str, Rule] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    checked: int = 0
    suppressed: int = 0
    unknown_dags: tuple[str, ...] = ()
    shard: Shard | None = None
    elsewhere: int | None = None
    named: tuple[str, ...] = ()

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
        """One fingerprint a finding, in the order of `findings`."""
        return self.named or tuple(fingerprints(self.findings))

    def narrowed(self, is_kept: Callable[[Finding], bool]) -> Report:
        """The report with some of its findings, each with the fingerprint that it has among all of them; the
        others are only counted.
        """
        kept = [place for place, finding in enumerate(self.findings) if is_kept(finding)]
        findings = tuple(self.findings[place] for place in kept)
        named = tuple(self.fingerprints[place] for place in kept)
        return replace(self, findings=findings, named=named, elsewhere=len(self.findings) - len(kept))

    def shown_fix(self, finding: Finding) -> Fix | None:
        """The finding's fix, or None where its text would repeat a secret that was found in the same file."""
        if finding.fix is None or not finding.fix.tells(self._secrets_in(finding.region.path)):
            return finding.fix
        return None

    def _secrets_in(self, path: str) -> frozenset[str]:
        if path not in self._secret_findings:
            return frozenset()
        return self.secrets.get(path, frozenset())

    @cached_property
    def _secret_findings(self) -> frozenset[str]:
        return frozenset(finding.region.path for finding in self.findings if finding.secret)

    @cached_property
    def secrets(self) -> Mapping[str, frozenset[str]]:
        """The texts that must not be shown, by file."""
        from airwarden.disclosure import found_secrets

        return found_secrets(self.findings, self.sources)


def tallied(findings: Iterable[tuple[str, str, Level, str]]) -> tuple[Tally, ...]:
    """The tallies of findings, each given by its rule, its family, its level and its path; worst first."""
    groups: defaultdict[tuple[str, str, Level], list[str]] = defaultdict(list)
    for rule, family, level, path in findings:
        groups[rule, family, level].append(path)
    tallies = [Tally(*group, len(paths), len(set(paths))) for group, paths in groups.items()]
    return tuple(sorted(tallies, key=lambda tally: (LEVELS.index(tally.level), -tally.findings, tally.rule)))


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
