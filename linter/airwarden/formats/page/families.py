"""The families of rules as a reader knows them: what each policy is called, and what it asks for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from airwarden.findings import LEVELS, Finding, Level
from airwarden.formats.summary import counted
from airwarden.report import Report

_KNOWN = {
    "alerts": ("Failure alerts", "A DAG run that fails tells Slack."),
    "xcom": ("XCom", "No bulk data goes through XCom."),
    "secrets": ("Secrets", "No secret stands in values or DAGs."),
    "providers": ("Providers", "What is imported or configured is declared."),
    "deployment": ("Settings", "What is written in the settings is what Airflow reads."),
    "hygiene": ("Hygiene", "What airwarden could not judge, or was told in vain."),
}

Counts: TypeAlias = Mapping[Level, int]


def families(report: Report) -> list[str]:
    """The families that ran or have findings, the four policies first."""
    there = {rule.family for rule in report.rules.values()} | {each.family for each in report.findings}
    return [name for name in _KNOWN if name in there] + sorted(there - _KNOWN.keys())


def title(family: str) -> str:
    """What a family is called."""
    return _KNOWN[family][0] if family in _KNOWN else family.replace("-", " ").replace("_", " ").capitalize()


def aim(family: str) -> str:
    """What the policy asks for; empty where only its own authors know."""
    return _KNOWN[family][1] if family in _KNOWN else ""


def worst(counts: Counts) -> Level | None:
    """The worst level of which there is anything."""
    return next((level for level in LEVELS if counts.get(level)), None)


def told(counts: Counts) -> str:
    """`2 errors, 1 note`."""
    return ", ".join(counted(counts[level], level) for level in LEVELS if counts.get(level))


def by_place(findings: Iterable[Finding]) -> dict[str, dict[str, Counter[Level]]]:
    """How many findings of each level a file has of each family, by path and family."""
    places: defaultdict[str, defaultdict[str, Counter[Level]]] = defaultdict(lambda: defaultdict(Counter))
    for finding in findings:
        places[finding.region.path][finding.family][finding.level] += 1
    return {path: dict(families) for path, families in places.items()}


def by_family(findings: Iterable[Finding]) -> dict[str, Counter[Level]]:
    """How many findings of each level a family has."""
    counts: defaultdict[str, Counter[Level]] = defaultdict(Counter)
    for finding in findings:
        counts[finding.family][finding.level] += 1
    return dict(counts)
