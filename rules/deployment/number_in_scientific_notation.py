"""Helm writes a large number in scientific notation, which Airflow may not take for a number.

Helm reads every number of a values file as a float, and the charts of Airflow print the options of
airflow.cfg with `toString`: an integer of a million or more comes out as `1.048576e+06`. Airflow before 3.2
refuses that where it wants an integer. Airflow 3.2 and later read it in most places, but not where an option
is a time span, and an option that is a text, an account number say, is wrong on every version.

Flagged are integers without quotes below `config` of the official chart and `airflow.config` of the
community chart. It is an error for an option that is an integer where Airflow is known to be older than 3.2,
and for a time span. Not flagged are options that Airflow reads as floats. Helm refuses a number as the value
of a variable in `env`, so that is none of ours.

Quote the number:

    config:
      common.io:
        xcom_objectstorage_threshold: "1048576"
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airwarden.credentials.names import names_a_secret
from airwarden.credentials.sensitive import env_name, setting_of
from airwarden.deployment.option_types import type_of
from airwarden.findings import Edit, Finding, Fix, Level
from airwarden.patterns import regex
from airwarden.repo import Repo
from airwarden.rule import Rule
from airwarden.values import Entry, ValuesFile
from airwarden.yaml_tree import Scalar

rule = Rule(
    __name__,
    help=__doc__,
    level="warning",
    remedy="quote the number",
    see="https://github.com/apache/airflow/issues/60924",
    profile="recommended",
)

SMALLEST = 1_000_000
"""From here on Go prints a float with an exponent."""

TOLERANT = (3, 2)
"""The Airflow that first takes `1.048576e+06` for an integer."""

TOLERANT_RELEASES = tuple(f"3.{minor}.{patch}" for minor in range(2, 13) for patch in range(13))
TIME_SPANS = {"AIRFLOW__CORE__DEFAULT_TASK_EXECUTION_TIMEOUT"}
"""Time spans: every Airflow reads them with `int` alone."""

NUMBER = regex(
    r"[-+]?(?:0x(?P<hex>[0-9a-f_]+)|0b(?P<binary>[01_]+)|0(?P<octal>[0-7_]+)|(?P<decimal>[1-9][0-9_]*))",
    re.IGNORECASE,
)
LONGEST = 200
"""How many digits an integer may have; Helm makes none of so many, and a float holds few more."""

BASES = {"hex": 16, "octal": 8, "binary": 2, "decimal": 10}
VERSION = regex(r"(\d{1,4})\.(\d{1,4})")
ANCHOR = regex(r"[&*!]\S*\s+\Z")


@rule.values
def check(values: ValuesFile, repo: Repo) -> Iterator[Finding]:
    """Flags each large integer that the chart prints into an option."""
    for item in values.config_items():
        entry = values.entry(item.path)
        number = _large(entry.node) if entry is not None and isinstance(entry.node, Scalar) else None
        variable = item.env or env_name(item.section, item.key)
        if entry is None or number is None or type_of(variable) == "float":
            continue
        if type_of(variable) == "integer" and variable not in TIME_SPANS and _is_tolerant(values, repo):
            continue
        level, harm = _harm(variable, values, repo)
        name = item.env or f"[{item.section}] {item.key}"
        is_secret = setting_of(variable) is not None or names_a_secret(variable.rpartition("__")[2])
        shown = "********" if is_secret else _printed(number)
        yield rule.finding(
            entry.region,
            f"Helm writes {name} = {shown} into the configuration, {harm}",
            fix=None if is_secret else _quoted(values, entry, number),
            level=level,
            subject=entry.dotted,
            secret=is_secret,
        )


def _harm(variable: str, values: ValuesFile, repo: Repo) -> tuple[Level, str]:
    """How bad it is, and what Airflow makes of the number."""
    if variable in TIME_SPANS:
        return "error", "which Airflow refuses as a time span"
    if type_of(variable) is None:
        return "warning", "which Airflow reads as it stands"
    if _is_before_tolerance(values, repo):
        return "error", "which Airflow before 3.2 refuses as an integer"
    return "warning", "which only Airflow 3.2 and later take for an integer"


def _large(node: Scalar) -> int | None:
    """The integer that Helm reads here, where it is large enough; None for all else."""
    found = NUMBER.fullmatch(node.text) if node.kind == "number" else None
    digits = found[found.lastgroup].replace("_", "") if found and found.lastgroup else ""
    if not found or not found.lastgroup or not 0 < len(digits) <= LONGEST:
        return None
    number = int(digits, BASES[found.lastgroup]) * (-1 if node.text.startswith("-") else 1)
    return number if abs(number) >= SMALLEST else None


def _printed(number: int) -> str:
    """A number as Go prints it: as few digits as tell the float from all others."""
    forms = (f"{float(number):.{places}e}" for places in range(17))
    return next(form for form in forms if float(form) == float(number))


def _version(values: ValuesFile) -> tuple[int, int] | None:
    """The Airflow that the values name."""
    entry = values.at("airflowVersion")
    said = VERSION.match(entry.text) if entry is not None and entry.text else None
    return (int(said[1]), int(said[2])) if said else None


def _is_before_tolerance(values: ValuesFile, repo: Repo) -> bool:
    version, dependencies = _version(values), repo.dependencies
    if version or dependencies.versions:
        return (version or max(dependencies.versions)) < TOLERANT
    return dependencies.oldest_airflow is not None and not dependencies.airflow_allows(TOLERANT_RELEASES)


def _is_tolerant(values: ValuesFile, repo: Repo) -> bool:
    """Whether each Airflow that may run here is known to take such integers."""
    version, versions = _version(values), repo.dependencies.versions
    return bool(version or versions) and (version or min(versions)) >= TOLERANT


def _quoted(values: ValuesFile, entry: Entry, number: int) -> Fix | None:
    """The number in quotes, unless it is used elsewhere too, where it may have to be a number."""
    start = values.source.offset(entry.region.line, entry.region.column)
    if ANCHOR.search(values.source.text, max(start - 200, 0), start) or _is_shared(values, entry):
        return None
    return Fix("Quote the number", (Edit(entry.region, f'"{number}"'),), safe=True)


def _is_shared(values: ValuesFile, entry: Entry) -> bool:
    return sum(each.node is entry.node for each in values.entries()) > 1
