#!/usr/bin/env python3
"""Remakes the tables of providers.

usage: python -m scripts.write_provider_tables --names LIST --airflow-versions FILE --wheels FOLDER
         [--history CLONE]... [--lifetimes]

LIST is the package index's public list of names: a line a distribution, with its newest version and the month
of that, tab-separated. FILE is what `pip index versions apache-airflow` says. FOLDER has wheels, as `pip
download --no-deps` brings them: the last patch release of each minor version of apache-airflow and
apache-airflow-core, and of providers the newest and those made from a branch. A CLONE is a git clone of
Airflow's sources, which tells of the older releases; the first that knows a release counts. Nothing is
installed, imported or asked of the network.
"""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from scripts.provider_tables import airflow, minors
from scripts.provider_tables import providers as made
from scripts.provider_tables.history import Origin, Reader, git, origins, python_of
from scripts.provider_tables.lifetimes import Shelf, lifetime_rows, wheel_edition
from scripts.provider_tables.listed import Listed, is_given_up, listed
from scripts.provider_tables.metadata import PROVIDER, Wheel, newest, wheels
from scripts.provider_tables.providers import Provider, Release
from scripts.provider_tables.shims import shims
from scripts.provider_tables.signatures import argument_rows, base_arguments
from scripts.provider_tables.written import TABLES, read, write

SUCCESSORS = {
    f"{PROVIDER}jira": f"{PROVIDER}atlassian-jira",
    f"{PROVIDER}tabular": f"{PROVIDER}apache-iceberg",
}
"""The providers that took over from others, of which no metadata tells."""


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--names", type=Path, required=True)
    parser.add_argument("--airflow-versions", type=Path, required=True)
    parser.add_argument("--wheels", type=Path, required=True)
    parser.add_argument("--history", type=Path, action="append", default=[])
    parser.add_argument("--tables", type=Path, default=TABLES)
    parser.add_argument("--date", default=datetime.datetime.now(tz=datetime.timezone.utc).date().isoformat())
    parser.add_argument("--lifetimes", action="store_true", help="the lifetimes too: takes minutes")
    return parser.parse_args()


def write_airflow(folder: Path, found: Iterable[Wheel], packages: dict[str, str]) -> set[str]:
    """The tables of Airflow itself. Returns the providers that the extras of the newest one name."""
    cores = airflow.by_minor(found)
    extras = {minor: airflow.extras(made_of) for minor, made_of in cores.items()}
    always = {minor: airflow.preinstalled(made_of) for minor, made_of in cores.items()}
    behind = {minor: shims(made_of, packages) for minor, made_of in cores.items()}
    write(folder, "provider_extras", "extra requirement since until", minors.ranges(extras))
    write(folder, "preinstalled_providers", "distribution since until", minors.ranges(always))
    write(folder, "core_shims", "name distribution since until", minors.ranges(behind))
    write(folder, "extra_successors", "extra successor", airflow.successors(extras))
    return {name.partition("[")[0] for _, name in extras[max(extras)]} | {
        each for (each,) in always[max(always)]
    }


def write_providers(folder: Path, found: Mapping[str, Provider]) -> None:
    """The tables of what providers need and bring."""
    all_of = found.values()
    for table, columns, rows in (
        ("provider_dependencies", "distribution brings", made.dependency_rows),
        ("provider_own_extras", "distribution extra brings", made.own_extra_rows),
        ("connection_types", "conn_type distribution", made.connection_type_rows),
        ("task_decorators", "variant distribution", made.task_decorator_rows),
    ):
        write(folder, table, columns, [row for each in all_of for row in rows(each)])


def airflow_releases(text: str, have: Iterable[Wheel], history: Iterable[Path]) -> list[Release]:
    """Those of Airflow, of what pip says, with their Python where a wheel or a tag tells."""
    versions = text.partition("Available versions:")[2].splitlines()[0].replace(",", " ").split()
    pythons = {each.version: each.python for each in have if each.distribution == "apache-airflow"}
    for clone in history:
        reader = Reader(clone)
        pythons |= {each: python_of(reader, each) for each in versions if each not in pythons}
        reader.close()
    return [Release(each, "", pythons.get(each, "")) for each in versions]


def write_removed(
    asked: argparse.Namespace, names: Mapping[str, Listed], current: set[str], known: Iterable[str]
) -> None:
    """The table of the providers that were given up: old, and in no extra of the newest Airflow."""
    gone = [each for each in known if each not in current and is_given_up(names[each], asked.date)]
    rows = [(each, names[each].version, SUCCESSORS.get(each, "")) for each in gone]
    write(asked.tables, "removed_providers", "distribution last successor", rows)


def write_dates(asked: argparse.Namespace) -> None:
    """The table of when the tables were made, and until when the history goes."""
    ends = [git(each, "log", "-1", "--format=%cs", "HEAD").strip() for each in asked.history]
    rows = [("tables", asked.date), *(("history", end) for end in [max(ends, default="")] if end)]
    write(asked.tables, "table_dates", "source date", rows)


def write_lifetimes(folder: Path, known: Sequence[Origin], have: Sequence[Wheel]) -> None:
    """The tables of what came and went in the providers' releases."""
    shelf, last = Shelf(), newest(have)
    bases = base_arguments(each for each in have if not each.distribution.startswith(PROVIDER))
    lives, given = list[tuple[str, str, str]](), list[tuple[str, str, str]]()
    for name in sorted({each.distribution for each in known}):
        editions = [shelf.edition(each) for each in known if each.distribution == name]
        if name in last and last[name].version not in {each.version for each in editions}:
            editions.append(wheel_edition(last[name]))
        lives += lifetime_rows(editions)
        given += argument_rows(editions, bases)
    write(folder, "lifetimes", "name since until", lives)
    write(folder, "argument_lifetimes", "class since arguments", given)


def main() -> None:
    """Remakes them all."""
    asked = arguments()
    names, have = listed(asked.names), wheels(asked.wheels)
    known = [each for each in origins(asked.history) if each.distribution in names]
    found = made.providers(known, have, names)
    packages = {
        row["module"]: row["distribution"] for row in read("providers") if row["distribution"] in names
    }
    packages |= {each.module: each.distribution for each in found.values()}
    found |= made.listed_only(packages.values(), found, names)
    write(asked.tables, "providers", "module distribution", packages.items())
    current = write_airflow(asked.tables, have, packages)
    write_providers(asked.tables, found)
    write_removed(asked, names, current, packages.values())
    rows = [
        row for each in found.values() for row in made.release_rows(each.distribution, each.releases.values())
    ]
    own = airflow_releases(asked.airflow_versions.read_text("utf-8"), have, asked.history)
    rows += made.release_rows("apache-airflow", own)
    write(asked.tables, "provider_releases", "distribution airflow python versions", rows)
    if asked.lifetimes:
        known = [each for each in known if each.version in found[each.distribution].releases]
        write_lifetimes(asked.tables, known, have)
    write_dates(asked)


if __name__ == "__main__":
    main()
