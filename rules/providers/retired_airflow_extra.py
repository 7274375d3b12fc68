"""An extra that Airflow does not have installs nothing, and pip only warns.

Airflow 3 has dropped the short names of extras: `apache-airflow[aws]`, `[gcp]`, `[kubernetes]` and others
installed a provider with Airflow 2 and install none with Airflow 3. So does an extra that is misspelt. The
build goes through, and the first DAG that imports the provider does not load.

Flagged is a requirement with an extra that no Airflow has which the dependencies leave room for, taking the
newest one where they set no upper bound. Where the version of Airflow is not known, only an extra that no
Airflow ever had is flagged.

Ask for the extra under its present name, or for the provider itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache

from airwarden.dependencies.build_files import is_compiled
from airwarden.dependencies.declarations import Declaration
from airwarden.dependencies.effective import Dependencies, version_of
from airwarden.dependencies.specifiers import allows_series
from airwarden.distributions.extras import knows_extra, successor_of_extra
from airwarden.distributions.releases import releases
from airwarden.findings import Edit, Finding, Fix, Region
from airwarden.repo import Repo
from airwarden.rule import Rule
from airwarden.source import Source

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="ask for the provider itself",
    see="https://airflow.apache.org/docs/apache-airflow/stable/extra-packages-ref.html",
    applies_to="Airflow 3",
    profile="recommended",
)

EVERY = tuple((2, minor) for minor in range(12)) + tuple((3, minor) for minor in range(13))
"""The versions of Airflow that have or had extras."""


@rule.dependencies
def check(dependencies: Dependencies, repo: Repo) -> Iterator[Finding]:
    """Flags each extra of Airflow that no allowed version has."""
    for listed in dependencies.lists:
        for declared in listed.declarations:
            if declared.name != "apache-airflow" or declared.region.path != listed.path:
                continue
            airflows = _airflows_of(declared, dependencies)
            for extra in sorted(declared.extras):
                if airflows and not any(knows_extra(extra, one) for one in airflows):
                    yield _finding(declared, extra, max(airflows), repo)


def _airflows_of(declared: Declaration, dependencies: Dependencies) -> Collection[tuple[int, int]]:
    """The versions of Airflow that a declaration gives: all that ever were where nothing tells, and none
    where it asks for one that nobody knows.
    """
    if not declared.versions:
        return dependencies.built_airflows if dependencies.airflows else EVERY
    fine = [each for each in EVERY if allows_series(declared.versions, f"{each[0]}.{each[1]}")]
    newest = [each for each in fine if each in _released()][-1:] or fine[-1:]
    return [each for each in fine if each in dependencies.versions] or newest


@cache
def _released() -> frozenset[tuple[int, int]]:
    return frozenset(version_of(each.version) for each in releases("apache-airflow"))


def _finding(declared: Declaration, extra: str, airflow: tuple[int, int], repo: Repo) -> Finding:
    ever = any(knows_extra(extra, one) for one in EVERY)
    now = successor_of_extra(extra)
    new = now if now and knows_extra(now, airflow) else None
    fate = f"is none of Airflow {airflow[0]}.{airflow[1]}'s" if ever else "was never one of Airflow's"
    return rule.finding(
        declared.region,
        f"the extra {extra} {fate}: it installs nothing",
        fix=_renamed(repo.source(declared.region.path), declared.region, extra, new) if new else None,
        remedy=f"ask for apache-airflow[{new}]" if new else None,
        subject=extra,
    )


def _renamed(source: Source, region: Region, old: str, new: str) -> Fix | None:
    """Puts the present name in the place of the old one, where that stands once in the requirement."""
    if is_compiled(source):
        return None
    start = source.offset(region.line, region.column)
    end = source.offset(region.end_line, region.end_column)
    name = "[-_.]".join(map(re.escape, old.split("-")))
    pattern = re.compile(rf"(?<=[\[,\s]){name}(?=[\],\s])", re.IGNORECASE)
    found = list(pattern.finditer(source.text, start, end))
    if len(found) != 1:
        return None
    return Fix(f"ask for the extra {new}", (Edit(source.region(*found[0].span()), new),), safe=True)
