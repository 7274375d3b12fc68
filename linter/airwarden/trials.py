"""Trials: a rule over its fixtures. The lines marked `# expect: rule-id` must be flagged, and no others.

A fixture is a file, or a folder that stands for a repository. Its name says what it is: `flagged`, or
`accepted`, with anything behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeAlias

from airwarden.baseline import baseline_of
from airwarden.config import ALWAYS, Config
from airwarden.engine import check
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.repo import Repo

if TYPE_CHECKING:
    from airwarden.registry import Registry
    from airwarden.report import Report

Line: TypeAlias = tuple[str, int]
"""A file of a fixture, and the number of a line."""

KINDS = ("accepted", "flagged")

TODAY = date(2026, 1, 1)
"""The day of every trial, for what is silenced until some day."""

_MARKER = regex(r"(?<![ \t])[ \t]*# expect: ([a-z0-9-]+)")
PLACES = {".py": "dags/{}.py", ".yaml": "values.yaml", ".toml": "pyproject.toml", ".cfg": "airflow.cfg"}
"""Where a fixture that is a single file stands in its repository, by how it ends."""

_IGNORED = frozenset({"__pycache__", ".DS_Store"})


@dataclass(frozen=True)
class Trial:
    """What came of one fixture of a rule: `missing` are the marked lines that were not flagged, `unexpected`
    the flagged ones that were not marked, and `faults` what else is not in order.
    """

    rule: str
    fixture: Path
    missing: tuple[Line, ...] = ()
    unexpected: tuple[Line, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def is_passed(self) -> bool:
        """Whether everything is as it should be."""
        return not (self.missing or self.unexpected or self.faults)

    def problems(self) -> Iterator[str]:
        """What is not as it should be, a sentence each."""
        for said, lines in (("is not flagged", self.missing), ("is flagged and not marked", self.unexpected)):
            yield from (f"{path}:{line} {said}" for path, line in lines)
        yield from self.faults


def fixtures_of(home: Path) -> list[Path]:
    """The fixtures of all rules in a folder that has a folder for each, in order."""
    return sorted(path for path in home.glob("*/*") if path.name not in _IGNORED)


def tried(fixture: Path, registry: Registry) -> Trial:
    """Runs the rule that a fixture's folder names over the fixture."""
    rule = fixture.parent.name
    if rule not in registry.files:
        return Trial(rule, fixture, faults=(f"there is no rule {rule!r}",))
    if fixture.is_file() and fixture.suffix not in PLACES:
        kinds = ", ".join(sorted(PLACES))
        return Trial(rule, fixture, faults=(f"a fixture is a folder or a file that ends in one of {kinds}",))
    with TemporaryDirectory(prefix="airwarden-") as name:
        root = Path(name).resolve()
        marked = settle(fixture, root)
        report = judge(rule, root, registry)
    told = [each for each in report.findings if each.rule in (rule, *ALWAYS)]
    found = {(each.region.path, each.region.line, each.rule) for each in told}
    return Trial(
        rule,
        fixture,
        missing=_lines(marked - found),
        unexpected=_lines(found - marked),
        faults=tuple(_faults(fixture, {name for *_, name in marked}, report)),
    )


def _lines(places: set[tuple[str, int, str]]) -> tuple[Line, ...]:
    return tuple((path, line) for path, line, _ in sorted(places))


def _faults(fixture: Path, marked: set[str], report: Report) -> Iterator[str]:
    rule = fixture.parent.name
    yield from (str(crash) for crash in report.crashes)
    yield from (f"a marker names {other!r}, another rule" for other in sorted(marked - {rule}))
    if not report.checked and fixture.suffix != ".toml":
        yield "nothing of it was recognised as a DAG file, as values or as anything else to be checked"
    if not fixture.name.startswith(KINDS):
        yield f"its name begins with neither {' nor '.join(map(repr, KINDS))}"
    elif bool(marked) != fixture.name.startswith("flagged"):
        yield "it marks no line" if not marked else "it marks a line, though it is called accepted"


def settle(fixture: Path, root: Path) -> set[tuple[str, int, str]]:
    """Copies a fixture without its markers, and returns them: path, line and rule."""
    single = fixture.is_file()
    files = [fixture] if single else [path for path in sorted(fixture.rglob("*")) if path.is_file()]
    marked = set()
    for file in files:
        name = PLACES[file.suffix].format(file.stem) if single else file.relative_to(fixture).as_posix()
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        text = file.read_bytes().decode("utf-8", "surrogateescape")
        lines = text.split("\n")
        marked |= {(name, n, rule) for n, line in enumerate(lines, 1) for rule in _MARKER.findall(line)}
        target.write_bytes(_MARKER.sub("", text).encode("utf-8", "surrogateescape"))
    return marked


def judge(rule_id: str, root: Path, registry: Registry) -> Report:
    """Runs one rule over a repository, beside those that tell of files which nobody could read; a rule that
    judges suppressions needs all the others.
    """
    rules, crashes = registry.load([rule_id])
    one = rules.get(rule_id)
    if one and (one.unused_checks or one.expired_checks or one.unmatched_checks):
        rules, crashes = registry.load()
    beside = [name for name in sorted(ALWAYS) if name in registry.files]
    rules |= registry.load(beside)[0]
    config = Config.read(root)
    baseline, families = baseline_of(root, config), registry.families
    repo = Repo(root, config)
    report = check(repo, None, config, rules, families=families, baseline=baseline, today=TODAY)
    return replace(report, crashes=(*crashes, *report.crashes))


def lacking(rules: Iterable[str], home: Path) -> Iterator[tuple[str, str]]:
    """The rules that have no fixture of a kind, each with that kind."""
    fixtures = fixtures_of(home)
    for rule in rules:
        names = [path.name for path in fixtures if path.parent.name == rule]
        for kind in KINDS:
            if not any(name.startswith(kind) for name in names):
                yield rule, kind
