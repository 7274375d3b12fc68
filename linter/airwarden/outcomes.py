"""What came of one file before any policy is applied: what all rules found, and its suppressions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any, TypeAlias

from airwarden.findings import Edit, Finding, Fix, Region, Related
from airwarden.justification import Justification
from airwarden.records import dataclass
from airwarden.report import Crash
from airwarden.rule import Kind
from airwarden.suppressions import Suppression

Json: TypeAlias = Any

READING = "(reading)"
"""Stands in the place of a rule in the crash of a model."""


@dataclass
class Outcome:
    """What came of one file. `unread` where it can't be read as what it is; `ran` names the rules that it was
    put to. It counts as `checked` for whatever rules, or for rules that have checks of one of `kinds`.
    `unknown_dags` are those of its DAGs of which it can't be known whom their failure tells.
    """

    path: str
    ran: frozenset[str] = frozenset()
    findings: list[Finding] = field(default_factory=list)
    crashes: list[Crash] = field(default_factory=list)
    suppressions: tuple[Suppression, ...] = ()
    unknown_dags: tuple[str, ...] = ()
    checked: bool = False
    kinds: tuple[Kind, ...] = ()
    unread: bool = False


def packed(outcome: Outcome) -> Json:
    """An outcome without crashes as a value of JSON, `ran` left out; None for one with nothing to say."""
    if not (
        outcome.findings or outcome.suppressions or outcome.unknown_dags or outcome.kinds or outcome.unread
    ):
        return int(outcome.checked)
    return [
        outcome.checked,
        outcome.kinds,
        outcome.unread,
        [_finding(each) for each in outcome.findings],
        [_suppression(each) for each in outcome.suppressions],
        outcome.unknown_dags,
    ]


def unpacked(path: str, value: Json, ran: frozenset[str], families: Mapping[str, str]) -> Outcome:
    """The outcome of which `value` was made."""
    if not isinstance(value, list):
        return Outcome(path, ran, checked=bool(value))
    checked, kinds, unread, findings, suppressions, unknown_dags = value
    return Outcome(
        path,
        ran,
        [_made_finding(path, each, families) for each in findings],
        [],
        tuple(_made_suppression(path, each) for each in suppressions),
        tuple(unknown_dags),
        checked,
        tuple(kinds),
        unread,
    )


def _finding(finding: Finding) -> Json:
    return [
        finding.rule,
        finding.level,
        _region(finding.region),
        finding.message,
        finding.remedy,
        [_related(each) for each in finding.related],
        [_related(each) for each in finding.steps],
        None if finding.fix is None else _fix(finding.fix),
        finding.subject,
        finding.secret,
    ]


def _made_finding(path: str, value: Sequence[Json], families: Mapping[str, str]) -> Finding:
    rule, level, region, message, remedy, related, steps, fix, subject, secret = value
    return Finding(
        rule,
        families[rule],
        level,
        Region(path, *region),
        message,
        remedy,
        _made_related(related),
        _made_related(steps),
        None if fix is None else _made_fix(fix),
        subject,
        secret,
    )


def _region(region: Region) -> list[int]:
    return [region.line, region.column, region.end_line, region.end_column]


def _related(related: Related) -> Json:
    return [related.region.path, *_region(related.region), related.note]


def _made_related(values: Iterable[Sequence[Json]]) -> tuple[Related, ...]:
    return tuple(Related(Region(*value[:5]), value[5]) for value in values)


def _fix(fix: Fix) -> Json:
    edits = [[each.region.path, *_region(each.region), each.text] for each in fix.edits]
    return [fix.title, edits, fix.safe]


def _made_fix(value: Sequence[Json]) -> Fix:
    title, edits, safe = value
    return Fix(title, tuple(Edit(Region(*each[:5]), each[5]) for each in edits), safe)


def _suppression(suppression: Suppression) -> Json:
    return [
        suppression.name,
        suppression.line,
        [suppression.why.reason, suppression.why.owner, suppression.why.ticket, suppression.why.until],
        _region(suppression.region),
        suppression.is_known,
        suppression.nearest,
        None if suppression.cut is None else [suppression.cut.path, *_region(suppression.cut)],
    ]


def _made_suppression(path: str, value: Sequence[Json]) -> Suppression:
    name, line, why, region, is_known, nearest, cut = value
    place = None if cut is None else Region(*cut)
    return Suppression(name, line, Justification(*why), Region(path, *region), is_known, nearest, place)
